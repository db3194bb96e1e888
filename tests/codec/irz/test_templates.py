import pytest

from irzhub.codec.errors import LocalProtocolError
from irzhub.codec.irz.commands import TEMPLATES
from irzhub.codec.irz.templates import KNOWN, check_template


@pytest.mark.parametrize("key", KNOWN)
def test_every_known_form_is_one_that_could_be_written(key: str) -> None:
    check_template(key, KNOWN[key].text)


def test_guesses_are_off_and_the_rest_is_on() -> None:
    assert {key for key, text in TEMPLATES.items() if text is not None} == {
        "set_output",
        "ussd",
        "change_sim",
        "standby",
    }


@pytest.mark.parametrize(
    ("key", "text", "error"),
    [
        ("nonsense", "$x", "expected one of the templates"),
        ("pulse", "", "expected 1..280 printable ASCII characters"),
        ("pulse", "$gp\r", "printable ASCII"),
        ("pulse", "привет", "printable ASCII"),
        ("pulse", "x" * 281, "1..280"),
        ("pulse", "$gp{output", "expected braces in pairs"),
        ("pulse", "$gp{number}", r"expected {on}, {output} and nothing else in braces; got {number}"),
        ("pulse", "$gp{}", "got {}"),
        ("pulse", "$gp{output.__class__}", "got {output.__class__}"),
        ("pulse", "$gp{output[0]}", "nothing else in braces"),
        ("pulse", "$gp{output:9999999}", "nothing else in braces"),
        ("pulse", "$gp{output!r}", "nothing else in braces"),
        ("standby", "$wait{on}", "expected no places"),
    ],
)
def test_what_is_no_template_is_refused(key: str, text: str, error: str) -> None:
    with pytest.raises(LocalProtocolError, match=error) as caught:
        check_template(key, text)
    assert len(str(caught.value)) < 300


def test_places_may_be_left_out() -> None:
    check_template("pulse", "$gp{output}=2")
    check_template("reset_counter", "$del c")
