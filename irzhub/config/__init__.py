"""YAML, environment and command line become one typed `Settings`; one schema feeds validation and docs."""
