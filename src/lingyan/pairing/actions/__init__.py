"""What may be done in pairing?"""
