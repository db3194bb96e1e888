"""Writes events and state into the history database in batches; the hub never waits for it."""
