"""The forms of text commands as people set them, over those that the product brings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from irzhub.codec.irz.commands import build_command, template_key
from irzhub.codec.irz.sms import build_sms
from irzhub.codec.irz.templates import KNOWN, Sureness, check_template
from irzhub.core.clock import Clock
from irzhub.core.exceptions import CommandError
from irzhub.core.services import ModemCommand
from irzhub.storage.commands import TemplateRow, delete_templates, load_templates, save_template
from irzhub.storage.local import LocalStore


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateView:
    """One template for people; `sureness` is that of the product's own text, `row` what people changed."""

    name: str
    text: str
    is_enabled: bool
    default: str
    sureness: Sureness
    places: tuple[str, ...]
    row: TemplateRow | None


@dataclass(slots=True)
class CommandTemplates:
    """All templates by name; what is changed holds for the next command."""

    store: LocalStore
    clock: Clock
    _changed: dict[str, TemplateRow] = field(default_factory=dict)

    async def load(self) -> None:
        """Read what people changed; a text that this version does not take is left out."""
        self._changed = {row.name: row for row in await self.store.read(load_templates) if row.name in KNOWN}

    def all(self) -> list[TemplateView]:
        """Return every template."""
        return [self.get(name) for name in KNOWN]

    def get(self, name: str) -> TemplateView:
        """Return one template.

        Raises:
            KeyError: there is none of that name.
        """
        known, row = KNOWN[name], self._changed.get(name)
        return TemplateView(
            name=name,
            text=known.text if row is None else row.text,
            is_enabled=known.is_enabled if row is None else row.is_enabled,
            default=known.text,
            sureness=known.sureness,
            places=tuple(sorted(known.places)),
            row=row,
        )

    async def change(
        self, name: str, by: str, *, text: str | None = None, is_enabled: bool | None = None
    ) -> TemplateView:
        """Change a template's text, or turn it on or off; what is None stays.

        Raises:
            LocalProtocolError: no such template, or a text that it cannot be.
        """
        check_template(name, KNOWN[name].text if text is None and name in KNOWN else text or "")
        now = self.get(name)
        row = TemplateRow(
            name=name,
            text=now.text if text is None else text,
            is_enabled=now.is_enabled if is_enabled is None else is_enabled,
            changed_at=self.clock.now(),
            changed_by=by[:100],
        )
        await self.store.write(lambda connection: save_template(connection, row))
        self._changed[name] = row
        return self.get(name)

    async def reset(self, name: str) -> TemplateView:
        """Go back to the product's own text.

        Raises:
            KeyError: there is none of that name.
        """
        view = self.get(name)
        await self.store.write(lambda connection: delete_templates(connection, [view.name]))
        self._changed.pop(name, None)
        return self.get(name)

    def forms(self) -> Mapping[str, str | None]:
        """Return the text of every template that is on, None for one that is off."""
        return {view.name: view.text if view.is_enabled else None for view in self.all()}

    def form_of(self, command: str, args: Mapping[str, Any]) -> str | None:
        """Return the text by which a command goes to a modem; None for commands that have none."""
        key = template_key(command, args)
        return None if key is None else self.get(key).text

    def check(self, command: ModemCommand) -> None:
        """See whether a command can be sent at all.

        Raises:
            LocalProtocolError: its name or arguments are wrong, or its form is off.
            CommandError: it has no way to the modem.
        """
        if command.via == "sms":
            if not command.phone:
                raise CommandError("phone: expected the number of the modem's SIM card for a command by SMS")
            build_sms(command.command, command.args, "0000")
        else:
            build_command(command.command, command.args, self.forms())

    def sms_text(self, command: str, args: Mapping[str, Any], password: str) -> str:
        """Return the SMS that has a modem carry out a command (raises `LocalProtocolError`)."""
        return build_sms(command, args, password)
