"""What does the workbench show of a plan: villages, people, reasons, prices, shortages?"""
