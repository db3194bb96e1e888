"""What becomes of an SMS by the number of its error."""

import pytest

from integrations.gsm_modem.at import Result
from integrations.gsm_modem.codes import CME, CMS, judge


@pytest.mark.parametrize(
    ("result", "fate", "told"),
    [
        (Result("ERROR"), "later", "the modem says ERROR"),
        (Result("CMS", (), 500, "500"), "later", "unknown error of the modem (+CMS ERROR: 500)"),
        (Result("CMS", (), 310, "310"), "sim", "no SIM in the modem (+CMS ERROR: 310)"),
        (Result("CMS", (), 331, "331"), "network", "no network (+CMS ERROR: 331)"),
        (Result("CMS", (), 332, "332"), "unknown", "the network did not answer in time (+CMS ERROR: 332)"),
        (Result("CMS", (), 322, "322"), "full", "the memory for SMS is full (+CMS ERROR: 322)"),
        (Result("CMS", (), 1, "1"), "refused", "the number is not assigned (+CMS ERROR: 1)"),
        (Result("CMS", (), 777, "777"), "later", "an error that is not listed (+CMS ERROR: 777)"),
        (Result("CME", (), 30, "30"), "network", "no network (+CME ERROR: 30)"),
        (Result("CME", (), None, "SIM busy"), "later", "the modem says +CME ERROR: SIM busy"),
    ],
    ids=["error", "500", "sim", "network", "time-out", "full", "number", "unlisted", "cme", "words"],
)
def test_the_fate_of_an_sms(result: Result, fate: str, told: str) -> None:
    assert judge(result) == (fate, told)


@pytest.mark.parametrize("code", [8, 10, 21, 29, 50])
def test_no_money_shows_in_many_ways(code: int) -> None:
    assert judge(Result("CMS", (), code))[0] == "credit"


def test_only_what_may_have_left_is_in_doubt() -> None:
    assert {code for code, (fate, _) in CMS.items() if fate == "unknown"} == {332}
    assert {code for code, (fate, _) in CME.items() if fate == "unknown"} == {31}
