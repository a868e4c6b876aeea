"""Django's PostgreSQL backend, which tells the database how far it may be reached."""
