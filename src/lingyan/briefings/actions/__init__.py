"""What changes briefings and monthly reports?"""
