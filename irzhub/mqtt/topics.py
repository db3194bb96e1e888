"""Every topic of the hub (docs/contract.md 2), built and read here and nowhere else.

What comes from outside is matched against docs/contract.md 1 before it can become a part of a topic, so
a `+`, `#`, `/` or NUL never reaches one. Reading is the reverse of building: `parse(build(x)) == x`.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeAlias

from irzhub.core.exceptions import ConfigError

TopicKind: TypeAlias = Literal[
    "bridge_state",
    "bridge_info",
    "bridge_event",
    "part_state",
    "request",
    "request_response",
    "availability",
    "state",
    "event",
    "command",
    "command_response",
    "gpi",
    "gpo",
    "set_output",
    "alert",
    "notice",
]

_MODEM: Final = r"[0-9]{14,17}_[2-5]|[0-9A-Za-z-]{1,32}"
_MODEM_ID: Final = re.compile(_MODEM, re.ASCII)
_VERB: Final = re.compile(r"[a-z][a-z_]{0,31}", re.ASCII)
_NOTICE: Final = re.compile(r"[0-9A-Za-z_-]{1,40}", re.ASCII)
_ALERT: Final = re.compile(r"[1-9][0-9]{0,15}", re.ASCII)
_BASE: Final = re.compile(r"[^+#/\x00-\x1f\x7f$][^+#\x00-\x1f\x7f]{0,127}(?<!/)")
_FORBIDDEN_IN_RESPONSE: Final = re.compile(r"[+#\x00-\x1f\x7f\ud800-\udfff]")
_BRIDGE: Final[dict[str, TopicKind]] = {"state": "bridge_state", "info": "bridge_info", "event": "bridge_event"}
_OF_MODEM: Final[dict[str, TopicKind]] = {
    "availability": "availability",
    "state": "state",
    "event": "event",
    "command": "command",
    "response": "command_response",
}
_PIN: Final = re.compile(r"(gpi|gpo)/([1-9])(/set)?", re.ASCII)


def is_modem_id(text: str) -> bool:
    """Say whether `text` may stand in a topic as a modem id (docs/contract.md 1)."""
    return _MODEM_ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Topic:
    """What a topic is about: `modem` for those of a modem, `pin` for its pins, `verb` for the name in others."""

    kind: TopicKind
    modem: str | None = None
    pin: int | None = None
    verb: str | None = None


@dataclass(frozen=True, slots=True)
class Topics:
    """The topics of one hub, under its base topic."""

    base: str

    def check(self) -> None:
        """Refuse a base topic that no broker would take.

        Raises:
            ConfigError: it has a wildcard, a control character, or a slash or `$` where none may be.
        """
        if _BASE.fullmatch(self.base) is None:
            raise ConfigError(
                f"mqtt.base_topic: expected 1 to 128 characters without + # and control characters, neither "
                f"beginning with $ or / nor ending with /, got {self.base!r}"
            )

    @property
    def bridge_state(self) -> str:
        """Return where `online` or `offline` of the hub itself is retained; also the topic of the will."""
        return f"{self.base}/bridge/state"

    @property
    def bridge_info(self) -> str:
        """Return where the hub says what it is."""
        return f"{self.base}/bridge/info"

    @property
    def bridge_event(self) -> str:
        """Return where events without a modem go."""
        return f"{self.base}/bridge/event"

    def part_state(self, part: str) -> str:
        """Return where `online` or `offline` of a part that runs as a process of its own is retained.

        Raises:
            ValueError: `part` is no word.
        """
        return f"{self.base}/bridge/part/{_checked(part)}/state"

    def alert(self, number: int) -> str:
        """Return where an incident is retained while it is open."""
        return f"{self.alerts}{number}"

    @property
    def alerts(self) -> str:
        """Return what the topics of all incidents begin with."""
        return f"{self.base}/alert/"

    @property
    def followed(self) -> tuple[str, ...]:
        """Return the filters of all that a process of its own needs to know of a hub."""
        modem = f"{self.base}/modem/+"
        own = (self.bridge_state, self.bridge_event, self.request_response("events"))
        return f"{modem}/state", f"{modem}/availability", *own, f"{modem}/event", f"{modem}/response"

    @property
    def all(self) -> str:
        """Return the filter that matches everything of this hub."""
        return f"{self.base}/#"

    @property
    def requests(self) -> str:
        """Return the filter of all requests to the hub."""
        return f"{self.base}/bridge/request/+"

    @property
    def commands(self) -> tuple[str, ...]:
        """Return the filters of everything that makes a modem do something."""
        return f"{self.base}/modem/+/command", f"{self.base}/modem/+/gpo/+/set"

    def of_modem(self, modem: str, name: str) -> str:
        """Return the topic `name` of a modem, such as `state` or `gpi/3`.

        Raises:
            ValueError: `modem` is no modem id, so it must not reach a topic.
        """
        if not is_modem_id(modem):
            raise ValueError(f"expected a modem id of digits, or letters, digits and dashes, got {modem!r}")
        return f"{self.base}/modem/{modem}/{name}"

    def state(self, modem: str) -> str:
        """Return where the state of a modem is retained."""
        return self.of_modem(modem, STATE)

    def availability(self, modem: str) -> str:
        """Return where `online` or `offline` of a modem is retained."""
        return self.of_modem(modem, AVAILABILITY)

    def event(self, modem: str | None) -> str:
        """Return where an event goes: its modem's own topic, or the hub's when there is none."""
        return self.bridge_event if modem is None else self.of_modem(modem, "event")

    def command(self, modem: str) -> str:
        """Return where commands for a modem are taken."""
        return self.of_modem(modem, "command")

    def response(self, modem: str) -> str:
        """Return where the outcome of a command is published."""
        return self.of_modem(modem, "response")

    def request(self, verb: str) -> str:
        """Return where a request to the hub is taken.

        Raises:
            ValueError: `verb` is no word.
        """
        return f"{self.base}/bridge/request/{_checked(verb)}"

    def request_response(self, verb: str) -> str:
        """Return where the answer to a request is published.

        Raises:
            ValueError: `verb` is no word.
        """
        return f"{self.base}/bridge/response/{_checked(verb)}"

    def notice(self, to: str) -> str | None:
        """Return where a message of a rule goes: to a name below the base topic, or to a topic of somebody else.

        None for what no broker takes, and for the hub's own topics, which mean something else.
        """
        if _NOTICE.fullmatch(to) is not None:
            return f"{self.base}/notify/{to}"
        is_foreign = "/" in to and not to.startswith(self.base + "/")
        return to if is_foreign and self.may_answer_to(to) else None

    def parse(self, topic: str) -> Topic | None:
        """Return what a topic is about, None when it is not one of this hub's."""
        prefix = self.base + "/"
        if not topic.startswith(prefix):
            return None
        area, _, rest = topic[len(prefix) :].partition("/")
        if area == "bridge":
            return _parse_bridge(rest)
        if area == "notify":
            return Topic("notice", verb=rest) if _NOTICE.fullmatch(rest) is not None else None
        if area == "alert":
            return Topic("alert", verb=rest) if _ALERT.fullmatch(rest) is not None else None
        modem, _, name = rest.partition("/")
        if area == "modem" and is_modem_id(modem):
            return _parse_modem(modem, name)
        return None

    def may_answer_to(self, topic: str) -> bool:
        """Say whether a Response Topic that came from outside may be published to.

        Nothing of the hub's own may be written by somebody else's hand, and nothing that no broker takes.
        """
        return (
            0 < len(topic) <= 512
            and not topic.startswith("$")
            and _FORBIDDEN_IN_RESPONSE.search(topic) is None
            and (not topic.startswith(self.base + "/") or self._is_response(topic))
        )

    def _is_response(self, topic: str) -> bool:
        found = self.parse(topic)
        return found is not None and found.kind in ("command_response", "request_response")


