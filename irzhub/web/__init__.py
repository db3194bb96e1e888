"""REST, health, metrics and the status page."""
