"""Accounts, audit, exchange, jobs, pages: all that knows nothing of the county's business."""
