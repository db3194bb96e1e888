"""Templates of modem settings, and what becomes of settings for one modem."""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from irzhub.codec.irz.settings.lines import SettingLine, parse_line
from irzhub.codec.irz.settings.template import Rendered, placeholders, render, secret_names, why_no_template
from irzhub.core.clock import Clock
from irzhub.core.exceptions import IrzhubError
from irzhub.core.state import ModemState
from irzhub.core.ulid import new_ulid
from irzhub.storage.local import LocalStore
from irzhub.storage.settings_templates import SettingsTemplateRow, delete_template, load_templates, save_template

LINES_LIMIT: Final = 500
TEMPLATES_LIMIT: Final = 1000
OWN_NAMES: Final = frozenset({"imei", "modem", "channel", "name", "group", "model", "port"})
"""Placeholders that every modem has a value for; nobody can give them another one."""


class SettingsRefused(IrzhubError):
    """Settings that cannot be kept or sent; `errors` says for which line (from 0) what was expected."""

    def __init__(self, text: str, errors: Iterable[tuple[int, str]] = ()) -> None:
        super().__init__(text)
        self.errors = tuple(errors)


def read_lines(texts: Iterable[str], *, may_be_unknown: bool = False) -> tuple[SettingLine, ...]:
    """Return the settings that texts give, fit for a template.

    Raises:
        SettingsRefused: some are not; no value is repeated.
    """
    lines: list[SettingLine] = []
    errors: list[tuple[int, str]] = []
    for position, text in enumerate(texts):
        try:
            line = parse_line(text)
        except ValueError as error:
            errors.append((position, str(error)))
            continue
        if (wrong := why_no_template(line, may_be_unknown=may_be_unknown)) is not None:
            errors.append((position, wrong))
        lines.append(line)
    if errors:
        raise SettingsRefused(f"{len(errors)} lines cannot be used: {errors[0][1]}", errors)
    if not 0 < len(lines) <= LINES_LIMIT:
        raise SettingsRefused(f"expected 1 to {LINES_LIMIT} settings, got {len(lines)}")
    return tuple(lines)


def own_values(state: ModemState) -> dict[str, str]:
    """Return the values that a modem itself gives to placeholders."""
    return {
        "imei": state.imei,
        "modem": state.modem,
        "channel": str(state.channel or 1),
        "name": state.name,
        "group": state.group,
        "model": state.model or "",
        "port": "" if state.port is None else str(state.port),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsOrder:
    """What somebody wants a modem to have: lines with placeholders, and values for them, the later ones first.

    `secrets` are values too, but are never shown.
    """

    lines: tuple[SettingLine, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    may_be_unknown: bool = False

    @property
    def is_dangerous(self) -> bool:
        """Whether it can cut a modem off for good."""
        return any(line.is_dangerous for line in self.lines)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The placeholders that neither it nor a modem by itself has a value for."""
        known = OWN_NAMES | self.values.keys() | self.secrets.keys()
        return tuple(name for name in placeholders(self.lines) if name not in known)

    @property
    def secret_names(self) -> frozenset[str]:
        """The placeholders that stand for secrets."""
        return secret_names(self.lines)

    def render(self, state: ModemState) -> Rendered:
        """Return the lines for one modem, judged by the catalogue."""
        values = {**self.values, **self.secrets, **own_values(state)}
        return render(self.lines, values, model=state.model, may_be_unknown=self.may_be_unknown)


@dataclass(slots=True)
class SettingsTemplates:
    """All templates by id; kept in memory, committed before a change counts."""

    store: LocalStore
    clock: Clock
    _rows: dict[str, SettingsTemplateRow] = field(default_factory=dict)

    async def load(self) -> None:
        """Read them from the local store."""
        self._rows = {row.id: row for row in await self.store.read(load_templates)}

    def all(self) -> list[SettingsTemplateRow]:
        """Return every template, from old to new."""
        return list(self._rows.values())

    def get(self, id_: str) -> SettingsTemplateRow | None:
        """Return one template, None when there is none."""
        return self._rows.get(id_)

    async def create(self, by: str, **values: Any) -> SettingsTemplateRow:
        """Keep a new template.

        Raises:
            SettingsRefused: its lines cannot be used, or there are too many templates.
        """
        if len(self._rows) >= TEMPLATES_LIMIT:
            raise SettingsRefused(f"expected at most {TEMPLATES_LIMIT} templates")
        now = self.clock.now()
        id_ = new_ulid(int(now.timestamp() * 1000))
        return await self._save(SettingsTemplateRow(id=id_, created_at=now, updated_at=now, updated_by=by, **values))

    async def edit(self, id_: str, by: str, **changes: Any) -> SettingsTemplateRow:
        """Change a template; what is not given stays.

        Raises:
            SettingsRefused: its lines cannot be used.
            KeyError: there is none of that id.
        """
        row = dataclasses.replace(self._rows[id_], **changes, updated_at=self.clock.now(), updated_by=by)
        return await self._save(row)

    async def delete(self, id_: str) -> None:
        """Remove a template; what a job has not sent by then fails (raises `KeyError` for an unknown id)."""
        del self._rows[id_]
        await self.store.write(lambda connection: delete_template(connection, id_))

    def order(
        self,
        modem: str | None,
        *,
        template: str | None = None,
        lines: Iterable[str] = (),
        values: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        may_be_unknown: bool = False,
    ) -> SettingsOrder:
        """Return the order that a template, further lines and values make, for `modem` or for any.

        Raises:
            SettingsRefused: no such template, or lines that cannot be used.
        """
        row = None
        if template is not None and (row := self._rows.get(template)) is None:
            raise SettingsRefused("no such template is known, or it was deleted")
        texts = [*(row.lines if row is not None else ()), *lines]
        may_be_unknown = may_be_unknown or (row is not None and row.may_be_unknown)
        known = {**row.defaults, **row.modem_values.get(modem or "", {})} if row is not None else {}
        return SettingsOrder(
            lines=read_lines(texts, may_be_unknown=may_be_unknown),
            values={**known, **(values or {})},
            secrets=dict(secrets or {}),
            may_be_unknown=may_be_unknown,
        )

    async def _save(self, row: SettingsTemplateRow) -> SettingsTemplateRow:
        lines = read_lines(row.lines, may_be_unknown=row.may_be_unknown)
        kept = {name for values in (row.defaults, *row.modem_values.values()) for name in values}
        if told := sorted(kept & secret_names(lines)):
            raise SettingsRefused(f"{', '.join(told)}: the value of a secret is given when it is sent, never kept")
        row = dataclasses.replace(row, lines=[line.text for line in lines])
        await self.store.write(lambda connection: save_template(connection, row))
        self._rows[row.id] = row
        return row
