"""Other programs read and write here: /api/v1/, with the same scopes, actions and refusals."""
