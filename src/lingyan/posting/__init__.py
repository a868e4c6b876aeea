"""精准选派: who is posted to which village, and why?"""
