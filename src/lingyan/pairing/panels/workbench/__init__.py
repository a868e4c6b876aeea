"""What does the workbench of a plan of pairings show?"""
