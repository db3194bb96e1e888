"""Every event gets its number, is committed to local SQLite, and only then is published (ARCHITECTURE D2)."""
