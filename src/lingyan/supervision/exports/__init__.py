"""Which lists of 督查督办 leave as a file?"""
