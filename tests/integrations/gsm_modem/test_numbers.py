"""Who may be reached: never an emergency service, no short or costly number that was not named."""

import pytest

from integrations.gsm_modem.numbers import NumberPolicy, NumberRefused, is_same, tail_of

ANY = NumberPolicy()


@pytest.mark.parametrize(
    ("number", "dialled"),
    [
        ("+79211234567", "+79211234567"),
        ("8 (921) 123-45-67", "89211234567"),
        ("+7\u00a0921 123 45 67", "+79211234567"),
        ("+4915112345678", "+4915112345678"),
    ],
)
def test_numbers_are_dialled_without_what_people_write_between(number: str, dialled: str) -> None:
    assert ANY.check(number) == ANY.check(number, is_call=True) == dialled


@pytest.mark.parametrize(
    "number",
    [
        "101",
        "102",
        "103",
        "104",
        "+112",
        "112",
        "01",
        "02",
        "03",
        "04",
        "010",
        "020",
        "030",
        "911",
        "999",
        "000",
        "08",
        "110",
        "118",
        "119",
        "0112",
        "00112",
        "1-0-1",
        "(112)",
    ],
)
@pytest.mark.parametrize("is_call", [True, False], ids=["call", "sms"])
def test_service_numbers_are_never_reached(number: str, is_call: bool) -> None:
    everything = NumberPolicy(allow=("1", "0", "9", "+"), short_codes=(number, "101", "112", "01"))
    with pytest.raises(NumberRefused, match="is a service number, it is never dialled"):
        everything.check(number, is_call=is_call)


@pytest.mark.parametrize(
    "number",
    [
        *(
            "",
            "+",
            "abc",
            "+7921;",
            '+7921"1234567',
            "+79211234567\r",
            "+79211234567\n",
            "AT+CFUN=0",
            "*100#",
            "*31#112",
        ),
        *("+7921123456712345678901234567890123456789", "٠٧٩٢١١٢٣٤٥٦٧", "+0921123456", "p79211234567", "79211234567,1"),
    ],
)
def test_what_is_no_number_is_refused(number: str) -> None:
    with pytest.raises(NumberRefused):
        ANY.check(number)


def test_short_numbers_get_sms_when_they_are_named_and_are_never_called() -> None:
    policy = NumberPolicy(short_codes=("111", "0611"))

    assert policy.check("111") == "111"
    assert policy.check("0611") == "0611"
    with pytest.raises(NumberRefused, match="short_codes does not name it"):
        policy.check("222")
    with pytest.raises(NumberRefused, match="short number"):
        policy.check("111", is_call=True)


def test_an_allow_list_keeps_to_itself() -> None:
    policy = NumberPolicy(allow=("+7", "8"))

    assert policy.check("+79211234567") == "+79211234567"
    with pytest.raises(NumberRefused, match="allow has no beginning of it"):
        policy.check("+4915112345678")


def test_costly_numbers_are_named_one_by_one() -> None:
    with pytest.raises(NumberRefused, match="costs extra"):
        NumberPolicy(allow=("+7",)).check("+78091234567")
    with pytest.raises(NumberRefused, match="costs extra"):
        ANY.check("8-809-123-45-67")
    assert NumberPolicy(allow=("+7", "+7809123")).check("+78091234567") == "+78091234567"


def test_one_line_has_many_spellings() -> None:
    assert is_same("+79211234567", "8 921 123-45-67")
    assert is_same("9211234567", "+79211234567")
    assert not is_same("+79211234567", "+79211234568")
    assert not is_same("111", "222")
    assert not is_same("MTS", "Beeline")
    assert tail_of("+7 921 123-45-67") == "9211234567"
    assert tail_of("111") == tail_of("MTS") == ""
