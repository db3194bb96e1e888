"""Answers with a balance, as operators and modems really write them."""

import pytest

from integrations.gsm_modem.gsm7 import encode_septets, pack
from integrations.gsm_modem.ussd import check_code, read_balance, read_ussd


@pytest.mark.parametrize("code", ["*100#", "*#21#", "#100#", "*111*217#"])
def test_codes(code: str) -> None:
    assert check_code(code) == code


@pytest.mark.parametrize("code", ["100", "*100", "100#", '*100#"', "*100#\r", "**", "*" + "1" * 40 + "#", "ATD112;"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="expected a code such as"):
        check_code(code)


RUSSIAN = "Баланс: 245,50 р."


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ('0,"Balance: 12.30",15', "Balance: 12.30"),
        (f'0,"{RUSSIAN.encode("utf-16-be").hex()}",72', RUSSIAN),
        (f'1,"{RUSSIAN.encode("utf-16-be").hex().upper()}",15', RUSSIAN),  # says 7-bit, is UCS-2
        (f'0,"{pack(encode_septets("Balance 12.30 RUB")).hex()}",15', "Balance 12.30 RUB"),
        ("2", ""),
        ('0,"",15', ""),
        ("", ""),
    ],
    ids=["text", "ucs2", "wrong coding", "packed", "none", "empty", "nothing"],
)
def test_texts(answer: str, text: str) -> None:
    assert read_ussd(answer) == text


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("Баланс: 245,50 р.", 245.5),
        ("Ваш баланс -12.05 руб. Пакет: 300 мин", -12.05),
        ("Balans=1 234,56r", 1234.56),
        ("Минус: −7,00 р.", -7.0),
        ("Остаток 0р. Тариф 350", 0.0),
        ("Услуга временно недоступна", None),
        ("9" * 400, None),
        ("٣٤", None),
        ("", None),
    ],
)
def test_balances(text: str, amount: float | None) -> None:
    assert read_balance(text) == amount
