"""Which records do briefings and monthly reports keep?"""
