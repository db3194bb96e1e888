"""What many modems have alike is one object, whatever copies their messages brought."""

import msgspec
import pytest

from irzhub.relay import alike
from irzhub.relay.alike import Alike
from irzhub.relay.orders import PutModem
from irzhub.relay.settings import ModemSettings, SharingSettings
from irzhub.relay.worker_messages import decode_to_worker, encode


def arrived(modem: str, **settings: object) -> PutModem:
    """A message as a worker gets it: nothing in it is shared with another one."""
    sent = ModemSettings(
        modem=modem, imei=modem, allow=("10.0.0.0/8",), host="10.0.0.5", password="plain:p", port=20000
    )
    message = decode_to_worker(encode(PutModem(settings=msgspec.structs.replace(sent, **settings))))
    assert isinstance(message, PutModem)
    return message


def test_equal_settings_become_one_and_say_the_same() -> None:
    one, two = arrived("1", sharing=SharingSettings(idle_s=7)), arrived("2", sharing=SharingSettings(idle_s=7))
    assert one.settings.allow is not two.settings.allow
    shared = Alike()
    first, second = shared.put(one).settings, shared.put(two).settings

    assert (first, second) == (one.settings, two.settings)
    for name in ("allow", "sharing", "ask", "host", "driver", "clock_zone", "password"):
        assert getattr(first, name) is getattr(second, name), name
    assert first.imei is first.modem


def test_what_differs_stays_different() -> None:
    shared = Alike()
    first = shared.put(arrived("1", imei="868441036775234")).settings
    second = shared.put(arrived("2", sharing=SharingSettings(mode="broadcast"), password=None)).settings

    assert (first.modem, first.imei, first.sharing.mode) == ("1", "868441036775234", "arbitrated")
    assert (second.sharing.mode, second.password) == ("broadcast", None)


def test_it_keeps_no_more_than_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "_MOST", 20)
    shared = Alike()
    for number in range(500):
        message = arrived(str(number), password=f"plain:{number}")
        assert shared.put(message) == message
        assert len(shared._kept) <= 30
