"""Simple notification settings: what each of a modem's notifications is, and from where it has each of its values.

Settings stand at the hub as a whole, at groups and at modems, each value by itself: the nearest one wins, a value
that stands nowhere is the default. Of an input, what stands at one owner for that pin goes before what stands there
for all inputs. Own settings are kept as JSON, such as
`{"lost": {"enabled": true, "delay_s": 300.0}, "input": {...}, "inputs": {"2": {...}}}`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from irzhub.alerts.messages import Recipient
from irzhub.core.groups import lineage
from irzhub.core.services import Channel

Kind: TypeAlias = Literal["lost", "restored", "input", "meter_silent"]
Own: TypeAlias = Mapping[str, Any]
"""What stands at one owner: values by kind, and under `inputs` by pin."""

KINDS: Final[tuple[Kind, ...]] = ("lost", "restored", "input", "meter_silent")
PINS: Final = range(1, 10)
CHANGES: Final = ("alarm", "normal", "any")
NOTHING: Final[Own] = {}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value stands: `name` is the group's path or the modem's id, empty for the others."""

    level: Literal["default", "hub", "group", "modem"]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One notification of a modem: its kind, and the pin of an input; `pin` None means all inputs."""

    kind: Kind
    pin: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What holds for one notification of one modem.

    Args:
        delay_s: how long the state must last before people are told.
        contacts, recipients: names of the directory, and addresses beside them.
        channels: only on these; empty: as each contact wants it.
        text: a template; empty: the default in the hub's language.
        change: of an input, whether it is told when it leaves its normal state, returns to it, or both.
    """

    is_enabled: bool = False
    delay_s: float = 0.0
    contacts: tuple[str, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    channels: tuple[Channel, ...] = ()
    text: str = ""
    change: str = "alarm"

    @property
    def reaches_somebody(self) -> bool:
        """Whether it is on and names anybody."""
        return self.is_enabled and bool(self.contacts or self.recipients)


DEFAULTS: Final[Mapping[Kind, Mapping[str, Any]]] = {
    "lost": {"enabled": False, "delay_s": 300.0, "recipients": [], "channels": [], "text": ""},
    "restored": {"enabled": False, "delay_s": 0.0, "recipients": [], "channels": [], "text": ""},
    "input": {"enabled": False, "delay_s": 0.0, "recipients": [], "channels": [], "text": "", "change": "alarm"},
    "meter_silent": {"enabled": False, "delay_s": 0.0, "recipients": [], "channels": [], "text": ""},
}
"""Nobody is told of anything until somebody wants it; a short loss of the link is not worth a message."""

TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "ru": {
        "lost": "{{ modem.name }}: нет связи с {{ trigger.ts | local }}",
        "restored": "{{ modem.name }}: связь восстановлена {{ trigger.ts | local }}"
        "{% if trigger.away %}, не было {{ trigger.away }}{% endif %}",
        "alarm": "{{ modem.name }}: {{ trigger.name or ('вход ' ~ trigger.pin) }}: авария {{ trigger.ts | local }}",
        "normal": "{{ modem.name }}: {{ trigger.name or ('вход ' ~ trigger.pin) }}: норма {{ trigger.ts | local }}",
        "meter_silent": "{{ modem.name }}: прибор учёта {{ trigger.serial or trigger.address }} не отвечает",
    },
    "en": {
        "lost": "{{ modem.name }}: link lost {{ trigger.ts | local }}",
        "restored": "{{ modem.name }}: link restored {{ trigger.ts | local }}"
        "{% if trigger.away %}, was away for {{ trigger.away }}{% endif %}",
        "alarm": "{{ modem.name }}: {{ trigger.name or ('input ' ~ trigger.pin) }}: alarm {{ trigger.ts | local }}",
        "normal": "{{ modem.name }}: {{ trigger.name or ('input ' ~ trigger.pin) }}: normal {{ trigger.ts | local }}",
        "meter_silent": "{{ modem.name }}: meter {{ trigger.serial or trigger.address }} does not answer",
    },
}
"""What is said where nobody wrote a text, by the hub's language."""


@dataclass(frozen=True, slots=True)
class Book:
    """The own settings of all: groups by path, with the hub's under the empty one, and modems by id."""

    groups: Mapping[str, Own]
    modems: Mapping[str, Own]

    def levels(self, modem: str | None, group: str) -> Iterator[tuple[Origin, Own]]:
        """Give what stands at a modem, its groups from the nearest out, and the hub; owners of nothing are left out."""
        if modem is not None and (own := self.modems.get(modem)):
            yield Origin("modem", modem), own
        for path in reversed(tuple(lineage(group))):
            if own := self.groups.get(path):
                yield Origin("group", path), own
        if own := self.groups.get(""):
            yield Origin("hub"), own

    def origins(self, slot: Slot, modem: str | None, group: str) -> dict[str, tuple[Any, Origin]]:
        """Return each value of a notification with where it stands."""
        found = {name: (value, Origin("default")) for name, value in DEFAULTS[slot.kind].items()}
        settled: set[str] = set()
        for origin, own in self.levels(modem, group):
            for values in _of_slot(own, slot):
                for name in values.keys() - settled:
                    if name in found:
                        found[name] = values[name], origin
                        settled.add(name)
        return found

    def notification(self, slot: Slot, modem: str | None, group: str) -> Notification:
        """Return what holds for a notification of a modem."""
        values = {name: value for name, (value, _) in self.origins(slot, modem, group).items()}
        contacts, recipients = read_recipients(values["recipients"])
        return Notification(
            is_enabled=bool(values["enabled"]),
            delay_s=float(values["delay_s"]),
            contacts=contacts,
            recipients=recipients,
            channels=tuple(values["channels"]),
            text=str(values["text"]),
            change=str(values.get("change", "any")),
        )


def read_recipients(entries: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], tuple[Recipient, ...]]:
    """Return the names of contacts and the plain addresses in a list of `{"contact"}` and `{"channel", "address"}`."""
    contacts = tuple(str(each["contact"]) for each in entries if "contact" in each)
    plain = (each for each in entries if "contact" not in each)
    return contacts, tuple(Recipient(each["channel"], str(each["address"])) for each in plain)


def default_text(language: str, slot: Slot, *, is_alarm: bool = True) -> str:
    """Return the template of a notification that nobody wrote a text for."""
    texts = TEXTS.get(language, TEXTS["en"])
    return texts[("alarm" if is_alarm else "normal") if slot.kind == "input" else slot.kind]


def _of_slot(own: Own, slot: Slot) -> Iterator[Mapping[str, Any]]:
    """Give what one owner says of a slot, the more particular first."""
    if slot.kind == "input" and slot.pin is not None:
        yield own.get("inputs", NOTHING).get(str(slot.pin), NOTHING)
    yield own.get(slot.kind, NOTHING)
