"""The tables of reports by mail are part of the local schema."""

from irzhub.storage.tables_local import metadata, report_mails, report_schedules


def test_they_belong_to_the_local_schema() -> None:
    assert {report_mails.name, report_schedules.name} <= set(metadata.tables)
    assert {index.name for index in report_mails.indexes} == {"ix_report_mails_next_at", "ix_report_mails_schedule"}
