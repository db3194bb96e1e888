"""Every figure in the documentation comes from here, one command each: `python -m benchmarks.<name>`."""
