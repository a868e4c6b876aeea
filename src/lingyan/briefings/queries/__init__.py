"""Which figures, briefings and monthly reports may a person see?"""
