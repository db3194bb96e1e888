"""The table of what people keep of the dispatcher page, for the local schema."""

from sqlalchemy import Column, Integer, MetaData, String, Table


def build_page_tables(metadata: MetaData) -> Table:
    """Add the table of saved views; return it."""
    return Table(
        "saved_views",
        metadata,
        Column("user", String(100), primary_key=True),
        Column("place", Integer, primary_key=True, autoincrement=False),
        Column("page", String(32), nullable=False),
        Column("name", String(60), nullable=False),
        Column("query", String(2000), nullable=False),
    )
