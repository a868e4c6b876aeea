"""What do people write about terms, rectification and reviews?"""
