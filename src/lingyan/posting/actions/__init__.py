"""Which changes of posting data are there? One function each, split by subject."""
