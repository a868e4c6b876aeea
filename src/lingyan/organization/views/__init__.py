"""What do the pages of 组织建设 answer?"""
