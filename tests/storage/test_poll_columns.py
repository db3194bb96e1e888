"""Both databases keep the same of a day's polls."""

from irzhub.storage import tables_history, tables_local


def test_both_databases_keep_the_same() -> None:
    local = [column.name for column in tables_local.polls.columns]
    history = [column.name for column in tables_history.polls.columns]
    assert history == ["hub", *local]
    assert [column.name for column in tables_local.polls.primary_key] == ["day", "modem", "address", "program"]


def test_no_count_may_be_unknown() -> None:
    may_be_null = {column.name for column in tables_local.polls.columns if column.nullable}
    assert may_be_null == {"last_answered"}
