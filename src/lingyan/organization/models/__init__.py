"""Which records does 组织建设 keep?"""
