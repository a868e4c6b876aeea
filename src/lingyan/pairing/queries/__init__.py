"""Which records does pairing read? Scope first."""
