"""Which lists of 组织建设 leave as a file?"""
