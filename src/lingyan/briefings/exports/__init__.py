"""Which figures and briefings leave as a file?"""
