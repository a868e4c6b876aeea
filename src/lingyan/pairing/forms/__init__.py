"""What do the pages of pairing ask?"""
