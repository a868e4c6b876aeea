"""What do the records of posting answer, within the reader's scope?"""
