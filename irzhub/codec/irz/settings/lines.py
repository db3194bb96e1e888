"""One setting with its value, from and to the texts that people and modems write (`docs/protocol.md` 2.1)."""

import re
from dataclasses import dataclass, field
from typing import Final

from irzhub.codec.irz.settings.catalogue import find_setting
from irzhub.codec.irz.settings.setting import Setting

#: Longer than any line of the table: the longest value has 255 letters and a port.
TEXT_LIMIT: Final = 400
HIDDEN: Final = "****"

_COMMAND: Final = re.compile(r"AT\$([A-Za-z][A-Za-z0-9_]{1,30})(?:=(.*))?", re.ASCII | re.IGNORECASE)
_ANSWER: Final = re.compile(r"\^([A-Za-z][A-Za-z0-9_]{1,30}):(.*)", re.ASCII)
_PLAIN: Final = re.compile(r"[ -~]*", re.ASCII)
PLACEHOLDER: Final = re.compile(r"\{\{ ?([a-z][a-z0-9_]{0,39}) ?\}\}", re.ASCII)
_ADDED_BY_HUB: Final = frozenset({"BOOT_END", "BOOT_SET", "ATM_PWD"})


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting by its full name, index included, and its value; None for one that takes none.

    The value may hold placeholders (`{{apn}}`) until it is rendered. It is never part of the printed form.
    """

    name: str
    value: str | None = field(repr=False)

    @property
    def setting(self) -> Setting | None:
        """What the catalogue knows of it; None for a name that it does not have."""
        found = find_setting(self.name)
        return None if found is None else found[0]

    @property
    def is_secret(self) -> bool:
        """Whether the value is never shown again."""
        return self.setting is not None and self.setting.is_secret

    @property
    def is_dangerous(self) -> bool:
        """Whether a wrong value can cut the modem off; of a setting that nobody knows it must be feared."""
        return self.setting is None or self.setting.is_dangerous

    @property
    def text(self) -> str:
        """The line as the modem takes it, secrets included."""
        return f"AT${self.name}" if self.value is None else f"AT${self.name}={self.value}"

    @property
    def shown(self) -> str:
        """The line as people see it: a secret is hidden, a placeholder is not one."""
        return f"AT${self.name}={HIDDEN}" if self.hides_value else self.text

    @property
    def hides_value(self) -> bool:
        """Whether there is a secret in clear in it."""
        return self.is_secret and bool(self.value) and not self.is_template

    @property
    def is_template(self) -> bool:
        """Whether its value is a placeholder and nothing else."""
        return self.value is not None and PLACEHOLDER.fullmatch(self.value) is not None

    @property
    def placeholders(self) -> tuple[str, ...]:
        """The names that its value waits for."""
        return tuple(PLACEHOLDER.findall(self.value or ""))

    def why_wrong(self, model: str | None = None, *, may_be_unknown: bool = False) -> str | None:
        """Return why it cannot be sent, None when it can; a value with placeholders is judged once it is rendered."""
        setting = self.setting
        if setting is None:
            return None if may_be_unknown else f"{self.name}: no such setting is known"
        if self.name in _ADDED_BY_HUB:
            return f"{self.name}: the hub says that itself, or it is for USB only"
        if not setting.can_be_sent:
            return f"{self.name}: it can be read, not set"
        if not setting.fits_model(model):
            return f"{self.name}: expected a model {', '.join(setting.models)}, it is {model}"
        if self.placeholders:
            return None
        wrong = setting.why_wrong(self.value)
        return None if wrong is None else f"{self.name}: {wrong}"


def parse_line(text: str) -> SettingLine:
    """Return the setting that a line gives: `AT$NAME=value`, `AT$NAME`, or `^NAME:value` as modems answer.

    Raises:
        ValueError: it is none of these; the text does not repeat the line, which may hold a password.
    """
    text = text.strip().removesuffix("%%%OK")
    if len(text) > TEXT_LIMIT:
        raise ValueError(f"expected at most {TEXT_LIMIT} letters, got {len(text)}")
    if not _PLAIN.fullmatch(text):
        raise ValueError("expected printable ASCII (texts of SMS are written as UCS-2 digits)")
    if text.endswith("?"):
        raise ValueError("expected a setting, got a question")
    found = _COMMAND.fullmatch(text) or _ANSWER.fullmatch(text)
    if found is None:
        raise ValueError("expected AT$NAME=value or ^NAME:value")
    return SettingLine(found[1].upper(), found[2])
