"""Who is told of what: the nearest setting wins, each value by itself."""

import pytest

from irzhub.alerts.messages import Recipient
from irzhub.automation.notification import CHANGES, DEFAULTS, KINDS, Book, Origin, Slot, default_text, read_recipients
from irzhub.automation.templates import check_template

MODEM = "868441036775234"
DUTY = [{"contact": "duty"}]
SMS = [{"channel": "sms", "address": "+79211234567"}]


def test_nobody_is_told_of_anything_until_somebody_wants_it() -> None:
    found = Book({}, {}).notification(Slot("lost"), MODEM, "Север")
    assert not found.is_enabled
    assert not found.reaches_somebody


def test_the_nearest_setting_wins_for_each_value_by_itself() -> None:
    book = Book(
        groups={
            "": {"lost": {"enabled": True, "recipients": DUTY, "delay_s": 600.0}},
            "Север": {"lost": {"recipients": SMS}},
            "Север/Котельные": {"lost": {"delay_s": 60.0}},
        },
        modems={MODEM: {"lost": {"text": "тихо"}}},
    )

    origins = book.origins(Slot("lost"), MODEM, "Север/Котельные")

    assert origins == {
        "enabled": (True, Origin("hub")),
        "delay_s": (60.0, Origin("group", "Север/Котельные")),
        "recipients": (SMS, Origin("group", "Север")),
        "channels": ([], Origin("default")),
        "text": ("тихо", Origin("modem", MODEM)),
    }
    found = book.notification(Slot("lost"), MODEM, "Север/Котельные")
    assert (found.recipients, found.contacts) == ((Recipient("sms", "+79211234567"),), ())
    assert book.notification(Slot("lost"), MODEM, "Юг").contacts == ("duty",)


def test_of_an_input_its_own_pin_goes_before_all_inputs_of_the_same_owner_and_both_before_a_group() -> None:
    book = Book(
        groups={
            "Север": {"input": {"enabled": True, "delay_s": 9.0}, "inputs": {"2": {"delay_s": 8.0, "change": "any"}}}
        },
        modems={MODEM: {"input": {"delay_s": 7.0}, "inputs": {"1": {"enabled": False}}}},
    )
    first = book.notification(Slot("input", 1), MODEM, "Север")
    second = book.notification(Slot("input", 2), MODEM, "Север")

    assert (first.is_enabled, first.delay_s, first.change) == (False, 7.0, "alarm")
    assert (second.is_enabled, second.delay_s, second.change) == (True, 7.0, "any")
    assert book.notification(Slot("input", 2), "other", "Север").delay_s == 8.0


def test_contacts_and_addresses_stand_in_one_list() -> None:
    assert read_recipients([*DUTY, *SMS]) == (("duty",), (Recipient("sms", "+79211234567"),))


@pytest.mark.parametrize("language", ["ru", "en"])
def test_each_notification_has_a_text_in_each_language(language: str) -> None:
    texts = {default_text(language, Slot(kind), is_alarm=alarm) for kind in KINDS for alarm in (True, False)}
    assert len(texts) == len(KINDS) + 1
    assert {check_template(text) for text in texts} == texts


def test_the_defaults_name_all_that_can_be_set() -> None:
    assert all(
        values.keys() >= {"enabled", "delay_s", "recipients", "channels", "text"} for values in DEFAULTS.values()
    )
    assert DEFAULTS["input"]["change"] in CHANGES
