"""Delivery reports find their orders, and no one else's."""

from dataclasses import replace
from datetime import UTC, datetime

from integrations.gsm_modem.pdu import StatusReport
from integrations.gsm_modem.reports import ReportBook
from irzhub.storage.phone import PhoneOrder

TO = "+79211234567"
ORDER = PhoneOrder(
    id="01", kind="sms", number=TO, text="x", modem=None, origin="rest:anna", priority=1, status="sent",
    created_at=datetime(2026, 11, 21, tzinfo=UTC), references=[7],
)  # fmt: skip


def test_a_report_ends_its_order_once() -> None:
    book = ReportBook()
    book.expect("main", ORDER, 0.0)

    assert book.take("main", StatusReport(7, "89211234567", 0), 1.0) == (ORDER, "delivered")
    assert book.take("main", StatusReport(7, TO, 0), 1.0) is None


def test_all_parts_have_to_arrive() -> None:
    book = ReportBook()
    order = replace(ORDER, references=[7, 8, 9])
    book.expect("main", order, 0.0)

    assert [book.take("main", StatusReport(each, TO, 0), 1.0) for each in (8, 7)] == [None, None]
    assert book.take("main", StatusReport(9, TO, 0), 1.0) == (order, "delivered")


def test_one_part_that_fails_is_enough() -> None:
    book = ReportBook()
    order = replace(ORDER, references=[7, 8])
    book.expect("main", order, 0.0)

    assert book.take("main", StatusReport(8, TO, 0x46), 1.0) == (order, "failed")
    assert len(book) == 0


def test_reports_of_unknown_sms_change_nothing() -> None:
    book = ReportBook()
    book.expect("main", ORDER, 0.0)

    for modem, report in (
        ("second", StatusReport(7, TO, 0)),
        ("main", StatusReport(8, TO, 0)),
        ("main", StatusReport(7, "+79990000000", 0)),  # somebody else's number: an old reference, or a forger
        ("main", StatusReport(7, TO, 0x30)),  # still trying
    ):
        assert book.take(modem, report, 1.0) is None
    assert len(book) == 1


def test_a_report_may_be_quicker_than_the_modem() -> None:
    book = ReportBook()
    assert book.take("main", StatusReport(7, TO, 0), 0.0) is None
    assert book.expect("main", ORDER, 1.0) == (ORDER, "delivered")

    assert book.take("main", StatusReport(7, TO, 0), 2.0) is None
    assert book.expect("main", ORDER, 60.0) is None, "the report of an hour ago was of another SMS"


def test_references_go_round_and_the_book_stays_small() -> None:
    book = ReportBook()
    for number in range(5000):
        book.expect(f"modem {number // 256}", replace(ORDER, id=str(number), references=[number & 0xFF]), 0.0)

    assert len(book) == 2000
    book.expect("modem 19", replace(ORDER, id="new", references=[1]), 0.0)
    found = book.take("modem 19", StatusReport(1, TO, 0), 1.0)
    assert found is not None
    assert found[0].id == "new"
