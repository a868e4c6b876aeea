"""What changes terms, committees, rectification and reviews?"""
