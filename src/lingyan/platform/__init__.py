"""Accounts, audit, exchange, jobs and pages: everything that knows nothing of the county's business."""
