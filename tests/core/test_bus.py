"""The bus: synchronous, in order of subscription, and one bad subscriber harms nobody."""

import logging

import pytest

from irzhub.core.bus import Bus


class Base:
    """A message."""


class Special(Base):
    """A message of a kind of its own."""


def test_subscribers_hear_in_the_order_in_which_they_came() -> None:
    bus, heard = Bus(), list[str]()
    bus.subscribe(Base, lambda _: heard.append("first"))
    bus.subscribe(Base, lambda _: heard.append("second"))
    bus.publish(Base())

    assert heard == ["first", "second"]


def test_base_class_hears_what_is_derived_from_it_and_not_the_other_way_round() -> None:
    bus, heard = Bus(), list[tuple[str, object]]()
    bus.subscribe(Base, lambda message: heard.append(("base", message)))
    bus.subscribe(Special, lambda message: heard.append(("special", message)))
    special, base = Special(), Base()
    bus.publish(special)
    bus.publish(base)

    assert heard == [("special", special), ("base", special), ("base", base)]


def test_nobody_listening_is_no_error() -> None:
    Bus().publish("anything")


def test_one_that_fails_is_logged_and_the_others_hear_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    bus, heard = Bus(), list[object]()

    def fail(_: Base) -> None:
        raise ValueError("bad subscriber")

    bus.subscribe(Base, fail)
    bus.subscribe(Base, heard.append)
    with caplog.at_level(logging.ERROR):
        bus.publish(Base())

    assert len(heard) == 1
    assert "failed on Base" in caplog.text
    assert "bad subscriber" in caplog.text


def test_subscribing_returns_what_ends_it_and_twice_is_once() -> None:
    bus, heard = Bus(), list[object]()
    unsubscribe = bus.subscribe(Base, heard.append)
    unsubscribe()
    unsubscribe()
    bus.publish(Base())

    assert heard == []


def test_leaving_while_being_called_skips_nobody() -> None:
    bus, heard = Bus(), list[str]()

    def leave(_: Base) -> None:
        heard.append("leaver")
        unsubscribe()

    unsubscribe = bus.subscribe(Base, leave)
    bus.subscribe(Base, lambda _: heard.append("other"))
    bus.publish(Base())
    bus.publish(Base())

    assert heard == ["leaver", "other", "other"]


def test_one_who_comes_while_others_are_called_hears_the_next_message() -> None:
    bus, heard = Bus(), list[str]()

    def invite(_: Base) -> None:
        if len(heard) == 0:
            bus.subscribe(Base, lambda _: heard.append("guest"))
        heard.append("host")

    bus.subscribe(Base, invite)
    bus.publish(Base())
    bus.publish(Base())

    assert heard == ["host", "host", "guest"]
