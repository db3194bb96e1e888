"""Settings with placeholders, and what becomes of them for one modem. Plain replacement: no code, no nesting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from irzhub.codec.irz.settings.lines import PLACEHOLDER, SettingLine


@dataclass(frozen=True, slots=True)
class Rendered:
    """The lines for one modem, and what is wrong with them: (position from 0, message without values)."""

    lines: tuple[SettingLine, ...]
    errors: tuple[tuple[int, str], ...]


def placeholders(lines: Iterable[SettingLine]) -> tuple[str, ...]:
    """Return all names that the lines wait for, each once, in order."""
    return tuple(dict.fromkeys(name for line in lines for name in line.placeholders))


def secret_names(lines: Iterable[SettingLine]) -> frozenset[str]:
    """Return the placeholders that stand for secrets: their values are never shown or kept."""
    return frozenset(name for line in lines if line.is_secret for name in line.placeholders)


def why_no_template(line: SettingLine, *, may_be_unknown: bool = False) -> str | None:
    """Return why a line cannot stand in a template; a secret in clear cannot, it is given with each sending."""
    if line.hides_value or (line.is_secret and line.placeholders and not line.is_template):
        return f"{line.name}: it is secret: write {{{{{line.name.lower()}}}}} and give its value when it is sent"
    if "{{" in PLACEHOLDER.sub("", line.value or ""):
        return f"{line.name}: expected placeholders such as {{{{apn}}}}, in small Latin letters"
    return line.why_wrong(may_be_unknown=may_be_unknown)


def hide_secrets(lines: Iterable[SettingLine]) -> tuple[SettingLine, ...]:
    """Return the lines with a placeholder, named like its setting, in place of each secret in clear."""
    return tuple(SettingLine(line.name, f"{{{{{line.name.lower()}}}}}") if line.hides_value else line for line in lines)


def render(
    lines: Iterable[SettingLine],
    values: Mapping[str, str],
    *,
    model: str | None = None,
    may_be_unknown: bool = False,
) -> Rendered:
    """Put values in place of placeholders and judge the result by the catalogue."""
    rendered: list[SettingLine] = []
    errors: list[tuple[int, str]] = []
    for position, line in enumerate(lines):
        if missing := [name for name in line.placeholders if name not in values]:
            errors.append((position, f"{line.name}: no value for {', '.join(missing)}"))
            rendered.append(line)
            continue
        value = line.value
        if value is not None:
            value = PLACEHOLDER.sub(lambda found: values[found[1]], value)
        done = SettingLine(line.name, value)
        wrong = _not_plain(done) or _judged(done, model, may_be_unknown)
        if wrong is not None:
            errors.append((position, wrong))
        rendered.append(done)
    return Rendered(tuple(rendered), tuple(errors))


def _not_plain(line: SettingLine) -> str | None:
    value = line.value or ""
    if value.isascii() and value.isprintable():
        return None
    return f"{line.name}: expected printable ASCII"


def _judged(line: SettingLine, model: str | None, may_be_unknown: bool) -> str | None:
    """Judge a finished line; what looks like a placeholder in it came out of a value and is text by now."""
    setting = line.setting
    wrong = line.why_wrong(model, may_be_unknown=may_be_unknown)
    if wrong is None and setting is not None and (why := setting.why_wrong(line.value)) is not None:
        return f"{line.name}: {why}"
    return wrong
