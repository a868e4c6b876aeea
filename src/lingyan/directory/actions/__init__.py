"""What may be changed in the register? Split by subject: `accounts`, and the records themselves."""
