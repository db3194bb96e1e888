"""docs/configuration.md from the schema."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from irzhub.config.schema_keys import About
from irzhub.config.schema_map import KeyFacts, all_keys, keys_below
from irzhub.config.tree import KeyPath

_HEAD: Final = """\
# Configuration / Конфигурация

This page is made from the schema by `make docs`; `irzhub check` judges by the same schema.

`CONFIG/irzhub.yaml`, then the environment, then the command line; the later wins.
A missing file or key means the default.
A variable is named after its key: `relay.modems.port` is `IRZHUB__RELAY__MODEMS__PORT`;
lists and mappings are written as JSON.
A secret may stand in `CONFIG/secrets.yaml` (`password: !secret mqtt`)
or in a file that a variable names (`IRZHUB__MQTT__PASSWORD_FILE=/run/secrets/mqtt`).
Words are read as YAML 1.2 has them: `no`, `0123` and `12:30` are texts, only `true` and `false` are flags.

Эта страница создаётся из схемы командой `make docs`; по той же схеме проверяет `irzhub check`.

Сначала `CONFIG/irzhub.yaml`, затем переменные окружения, затем командная строка; последнее сильнее.
Нет файла или ключа — действует значение по умолчанию.
Имя переменной — имя ключа: `relay.modems.port` — это `IRZHUB__RELAY__MODEMS__PORT`;
списки и вложенные ключи пишутся в JSON.
Секрет можно держать в `CONFIG/secrets.yaml` (`password: !secret mqtt`)
или в файле, который называет переменная (`IRZHUB__MQTT__PASSWORD_FILE=/run/secrets/mqtt`).
Слова читаются по YAML 1.2: `no`, `0123` и `12:30` — это тексты, флаги пишутся только `true` и `false`.

🔒 marks a secret: its value is never shown. / 🔒 — секрет: значение нигде не показывается.
"""
_TABLE: Final = (
    "| key / ключ | default / по умолчанию | takes / принимает | what for | для чего |\n|---|---|---|---|---|\n"
)


def render_page(integrations: Mapping[str, tuple[About, Mapping[Any, Any]]] | None = None) -> str:
    """Return the page as Markdown, one table for each section; `integrations` gives the name and keys of each."""
    parts: dict[KeyPath, tuple[About, Mapping[KeyPath, KeyFacts]]] = {
        ("integrations", name): (about, keys_below(dict(schema), ("integrations", name)))
        for name, (about, schema) in (integrations or {}).items()
    }
    return "".join((_HEAD, *_sections(all_keys()), _EXAMPLES, *_integrations(parts)))


def _integrations(parts: Mapping[KeyPath, tuple[About, Mapping[KeyPath, KeyFacts]]]) -> Iterator[str]:
    for path, (about, keys) in parts.items():
        top = KeyFacts(path, about, "", None, False, False, False, False, True)  # a section, no more
        yield from _sections([top, *keys.values()])


def _sections(keys: list[KeyFacts]) -> Iterator[str]:
    for section in (key for key in keys if key.is_section):
        own = [
            key for key in keys if key.path[: len(section.path)] == section.path and _owner(key, keys) == section.path
        ]
        yield f"\n## `{_name(section.path)}`\n\n{section.about.english} / {section.about.russian}\n"
        if own:
            yield "\n" + _TABLE + "".join(_row(key, section.path) for key in own)


def _owner(key: KeyFacts, keys: list[KeyFacts]) -> KeyPath | None:
    if key.is_section:
        return None
    sections = {each.path for each in keys if each.is_section}
    return next(key.path[:size] for size in range(len(key.path) - 1, 0, -1) if key.path[:size] in sections)


def _row(key: KeyFacts, section: KeyPath) -> str:
    mark = " 🔒" if key.is_secret else ""
    default = "required / обязателен" if key.is_required else f"`{_yaml(key.default)}`"
    cells = (f"`{_name(key.path[len(section) :])}`{mark}", default, key.expected, key.about.english, key.about.russian)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _name(path: KeyPath) -> str:
    return ".".join("[]" if part == 0 else str(part) for part in path).replace(".[]", "[]")


def _yaml(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


_EXAMPLES: Final = """
### Example / пример

```yaml
contacts:
  duty: [{sms: "+79211234567"}, {email: duty@example.ru}]
integrations:
  smtp: {host: smtp.example.ru, port: 465, tls: tls, username: hub@example.ru, password: !secret smtp}
```
"""
