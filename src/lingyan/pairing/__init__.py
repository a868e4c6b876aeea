"""组织联建: which unit is paired with which village, and why?"""
