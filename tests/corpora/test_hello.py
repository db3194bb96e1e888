"""Hellos that are none, and some that are: refused as the peer's fault, or read, alike in every cut."""

import time
from collections.abc import Sequence

import pytest

from irzhub.codec.errors import RemoteProtocolError
from irzhub.codec.irz.hello import HELLO_LIMIT, IrzHelloReader
from tests.codec.ways import byte_by_byte, said_hello, whole
from tests.corpora import Case, read_cases

CASES = read_cases("hello")


def outcome(cut: Sequence[bytes]) -> str:
    reader = IrzHelloReader()
    try:
        hello, rest = said_hello(reader, cut)
    except RemoteProtocolError:
        assert len(reader.collected) <= HELLO_LIMIT + max(map(len, cut))
        return "refused"
    if hello is None:
        return "waits"
    return f"{hello.modem} +{len(rest)}" if rest else hello.modem


@pytest.mark.parametrize("case", CASES, ids=str)
def test_whole_or_byte_by_byte(case: Case) -> None:
    began = time.thread_time()
    at_once, slowly = outcome(whole(case.data)), outcome(byte_by_byte(case.data))

    assert at_once == slowly
    assert case.expected in ("", at_once)
    assert time.thread_time() - began < 1.0


def test_there_are_many() -> None:
    assert len(CASES) >= 150
