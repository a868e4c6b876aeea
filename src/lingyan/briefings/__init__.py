"""数据与简报: figures with their records, dashboards, briefings and monthly reports.

Asks indicators and owns no business rule of a neighbour.
"""
