"""Which records does 督查督办 keep?"""
