"""Which files does pairing hand out?"""
