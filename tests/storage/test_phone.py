"""SMS and calls come back as they went in; what was under way at the end of a hub is taken up with a mark."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from irzhub.storage.phone import (
    LOST,
    PhoneOrder,
    PhoneReceived,
    add_phone_received,
    count_waiting_phone_orders,
    end_living_phone_orders,
    get_phone_order,
    page_phone_orders,
    page_phone_received,
    purge_phone,
    save_phone_order,
    take_up_phone_orders,
)

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)
MODEM = "868441036775234"


def order(id_: str, status: str = "queued", **changes: Any) -> PhoneOrder:
    """An SMS of an operator."""
    values: dict[str, Any] = {
        "id": id_,
        "kind": "sms",
        "number": "+79211234567",
        "text": "дверь",
        "modem": None,
        "origin": "rest:anna",
        "priority": 1,
        "status": status,
        "created_at": NOW,
        "is_kept": True,
    }
    return PhoneOrder(**(values | changes))


def received(id_: str, **changes: Any) -> PhoneReceived:
    """An SMS that came in."""
    values: dict[str, Any] = {"id": id_, "kind": "sms", "number": "+7921", "text": "OK 17", "modem": MODEM}
    return PhoneReceived(**(values | {"by": "main", "received_at": NOW} | changes))


def statuses(connection: Connection) -> dict[str, tuple[str, bool]]:
    """How every order stands, and whether it may be a repeat."""
    rows = page_phone_orders(connection, "sms", status=None, modem=None, before=None, limit=100)
    return {row.id: (row.status, row.may_repeat) for row in rows}


def test_an_order_comes_back_as_it_went_in(local: Connection) -> None:
    first = order("01A", references=[1, 2], expires_at=NOW, ring_s=1.5, error="x" * 2000)
    save_phone_order(local, first)
    save_phone_order(local, order("01A", "sent"))

    found = get_phone_order(local, "01A")
    assert found == order("01A", "sent")
    assert get_phone_order(local, "01B") is None


def test_after_a_start_what_was_kept_goes_on_and_what_was_under_way_is_marked(local: Connection) -> None:
    rows = [order("01A"), order("01B", "sending"), order("01C", "sending", may_repeat=True), order("01D", "sent")]
    for each in [*rows, order("01E", is_kept=False), order("01F", "sending", is_kept=False)]:
        save_phone_order(local, each)

    assert [(row.id, row.may_repeat) for row in take_up_phone_orders(local, NOW)] == [("01A", False), ("01B", True)]
    assert statuses(local) == {
        "01A": ("queued", False),
        "01B": ("queued", True),
        "01C": ("unknown", True),
        "01D": ("sent", False),
        "01E": ("failed", False),
        "01F": ("failed", False),
    }
    lost = get_phone_order(local, "01E")
    assert lost is not None
    assert lost.error == LOST


def test_from_a_backup_nothing_goes_out_again(local: Connection) -> None:
    for each in [order("01A"), order("01B", "sending"), order("01C", "delivered")]:
        save_phone_order(local, each)
    end_living_phone_orders(local)

    assert [status for status, _ in statuses(local).values()] == ["delivered", "unknown", "unknown"]


def test_pages_go_from_new_to_old(local: Connection) -> None:
    for each in [order("01A"), order("01B", "sent", modem=MODEM), order("01C"), order("01D", kind="call")]:
        save_phone_order(local, each)

    def ids(**wanted: Any) -> list[str]:
        asked: dict[str, Any] = {"status": None, "modem": None, "before": None, "limit": 2} | wanted
        return [row.id for row in page_phone_orders(local, "sms", **asked)]

    assert ids() == ["01C", "01B"]
    assert ids(before="01B") == ["01A"]
    assert ids(status="queued") == ["01C", "01A"]
    assert ids(modem=MODEM) == ["01B"]


def test_what_came_in_is_read_back_and_purged(local: Connection) -> None:
    for each in [received("01A"), received("01B", modem=None), received("01C", kind="call", text="")]:
        add_phone_received(local, each)
    save_phone_order(local, order("01A"))

    assert page_phone_received(local, "sms", modem=MODEM, before=None, limit=9) == [received("01A")]
    assert [row.id for row in page_phone_received(local, "call", modem=None, before=None, limit=9)] == ["01C"]
    assert purge_phone(local, NOW, 100) == 0
    assert purge_phone(local, NOW + timedelta(days=1), 100) == 4


def test_what_waits_is_counted(local: Connection) -> None:
    assert count_waiting_phone_orders(local) == 0
    for number, status in enumerate(("queued", "sending", "sent", "failed")):
        save_phone_order(local, order(f"0{number}", status))

    assert count_waiting_phone_orders(local) == 2
