"""Trying the channel out, in both languages."""

import pytest

from integrations.gsm_modem.checking import check_modems
from irzhub.core.services import CheckOutcome, GsmModemView

READY = GsmModemView(name="main", port="/dev/x", state="ready", operator="MTS RUS", csq=21, balance=245.5)
AWAY = GsmModemView(name="spare", port="/dev/y", state="absent", detail="/dev/y is not there: is the modem plugged in?")


@pytest.mark.parametrize(
    ("views", "language", "outcome"),
    [
        ([READY], "en", CheckOutcome(is_good=True, text="main: MTS RUS, -71 dBm, balance 245.5")),
        (
            [READY, AWAY],
            "ru",
            CheckOutcome(
                is_good=True,
                text="main: MTS RUS, -71 дБм, баланс 245.5; spare: /dev/y: порта нет, подключён ли модем?",
            ),
        ),
        ([AWAY], "en", CheckOutcome(is_good=False, text="spare: /dev/y is not there: is the modem plugged in?")),
        ([], "ru", CheckOutcome(is_good=False, text="")),
    ],
    ids=["ready", "one away", "none", "no modems"],
)
def test_what_is_said(views: list[GsmModemView], language: str, outcome: CheckOutcome) -> None:
    assert check_modems(views, language) == outcome
