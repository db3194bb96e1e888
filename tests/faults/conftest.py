"""A database server of its own for each test that harms it."""

from tests.mariadb import mariadb_template, own_mariadb

__all__ = ["mariadb_template", "own_mariadb"]
