"""Settings, addresses, middleware and the wiring of the modules."""
