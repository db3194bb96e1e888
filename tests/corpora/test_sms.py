"""Numbers, texts and PDUs of every bad kind, through the codec, the number policy and the oracles."""

import pytest

from integrations.gsm_modem.numbers import NumberPolicy, NumberRefused
from integrations.gsm_modem.pdu import BadPdu, StatusReport, build_submits, decode_incoming, join_texts
from integrations.gsm_modem.text import clean_text, split_text
from tests.corpora import Case, read_cases
from tests.integrations.gsm_modem.oracles import ORACLES

CASES = read_cases("sms")
BLIND = {
    # It takes the seven bits that are left over in the last octet for one more `@`.
    "by_smspdudecoder": {"text: 81 pairs", "text: one more than that"},
    # It takes an `@` in the last septet for such bits.
    "by_gsmmodem": {"text: eight at signs, packed"},
}
"""What an oracle is known to read wrongly; the others read it right."""


def of(kind: str) -> list[Case]:
    return [case for case in CASES if case.name.startswith(f"{kind}: ")]


def test_there_are_enough() -> None:
    assert len(CASES) >= 120
    assert len(of("number")) + len(of("text")) + len(of("incoming")) == len(CASES)


@pytest.mark.parametrize("case", of("number"), ids=str)
def test_numbers(case: Case) -> None:
    told = []
    for is_call in (False, True):
        try:
            told.append(NumberPolicy().check(case.data.decode(), is_call=is_call))
        except NumberRefused as error:
            told.append("refused")
            assert len(str(error)) < 200

    assert told == [case.expected] * 2


@pytest.mark.parametrize("case", of("text"), ids=str)
def test_texts(case: Case) -> None:
    text = clean_text(case.data.decode())
    parts = split_text(text)
    made = build_submits("+79211234567", text, 1)

    assert f"{parts.alphabet} {len(parts.texts)}" == case.expected
    assert all(each.hex.isascii() and each.hex.isalnum() for each in made)
    judges = [oracle for oracle in ORACLES if case.name not in BLIND.get(oracle.__name__, ())]
    assert len(judges) >= 2
    for oracle in judges:
        read = [oracle(each.hex) for each in made]
        assert {each.number for each in read} == {"+79211234567"}
        assert "".join(each.text for each in read).encode("utf-16-be", "surrogatepass").decode("utf-16-be") == text


@pytest.mark.parametrize("case", of("incoming"), ids=str)
def test_incoming(case: Case) -> None:
    try:
        found = decode_incoming(case.data.hex())
    except BadPdu as error:
        assert len(str(error)) < 200
        told = "refused"
    else:
        if isinstance(found, StatusReport):
            told = f"report {found.reference} {found.outcome}"
        else:
            part = f"{found.part.number}/{found.part.total}" if found.part else ""
            told = " ".join(filter(None, ("sms", found.number, part, str(len(join_texts([found.text]))))))

    assert told == case.expected
