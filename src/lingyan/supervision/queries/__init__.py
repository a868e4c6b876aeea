"""Which tasks, interviews and overrides may a person see?"""
