"""The whole table: every saying has its code, its Russian and its places, and is known again."""

import re
from collections import Counter

import pytest

from irzhub.alerts.saying import Saying
from irzhub.alerts.sayings import SAYINGS, in_words, know
from irzhub.alerts.sayings_of_parts import OF_PARTS
from irzhub.alerts.sayings_of_phones import OF_PHONES
from irzhub.alerts.sayings_of_rules import OF_RULES
from irzhub.alerts.sayings_of_ways import OF_WAYS

ALL = (*OF_PARTS, *OF_WAYS, *OF_PHONES, *OF_RULES)
PLACE = re.compile(r"\{([a-z_]+)(?::[dw])?\}")
NAMES = frozenset(
    re.findall(
        r"\w+",
        """
        ms SMS SIM PIN PUK PDU GSM OK ERROR AT USB CMGF CMGS DNS TLS STARTTLS HTTP MQTT CONNECT UTF Telegram mosquitto
        cron if for set id off true false secret upper join docs integrations md ru outbound hosts networks plain_http
        ports https gsm_modem pin token short_codes allow tls starttls blueprints modem input keepalive client id hub
        """,
    )
)
"""What stands in Russian texts as it does in settings, rules and on devices."""


def example(saying: Saying) -> str:
    """Return a text of a saying with something in its places."""
    return re.sub(
        r"\{[a-z_]+(?::([dw]))?\}", lambda place: {"d": "17", "w": "x1"}.get(place[1] or "", "Ж 1"), saying.english
    )


@pytest.mark.parametrize("saying", ALL, ids=lambda each: each.code)
def test_each_is_known_again_and_said_in_russian(saying: Saying) -> None:
    said = know(example(saying))

    assert said is not None
    assert said.code == saying.code
    assert set(PLACE.findall(saying.russian)) <= set(PLACE.findall(saying.english))
    foreign = set(re.findall(r"[A-Za-z_]{2,}", PLACE.sub("", saying.russian))) - NAMES
    assert not {
        word for word in foreign if not re.search(rf"[`'\"/+.-]{word}|{word}[`'\"/.=:]|\d{word}", saying.russian)
    }


def test_codes_name_one_thing_each() -> None:
    twice = {code for code, times in Counter(each.code for each in ALL).items() if times > 1}

    assert all(code.startswith("mail.") for code in twice), "with and without what the server said"


def test_what_is_not_ours_stays_as_it_came() -> None:
    assert in_words("Segmentation fault", "ru") == "Segmentation fault"
    assert in_words("7.5 GB free, 8 %", "en") == "7.5 GB free, 8 %"
    assert SAYINGS.words("10.0.0.1:1883: the broker closed the connection", "ru") == (
        "10.0.0.1:1883: брокер закрыл соединение"
    )