STATE: Final = "state"
AVAILABILITY: Final = "availability"


@cache  # of 18 names; ten thousand modems keep what they were published under
def pin_name(kind: Literal["gpi", "gpo"], pin: int) -> str:
    """Return the last part of a pin's topic, such as `gpi/3`; `pin` is the modem's own number, 1..9."""
    if not 1 <= pin <= 9:
        raise ValueError(f"expected a pin number from 1 to 9, got {pin}")
    return f"{kind}/{pin}"


def _checked(verb: str) -> str:
    if _VERB.fullmatch(verb) is None:
        raise ValueError(f"expected a verb of small letters, got {verb!r}")
    return verb


def _parse_bridge(rest: str) -> Topic | None:
    if (kind := _BRIDGE.get(rest)) is not None:
        return Topic(kind)
    area, _, verb = rest.partition("/")
    if area == "part" and verb.endswith("/state"):
        part = verb.removesuffix("/state")
        return Topic("part_state", verb=part) if _VERB.fullmatch(part) is not None else None
    if _VERB.fullmatch(verb) is None:
        return None
    if area == "request":
        return Topic("request", verb=verb)
    return Topic("request_response", verb=verb) if area == "response" else None


def _parse_modem(modem: str, name: str) -> Topic | None:
    if (kind := _OF_MODEM.get(name)) is not None:
        return Topic(kind, modem)
    if (found := _PIN.fullmatch(name)) is None:
        return None
    direction, pin, is_set = found[1], int(found[2]), found[3] is not None
    if direction == "gpi":
        return None if is_set else Topic("gpi", modem, pin)
    return Topic("set_output" if is_set else "gpo", modem, pin)
