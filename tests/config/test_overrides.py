import pytest

from irzhub.config.overrides import OVERRIDE_KEYS, WrongOverrides, merge_overrides, read_overrides
from irzhub.config.settings import AdvertisedAddress, PortPool


def test_what_is_not_written_is_not_there() -> None:
    assert read_overrides({}) == {}
    assert read_overrides({"sharing": {"idle": "3s"}}) == {"sharing": {"idle_s": 3.0}}


def test_values_become_those_of_the_settings() -> None:
    assert read_overrides(
        {
            "open": "on_connect",
            "allow": ["private", "192.0.2.0/24"],
            "offline": "wake",
            "lost": "hold 30s",
            "keepalive_timeout": "auto",
            "clock_zone": "Asia/Omsk",
            "advertise": [{"name": "VPN", "host": "vpn.example.ru"}],
        }
    ) == {
        "open": "on_connect",
        "allow": ("private", "192.0.2.0/24"),
        "offline": "wake",
        "lost_hold_s": 30.0,
        "keepalive_timeout_s": None,
        "clock_zone": "Asia/Omsk",
        "advertise": (AdvertisedAddress(name="VPN", host="vpn.example.ru"),),
    }


@pytest.mark.parametrize(
    ("written", "path", "text"),
    [
        ({"offline": "maybe"}, "offline", "expected accept, refuse or wake"),
        ({"sharing": {"idle": 3}}, "sharing.idle", "expected a duration such as 130s"),
        ({"colour": 1}, "colour", "unknown; expected some of advertise, allow"),
        ({"pools": []}, "pools", "unknown"),
        ({"lost": "hold 5x"}, "lost", "expected"),
        ({"allow": []}, "allow", "expected a list of networks, at least 1"),
    ],
)
def test_a_refusal_names_the_key_and_what_it_takes(written: dict[str, object], path: str, text: str) -> None:
    with pytest.raises(WrongOverrides) as refusal:
        read_overrides(written)

    assert refusal.value.problems[0][0] == path
    assert text in refusal.value.problems[0][1]


def test_only_an_organisation_has_ports() -> None:
    pools = [{"host": "127.0.0.1", "first": 21000, "last": 21009}]

    assert "pools" not in OVERRIDE_KEYS
    assert read_overrides({"pools": pools}, with_pools=True) == {
        "pools": (PortPool(host="127.0.0.1", first=21000, last=21009),)
    }


def test_the_inner_word_wins_key_by_key() -> None:
    outer = {"offline": "wake", "sharing": {"idle_s": 3.0, "mode": "exclusive"}}

    assert merge_overrides(outer, {"sharing": {"idle_s": 9.0}}) == {
        "offline": "wake",
        "sharing": {"idle_s": 9.0, "mode": "exclusive"},
    }
    assert outer["sharing"] == {"idle_s": 3.0, "mode": "exclusive"}
