"""How does what people type on the pages of posting become Python values?"""
