"""What do the rules of supervision say?"""
