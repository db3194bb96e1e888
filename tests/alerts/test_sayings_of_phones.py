"""What the integration for GSM modems really says is known: each code of the network, each state of a card."""

import re

import pytest

from integrations.gsm_modem.at import Result
from integrations.gsm_modem.codes import CME, CMS, judge
from integrations.gsm_modem.counter import FULL
from integrations.gsm_modem.desk import CLOSED
from integrations.gsm_modem.link import NoAnswer
from integrations.gsm_modem.modem import _PIN_NOT_NOTED, _SIM_WORDS
from integrations.gsm_modem.numbers import NumberPolicy, NumberRefused
from irzhub.alerts.sayings import in_words

RESULTS = [
    *(Result("CMS", code=code, text=str(code)) for code in (*CMS, 999)),
    *(Result("CME", code=code, text=str(code)) for code in (*CME, 999)),
    Result("ERROR"),
    Result("CME", text="SIM failure"),
]


def is_russian(text: str) -> bool:
    said = in_words(text, "ru")
    return bool(re.search("[а-я]", said)) and not re.search(r"\b(?:the|is|it|to|not)\b", said)


@pytest.mark.parametrize("result", RESULTS, ids=lambda each: f"{each.word}-{each.code}")
def test_what_the_network_answers(result: Result) -> None:
    assert is_russian(f"part 1 of 2: {judge(result)[1]}")


@pytest.mark.parametrize("text", [*filter(None, _SIM_WORDS.values()), _PIN_NOT_NOTED, CLOSED, FULL])
def test_what_is_in_the_way(text: str) -> None:
    assert is_russian(f"main: {text}")


def test_no_answer() -> None:
    assert in_words(str(NoAnswer("AT+CSQ")), "ru") == "нет ответа на AT+CSQ"
    assert in_words(str(NoAnswer("AT+CMGS=20: it did not ask for the text")), "ru") == "модем не запросил текст"


@pytest.mark.parametrize(
    ("number", "policy"),
    [
        ("112", NumberPolicy()),
        ("100", NumberPolicy()),
        ("+78091234567", NumberPolicy()),
        ("+4912345678", NumberPolicy(allow=("+7",))),
        ("дом", NumberPolicy()),
    ],
)
def test_numbers_that_are_refused(number: str, policy: NumberPolicy) -> None:
    with pytest.raises(NumberRefused) as refused:
        policy.check(number)
    assert is_russian(str(refused.value))
