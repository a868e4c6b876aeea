"""What do the pages of pairing show?"""
