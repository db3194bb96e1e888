"""The schema as SQL, as a snapshot keeps it: any change of a table shows in the diff."""

from sqlalchemy import Dialect, MetaData
from sqlalchemy.schema import CreateIndex, CreateTable


def schema_sql(metadata: MetaData, dialect: Dialect) -> str:
    statements: list[str] = []
    for table in metadata.sorted_tables:
        statements.append(str(CreateTable(table).compile(dialect=dialect)).strip())
        indexes = sorted(table.indexes, key=lambda index: str(index.name))
        statements += [str(CreateIndex(index).compile(dialect=dialect)).strip() for index in indexes]
    return ";\n\n".join(statements)
