"""What do people write about what is watched over?"""
