"""Photos that people add to a record: what may come in, how it is kept, how it is shown."""
