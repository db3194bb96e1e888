"""What values may be: good ones become what the hub uses, others are told what was expected."""

from typing import Any

import pytest
import voluptuous as vol

from irzhub.config import validators as v


@pytest.mark.parametrize(
    ("validator", "written", "becomes"),
    [
        (v.Text(), "x", "x"),
        (v.Number(1, 5), 5, 5),
        (v.Flag(), True, True),
        (v.Choice(("a", "b")), "b", "b"),
        (v.Duration(), "2m", 120.0),
        (v.Size(), "16KiB", 16384),
        (v.Size(), 4096, 4096),
        (v.Rate(), "60/min", (60, 60.0)),
        (v.Zone(), "Europe/Moscow", "Europe/Moscow"),
        (v.Network(), "private", "private"),
        (v.Network(), "10.0.0.0/8", "10.0.0.0/8"),
        (v.Network(), "2001:db8::/32", "2001:db8::/32"),
        (v.Network(), "10.1.2.3", "10.1.2.3/32"),
        (v.OrWord("auto", None, v.Duration()), "auto", None),
        (v.OrWord("auto", None, v.Duration()), "5s", 5.0),
        (v.OrNull(v.Text()), None, None),
        (v.Items(v.Number(1, 9)), [1, 2], (1, 2)),
        (v.Mapping(), {"a": [1]}, {"a": [1]}),
        (v.Parsed("a number", int), "12", "12"),
    ],
)
def test_good_values(validator: Any, written: Any, becomes: Any) -> None:
    assert validator(written) == becomes


@pytest.mark.parametrize(
    ("validator", "written", "said"),
    [
        (v.Text(), "", "expected a text"),
        (v.Text(), 5, "expected a text, in quotes"),
        (v.Text(longest=3), "abcd", "expected a text"),
        (v.Text("digits", r"[0-9]+"), "12\n", "expected digits"),
        (v.Text("digits", r"\d+"), "٣", "expected digits"),
        (v.Number(1, 5), 6, "expected a whole number from 1 to 5"),
        (v.Number(0, 5), True, "expected a whole number from 0 to 5"),
        (v.Number(1, 5), "3", "expected a whole number from 1 to 5"),
        (v.Number(1, 5), 3.0, "expected a whole number from 1 to 5"),
        (v.Flag(), "yes", "expected true or false (write true)"),
        (v.Flag(), "off", "expected true or false (write false)"),
        (v.Flag(), 1, "expected true or false"),
        (v.Choice(("a", "b", "c")), "d", "expected a, b or c"),
        (v.Duration(), 130, "expected a duration such as 130s, 10m, 2h or 00:02:10"),
        (v.Duration(1, 60), "2m", "expected a duration from 1s to 60s"),
        (v.Size(), -1, "expected a size such as 16KiB or 64MiB"),
        (v.Size(), "16k", "expected a size such as 16KiB or 64MiB"),
        (v.Rate(), "60", "expected a rate such as 60/min"),
        (v.Zone(), "Mars/Olympus", "expected a time zone such as Europe/Moscow"),
        (v.Zone(), "../../etc/passwd", "expected a time zone such as Europe/Moscow"),
        (v.Zone(), "", "expected a time zone such as Europe/Moscow"),
        (v.Network(), "10.0.0.1/8", "expected private, any or a network such as 10.0.0.0/8"),
        (v.Network(), 10, "expected private, any or a network such as 10.0.0.0/8"),
        (v.OrWord("auto", None, v.Number(1, 2)), "car", "expected auto or a whole number from 1 to 2"),
        (v.Items(v.Number(1, 9), 1, "numbers"), [], "expected a list of numbers, at least 1"),
        (v.Items(v.Number(1, 9)), "x", "expected a list of values"),
        (v.Mapping(), [], "expected a mapping of settings"),
        (v.Parsed("a number", int), "x", "expected a number"),
    ],
)
def test_others_are_told_what_was_expected(validator: Any, written: Any, said: str) -> None:
    with pytest.raises(vol.Invalid) as caught:
        validator(written)

    assert caught.value.error_message == said


def test_each_wrong_item_of_a_list_is_told() -> None:
    with pytest.raises(vol.MultipleInvalid) as caught:
        v.Items(v.Number(1, 9))([1, "a", 3, "b"])

    assert [error.path for error in caught.value.errors] == [[1], [3]]
