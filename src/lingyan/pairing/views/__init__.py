"""Which pages does pairing have?"""
