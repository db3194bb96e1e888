"""What the keys must be together, and what an operator should hear though it works."""

import ipaddress
from collections.abc import Iterator
from typing import Any, Final

from irzhub.config.durations import parse_duration
from irzhub.config.settings import Settings
from irzhub.config.tree import KeyPath

EPHEMERAL: Final = (32768, 60999)
"""Ports that Linux gives to outgoing connections by default; one of them may be taken when a modem needs it."""
_VENDOR_PASSWORD: Final = "5492"  # noqa: S105 - the well-known one, which is why it is warned of

Complaint = tuple[KeyPath, str]


def is_loopback(host: str) -> bool:
    """Whether only programs of this machine reach `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_together(values: dict[str, Any]) -> Iterator[Complaint]:
    """Yield what is wrong with keys that are each good; durations and the like are in their final form."""
    yield from _check_pools(values)
    lost = values["relay"]["polling"]["lost"]
    if lost is not None:
        try:
            parse_duration(lost.removeprefix("hold "))
        except ValueError:
            yield ("relay", "polling", "lost"), "expected close or hold and a duration, such as hold 30s"
    recorder = values["relay"]["modems"]["flight_recorder"]
    if recorder["per_modem"] > recorder["total"]:
        yield ("relay", "modems", "flight_recorder", "per_modem"), "expected no more than `total`"
    presence = values["relay"]["modems"]["presence"]
    if presence["mode"] == "schedule" and not presence["windows"]:
        yield ("relay", "modems", "presence", "windows"), "expected at least one window for `mode: schedule`"
    mqtt = values["mqtt"]
    if mqtt["password"] is not None and mqtt["username"] is None:
        yield ("mqtt", "password"), "expected `mqtt.username` too"
    if mqtt["broker"] == "embedded":
        yield from _check_embedded(mqtt)


def _check_pools(values: dict[str, Any]) -> Iterator[Complaint]:
    pools = values["relay"]["polling"]["pools"]
    own = {"relay.modems.port": values["relay"]["modems"]["port"], "web.port": values["web"]["port"]}
    if values["mqtt"]["broker"] == "embedded":
        own["mqtt.port"] = values["mqtt"]["port"]
    for number, pool in enumerate(pools):
        path: KeyPath = ("relay", "polling", "pools", number)
        if pool["first"] > pool["last"]:
            yield (*path, "last"), f"expected at least `first` ({pool['first']})"
        for name, port in own.items():
            if pool["first"] <= port <= pool["last"]:
                yield (*path, "first"), f"expected ports without {port}, which is `{name}`"
        for other in pools[:number]:
            shares_host = pool["host"] == other["host"] or "0.0.0.0" in (pool["host"], other["host"])
            if shares_host and pool["first"] <= other["last"] and other["first"] <= pool["last"]:
                yield path, f"expected ports that no other pool has, {other['first']}-{other['last']} has some of them"


def _check_embedded(mqtt: dict[str, Any]) -> Iterator[Complaint]:
    if not is_loopback(mqtt["host"]) and None in (mqtt["username"], mqtt["password"]):
        text = "expected 127.0.0.1, or `mqtt.username` and `mqtt.password` too: nobody else may come in unasked"
        yield ("mqtt", "host"), text
    if mqtt["tls"]:
        yield ("mqtt", "tls"), "expected false: the embedded broker speaks plain MQTT, use an external one for TLS"


def advise(settings: Settings) -> Iterator[str]:
    """Yield what works but is not safe or not wise, each with the key to look at."""
    polling, mqtt, web = settings.relay.polling, settings.mqtt, settings.web
    if not is_loopback(web.host) and web.tls is None:
        yield f"web.host: {web.host} without web.tls: passwords cross the network in clear text"
    if "any" in polling.allow:
        yield "relay.polling.allow: any: whoever reaches a polling port talks to the meter"
    if settings.relay.modems.password == _VENDOR_PASSWORD:
        yield "relay.modems.password: this is the vendor's default, known to everybody"
    for pool in polling.pools:
        if pool.last >= EPHEMERAL[0] and pool.first <= EPHEMERAL[1]:
            yield (
                f"relay.polling.pools: {pool.first}-{pool.last} meets the ports of outgoing connections "
                f"({EPHEMERAL[0]}-{EPHEMERAL[1]}); reserve them with net.ipv4.ip_local_reserved_ports"
            )
    if mqtt.broker == "external" and not is_loopback(mqtt.host):
        if mqtt.username is None:
            yield "mqtt.username: an outside broker without a user; commands from topics are off"
        if not mqtt.tls:
            yield "mqtt.tls: false: events and passwords cross the network in clear text"
