"""The commands of `irzhub`, one file each; the only place that prints."""
