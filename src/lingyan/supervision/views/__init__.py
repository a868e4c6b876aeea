"""What do the pages of 督查督办 answer?"""
