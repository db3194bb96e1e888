"""What one AT$ setting is, and whether a value fits it (`docs/protocol.md` 2)."""

import re
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

FieldKind: TypeAlias = Literal["number", "choice", "text", "host", "phone", "hex", "time"]
Access: TypeAlias = Literal["read_write", "read", "write", "action"]

_NUMBER: Final = re.compile(r"-?[0-9]{1,10}", re.ASCII)
_TEXT: Final = re.compile(r"[ -~]*", re.ASCII)
_PATTERNS: Final = {
    "host": (re.compile(r"[0-9A-Za-z._-]{1,255}", re.ASCII), "a host name or an IP address"),
    "phone": (re.compile(r"\+?[0-9]{3,15}", re.ASCII), "a phone number such as +79211234567"),
    "hex": (re.compile(r"(?:[0-9A-Fa-f]{4})*", re.ASCII), "UCS-2 as hex digits, four for each letter"),
    "time": (re.compile(r"[0-9]{2}:[0-5][0-9]:[0-5][0-9]", re.ASCII), "a time such as 01:30:00"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    ru: str
    en: str


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice, and what it means."""

    value: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One part of a setting's value; parts stand between commas.

    Args:
        least, most: bounds of a number. longest: letters of a text at the most, shortest: at the least.
        default: the factory's value, None where it is not known. unit: as people read it, such as `min`.
    """

    name: str
    words: Words
    kind: FieldKind
    least: int | None = None
    most: int | None = None
    shortest: int = 0
    longest: int | None = None
    options: tuple[Option, ...] = ()
    default: str | None = None
    unit: str = ""

    def why_wrong(self, value: str) -> str | None:
        """Return what is expected when `value` does not fit; None when it does. The value is not repeated."""
        if self.kind == "number":
            if _NUMBER.fullmatch(value) and (self.least or 0) <= int(value) <= (self.most or 0):
                return None
            return f"expected a whole number from {self.least} to {self.most}"
        if self.kind == "choice":
            known = [option.value for option in self.options]
            return None if value in known else f"expected one of {', '.join(known)}"
        if self.kind in _PATTERNS:
            pattern, expected = _PATTERNS[self.kind]
            fits = pattern.fullmatch(value) is not None
        else:
            fits, expected = _TEXT.fullmatch(value) is not None, "printable ASCII"
        size = len(value) // 4 if self.kind == "hex" else len(value)
        if not fits:
            return f"expected {expected}"
        if not self.shortest <= size <= (self.longest or 255):
            return f"expected {self.shortest} to {self.longest or 255} letters, got {size}"
        return None

    def to_json(self) -> dict[str, Any]:
        """Return it as REST shows it."""
        return {
            "name": self.name,
            "title": {"ru": self.words.ru, "en": self.words.en},
            "kind": self.kind,
            "minimum": self.least,
            "maximum": self.most,
            "min_length": self.shortest if self.kind in ("text", "hex") else None,
            "max_length": self.longest,
            "options": [
                {"value": option.value, "title": {"ru": option.words.ru, "en": option.words.en}}
                for option in self.options
            ],
            "default": self.default,
            "unit": self.unit or None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One command of the vendor's table.

    Args:
        name: without `AT$` and index, such as `CLNT_IPP`. first, last: bounds of the index; None: it has none.
        section: under which heading people find it.
        access: `read` is a question only, `action` takes no value.
        is_secret: never shown again. is_dangerous: a wrong value can cut the modem off for good.
        needs_restart: it counts only after the modem has restarted.
        models: beginnings of the models that have it, empty for all. since: the first firmware that has it.
        note: what else to know.
    """

    name: str
    words: Words
    section: str
    fields: tuple[Field, ...] = ()
    first: int | None = None
    last: int | None = None
    access: Access = "read_write"
    is_secret: bool = False
    is_dangerous: bool = False
    needs_restart: bool = True
    models: tuple[str, ...] = ()
    since: str | None = None
    note: Words | None = field(default=None)

    @property
    def can_be_sent(self) -> bool:
        """Whether it can stand in settings that are sent."""
        return self.access != "read"

    def why_wrong(self, value: str | None) -> str | None:
        """Return what is expected when `value` does not fit; None when it does.

        An empty value sets the factory's, so it always fits. A secret is not repeated in the text.
        """
        if self.access == "action":
            return None if value is None else "expected no value"
        if value is None:
            return "expected a value behind ="
        if value == "":
            return None
        if len(self.fields) == 1:
            return self._part(self.fields[0], value)
        parts = value.split(",")
        if len(parts) > len(self.fields):
            names = ", ".join(each.name for each in self.fields)
            return f"expected {len(self.fields)} values ({names}), got {len(parts)}"
        for each, part in zip(self.fields, parts, strict=False):
            if part and (wrong := self._part(each, part)) is not None:
                return wrong
        return None

    def fits_model(self, model: str | None) -> bool:
        """Say whether a modem of this model has it; an unknown model may."""
        return not (self.models and model) or model.upper().startswith(self.models)

    def to_json(self) -> dict[str, Any]:
        """Return it as REST shows it: enough to make a form of it."""
        return {
            "name": self.name,
            "section": self.section,
            "title": {"ru": self.words.ru, "en": self.words.en},
            "index": None if self.first is None else {"minimum": self.first, "maximum": self.last},
            "fields": [each.to_json() for each in self.fields],
            "access": self.access,
            "secret": self.is_secret,
            "dangerous": self.is_dangerous,
            "needs_restart": self.needs_restart,
            "models": list(self.models),
            "since_firmware": self.since,
            "note": None if self.note is None else {"ru": self.note.ru, "en": self.note.en},
        }

    @staticmethod
    def _part(part: Field, value: str) -> str | None:
        wrong = part.why_wrong(value)
        return None if wrong is None else f"{part.name}: {wrong}"


# Short ways to write the tables.


def number(name: str, ru: str, en: str, least: int, most: int, default: int | None = None, unit: str = "") -> Field:
    """Return a whole number."""
    text = None if default is None else str(default)
    return Field(name=name, words=Words(ru, en), kind="number", least=least, most=most, default=text, unit=unit)


def choice(name: str, ru: str, en: str, default: str | None, *options: tuple[str, str, str]) -> Field:
    """Return a choice of (value, ru, en)."""
    taken = tuple(Option(value, Words(in_ru, in_en)) for value, in_ru, in_en in options)
    return Field(name=name, words=Words(ru, en), kind="choice", options=taken, default=default)


def flag(name: str, ru: str, en: str, default: str | None = "0") -> Field:
    """Return 0 or 1."""
    return choice(name, ru, en, default, ("0", "нет", "no"), ("1", "да", "yes"))


def text(
    name: str, ru: str, en: str, longest: int, default: str | None = None, kind: FieldKind = "text", shortest: int = 0
) -> Field:
    """Return a text."""
    return Field(name=name, words=Words(ru, en), kind=kind, longest=longest, shortest=shortest, default=default)
