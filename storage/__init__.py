"""Where a society's records are kept: SQLite in one file, or PostgreSQL. Implements `bot.records.Store`."""
