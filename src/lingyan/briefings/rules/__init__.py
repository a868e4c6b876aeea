"""What do the rules of briefings and monthly reports say?"""
