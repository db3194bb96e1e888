"""Engines, tables, migrations and one repository per area: the only owner of SQLAlchemy."""
