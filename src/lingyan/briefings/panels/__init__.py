"""What waits for whom, and what do other pages show of it?"""
