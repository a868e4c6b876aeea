"""What do the rules of 组织建设 say?"""
