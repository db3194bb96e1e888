"""Writes docs/modem_settings.md from the catalogue: `python -m irzhub.fleet.settings_document [--check] FILE`."""

import sys
from pathlib import Path

from irzhub.codec.irz.settings.catalogue import SECTIONS, SETTINGS
from irzhub.codec.irz.settings.setting import Field, Setting

_HEAD = """# Settings of the modems

Made from the code by `make docs`: `irzhub/codec/irz/settings` is the one source for this page, for
`GET /api/v1/settings_catalogue` and for what is accepted in templates, files and jobs.
The facts are those of [protocol.md](protocol.md), section 2; bounds that the vendor does not give are wide.

- **!** a wrong value can cut the modem off for good: on more than `jobs.staged_above` modems such a change wants a
  second person and goes in steps.
- **secret**: the value is never shown, logged or kept after the job; write a placeholder and give it when it is sent.
- An empty value (`AT$NAME=`) sets the factory's. All of them count after the restart that ends the dialogue, except
  where it says *at once*.
"""


def render_page() -> str:
    """Return the page."""
    parts = [_HEAD]
    for name, words in SECTIONS.items():
        rows = "".join(_row(setting) for setting in SETTINGS if setting.section == name)
        parts.append(f"\n## {words.en} / {words.ru}\n\n| setting | value | meaning |\n|---|---|---|\n{rows}")
    return "".join(parts)


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` compare it; return the exit status."""
    path, page = Path(arguments[-1]), render_page()
    if arguments[0] != "--check":
        path.write_text(page, encoding="utf-8")
        return 0
    if path.exists() and path.read_text(encoding="utf-8") == page:
        return 0
    sys.stderr.write(f"{path} is behind the code: run `make docs`\n")
    return 1


def _row(setting: Setting) -> str:
    index = "" if setting.first is None else f"<{setting.first}-{setting.last}>"
    mark = " **!**" if setting.is_dangerous else ""
    meaning = f"{setting.words.en} / {setting.words.ru}"
    extra = [
        "secret" if setting.is_secret else "",
        "at once" if setting.can_be_sent and not setting.needs_restart else "",
        f"only {', '.join(setting.models)}" if setting.models else "",
        f"firmware {setting.since} and later" if setting.since else "",
        setting.note.en if setting.note else "",
    ]
    said = "; ".join(each for each in extra if each)
    return f"| `{setting.name}{index}`{mark} | {_value(setting)} | {meaning}{f'. *{said}*' if said else ''} |\n"


def _value(setting: Setting) -> str:
    if setting.access == "read":
        return "is read only"
    if setting.access == "action":
        return "none"
    return ", ".join(_field(each) for each in setting.fields)


def _field(field: Field) -> str:
    default = "" if field.default is None else f", default `{field.default}`"
    if field.kind == "choice":
        options = ", ".join(f"{option.value} {option.words.en}".replace("|", "\\|") for option in field.options)
        return f"`{field.name}` ({options}{default})"
    if field.kind == "number":
        unit = f" {field.unit}" if field.unit else ""
        return f"`{field.name}` ({field.least}-{field.most}{unit}{default})"
    return f"`{field.name}` ({field.kind}, {field.shortest}-{field.longest or 255} letters{default})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
