"""What the outbox itself says: SMS are counted as the network counts, groups and repeats as people read them."""

import pytest

from irzhub.alerts.outbox_rows import row_of
from irzhub.alerts.outbox_texts import budget_text, budget_title, duration_text, grouped_text, repeated_text, sms_parts
from irzhub.storage.outbox import OutboxRow
from tests.alerts.outbox_rig import DUTY, DUTY_MAIL, NOW, message


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),  # two septets each
        ("€" * 81, 2),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("ж" * 134, 2),
        ("ж" * 135, 3),
        ("🙂" * 35, 1),  # two units each
        ("🙂" * 36, 2),
        ("ж" * 1600, 24),
    ],
)
def test_sms_are_counted(text: str, parts: int) -> None:
    assert sms_parts(text) == parts


@pytest.mark.parametrize(
    ("seconds", "russian", "english"),
    [
        (0.2, "1 с", "1 s"),
        (59, "59 с", "59 s"),
        (300, "5 мин", "5 min"),
        (5400, "1,5 ч", "1.5 h"),
        (86400, "1 д", "1 d"),
    ],
)
def test_durations_are_said_as_people_say_them(seconds: float, russian: str, english: str) -> None:
    assert (duration_text(seconds, "ru"), duration_text(seconds, "en")) == (russian, english)


def rows(count: int, recipient: object = DUTY) -> list[OutboxRow]:
    return [row_of(message(number), recipient, str(number), NOW, 60) for number in range(1, count + 1)]  # type: ignore[arg-type]


def test_an_sms_for_many_names_the_first_of_them() -> None:
    names = [f"Котельная {number}" for number in range(1, 7)]

    assert grouped_text(rows(6), names, "ru") == (
        "Котельная 1: нет связи\nИ ещё 5: Котельная 2, Котельная 3, Котельная 4 и др. (2)"
    )
    assert grouped_text(rows(2), names[:2], "en") == "Котельная 1: нет связи\nAnd 1 more: Котельная 2"


def test_a_mail_for_many_has_them_all() -> None:
    text = grouped_text(rows(3, DUTY_MAIL), ["a", "b", "c"], "ru")

    assert text.split("\n\n") == ["Сообщений: 3", *(f"Котельная {number}: нет связи" for number in (1, 2, 3))]
    assert "… and 50 more" in grouped_text(rows(250, DUTY_MAIL), ["a"] * 250, "en")


def test_repeats_are_counted() -> None:
    assert repeated_text("нет связи", 99, 3600, "ru") == "нет связи\nВсего повторов за 1 ч: 99"
    assert repeated_text("lost", 2, 300, "en") == "lost\n2 times in 5 min"
    assert repeated_text("lost", 1, 300, "en") == "lost"


def test_a_spent_budget_is_told_in_both_languages() -> None:
    assert budget_title("sms", "ru") == "Лимит SMS на сегодня исчерпан"
    assert budget_title("email", "ru") == "Лимит писем на сегодня исчерпан"
    assert budget_text("call", "+7921", 30, "ru").startswith("Лимит звонков для +7921 на сегодня исчерпан: 30.")
    assert "over_budget" not in budget_text("sms", "", 500, "ru"), "no word of the program"
    assert "for all recipients" in budget_text("sms", "", 500, "en")
