"""What do people write in briefings and monthly reports?"""
