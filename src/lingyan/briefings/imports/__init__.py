"""Which tables come in for monthly reports?"""
