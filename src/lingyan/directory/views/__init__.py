"""Pages of the register, split by subject."""
