"""The demo counties, built by calling the same actions as the pages."""
