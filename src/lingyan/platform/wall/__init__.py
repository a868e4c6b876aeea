"""Row-level security of PostgreSQL as a second wall behind the scope of every query.

What a query may reach is said in one place (`reach`), told to the database whenever it changes
(`postgresql.base`), and held against every row by policies (`policies`). On SQLite, and while the
setting is off, nothing here does anything.
"""
