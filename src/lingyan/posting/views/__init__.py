"""Which pages does posting show?"""
