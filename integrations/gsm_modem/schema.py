"""The keys of `integrations.gsm_modem` (docs/gsm_modem.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from irzhub.api import Choice, Duration, Items, Number, OrNull, Parsed, SetupFailed, Text, key, section

from .numbers import NumberPolicy
from .port import check_port
from .ussd import check_code

_PORT: Final = Parsed(
    "a path such as /dev/serial/by-id/..., socket://host:port or rfc2217://host:port", check_port, longest=260
)
_PIN: Final = Text("a PIN of 4 to 8 digits", r"[0-9]{4,8}")
_NAME: Final = Text("a name of letters, digits, - and _", r"[0-9A-Za-z_-]{1,40}")

MODEM: Final = {
    key("name", "second", "name of the modem", "имя модема"): _NAME,
    key("port", None, "where it is", "где он"): OrNull(_PORT),
    key("baud", 115200, "speed of its port", "скорость порта"): Number(300, 4_000_000),
    key("pin", None, "PIN of its SIM card", "PIN-код SIM-карты", is_secret=True): OrNull(_PIN),
}

BALANCE: Final = {
    key(
        "code",
        None,
        "request that the operator answers with the balance, such as *100#; null: none",
        "запрос баланса, например *100#; null: не спрашивать",
    ): OrNull(Parsed("a code such as *100#", check_code)),
    key("every", "24h", "how often it is asked", "как часто спрашивать"): Duration(60, 30 * 86400),
    key("warn_below", 100, "a balance below it is a warning", "предупреждать, когда баланс меньше"): Number(
        -100000, 1000000
    ),
}

SCHEMA: Final = {
    key(
        "port",
        None,
        "where the modem is: /dev/serial/by-id/..., socket://host:port or rfc2217://host:port",
        "где модем: /dev/serial/by-id/..., socket://host:port или rfc2217://host:port",
    ): OrNull(_PORT),
    key("baud", 115200, "speed of its port", "скорость порта"): Number(300, 4_000_000),
    key(
        "pin",
        None,
        "PIN of its SIM card, tried once only; null: the SIM card wants none",
        "PIN-код SIM-карты, вводится только один раз; null: не нужен",
        is_secret=True,
    ): OrNull(_PIN),
    key("name", "main", "name of the modem", "имя модема"): _NAME,
    key("modems", [], "further modems that work on the same queue", "ещё модемы с той же очередью"): Items(
        MODEM, noun="modems"
    ),
    key(
        "allow",
        [],
        "beginnings of the numbers that may be reached, such as +7; empty: all but service and short numbers",
        "начала номеров, на которые можно звонить и писать, например +7; пусто: на все, кроме служебных и коротких",
    ): Items(Text("a beginning of a number such as +7", r"\+?[0-9]{1,15}"), noun="beginnings"),
    key(
        "short_codes",
        [],
        "short numbers that may get SMS; emergency services never do",
        "короткие номера, на которые можно слать SMS; на номера экстренных служб нельзя никогда",
    ): Items(Text("a short number such as 111", r"[0-9]{1,6}"), noun="short numbers"),
    section("balance", "balance of the SIM cards", "баланс SIM-карт"): BALANCE,
    key(
        "signal_every", "60s", "how often signal and network are asked", "как часто спрашивать сигнал и сеть"
    ): Duration(1, 3600),
    key(
        "incoming_calls",
        "hang_up",
        "what becomes of a call to the modem, which is told in either case",
        "что делать с входящим звонком, о котором хаб сообщает в любом случае",
    ): Choice(("hang_up", "let_ring")),
    key(
        "sms_timeout", "60s", "how long the network may take for one SMS", "сколько сеть может принимать одно SMS"
    ): Duration(1, 300),
    key(
        "validity", "24h", "how long the network keeps trying to deliver", "сколько сеть пытается доставить SMS"
    ): Duration(300, 7 * 86400),
    key("keep_days", 400, "how long SMS and calls are kept", "сколько дней хранить SMS и звонки"): Number(1, 36500),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModemPlace:
    """One modem: where it is and what opens its SIM card."""

    name: str
    port: str
    baud: int = 115200
    pin: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GsmSettings:
    """What the operator wrote, durations in seconds."""

    modems: tuple[ModemPlace, ...]
    numbers: NumberPolicy = field(default_factory=NumberPolicy)
    balance_code: str | None = None
    balance_every_s: float = 86400.0
    balance_warn_below: float = 100.0
    signal_every_s: float = 60.0
    is_hanging_up: bool = True
    sms_timeout_s: float = 60.0
    validity_s: float = 86400.0
    keep_days: int = 400


def build_settings(config: Mapping[str, Any]) -> GsmSettings:
    """Return the settings that validated values mean.

    Raises:
        SetupFailed: no modem has a port, or two have one name.
    """
    written = [config, *config["modems"]]
    modems = tuple(
        ModemPlace(name=each["name"], port=each["port"], baud=each["baud"], pin=each["pin"])
        for each in written
        if each["port"] is not None
    )
    if not modems:
        raise SetupFailed("expected integrations.gsm_modem.port, such as /dev/serial/by-id/...")
    if len({modem.name for modem in modems}) < len(modems):
        raise SetupFailed("expected a name of its own for each modem in integrations.gsm_modem")
    balance = config["balance"]
    return GsmSettings(
        modems=modems,
        numbers=NumberPolicy(tuple(config["allow"]), tuple(config["short_codes"])),
        balance_code=balance["code"],
        balance_every_s=balance["every"],
        balance_warn_below=balance["warn_below"],
        signal_every_s=config["signal_every"],
        is_hanging_up=config["incoming_calls"] == "hang_up",
        sms_timeout_s=config["sms_timeout"],
        validity_s=config["validity"],
        keep_days=config["keep_days"],
    )
