"""Indicators: a number and the list of its records from one definition."""
