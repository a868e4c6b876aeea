"""Which records of 组织建设 may a person see?"""
