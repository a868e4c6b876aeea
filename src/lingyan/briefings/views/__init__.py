"""What do the pages of figures, briefings and monthly reports answer?"""
