"""Optional parts of the hub: each a folder that the hub's loader imports by its place."""
