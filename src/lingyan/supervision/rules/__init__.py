"""What are the rules of 督查督办?"""
