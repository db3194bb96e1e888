"""The kind of job that sends settings to modems, over GPRS or as SMS.

Arguments of the job: `lines` (AT commands) or `template` or both, `values` and `secrets` of placeholders,
`password` (the modems' service password), `via` (`gprs` or `sms`), `packed`, `may_be_unknown`. For a single modem:
`modem_values`, `modem_secrets`, `modem_password`, `phone`. What is secret is kept in the arguments until the job
ends, shown to nobody, and wiped then; so what failed has to be sent anew with it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal

from irzhub.codec.irz.settings.lines import SettingLine
from irzhub.core.clock import Clock
from irzhub.core.events import SettingsFinished
from irzhub.core.state import ModemState, StateStore
from irzhub.fleet.job_kind import Args, ItemResult, JobItem, JobKind, JobRefused
from irzhub.fleet.settings_record import SettingsRecord
from irzhub.fleet.settings_sms import SmsCarrier
from irzhub.fleet.settings_templates import SettingsOrder, SettingsRefused, SettingsTemplates
from irzhub.fleet.uploader import Uploader, UploadOrder, UploadOutcome
from irzhub.journal.journal import Journal

SETTINGS_JOB: Final = "settings"
SECRET_ARGS: Final = ("secrets", "modem_secrets", "password", "modem_password")
WIPED: Final = "secrets_wiped"

_KNOWN: Final = frozenset(
    {"template", "lines", "values", "via", "packed", "may_be_unknown", "modem_values", "phone", WIPED, *SECRET_ARGS}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadRules:
    """How uploads go: `fleet.settings` of the configuration."""

    password: str
    prefix: str
    line_s: float
    dial_in_within_s: float
    return_within_s: float
    attempts: int = 3


def forget_secrets(args: Args) -> dict[str, Any]:
    """Return arguments without what is secret in them, and that there was something."""
    kept = {name: value for name, value in args.items() if name not in SECRET_ARGS}
    return kept if len(kept) == len(args) else {**kept, WIPED: True}


def show_args(args: Args) -> dict[str, Any]:
    """Return arguments for people: of secrets only their names."""
    shown = {name: value for name, value in args.items() if name not in SECRET_ARGS}
    names = sorted({*(args.get("secrets") or {}), *(args.get("modem_secrets") or {})})
    return {**shown, **({"secrets": names} if names else {})}


class SettingsSender:
    """Carries out items of jobs of the kind `settings`.

    Args:
        repin: called with a modem and the password that it will give in its next hello.
    """

    def __init__(
        self,
        templates: SettingsTemplates,
        record: SettingsRecord,
        uploader: Uploader,
        sms: SmsCarrier,
        states: StateStore,
        journal: Journal,
        clock: Clock,
        rules: UploadRules,
        repin: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self._templates = templates
        self._record = record
        self._uploader = uploader
        self._sms = sms
        self._states = states
        self._journal = journal
        self._clock = clock
        self._rules = rules
        self._repin = repin

    def kind(self, concurrency: int) -> JobKind:
        """Return the kind of job."""
        return JobKind(
            name=SETTINGS_JOB,
            run=self.run,
            is_dangerous=self.is_dangerous,
            needs_link=lambda args: args.get("via", "gprs") == "gprs",
            concurrency=concurrency,
            check=self.check,
            cancel=self.cancel,
            show=show_args,
            forget=forget_secrets,
        )

    def check(self, args: Args) -> None:
        """Refuse arguments that no modem could be sent (`JobRefused`)."""
        if unknown := sorted(args.keys() - _KNOWN):
            raise JobRefused(f"{unknown[0]}: expected one of {', '.join(sorted(_KNOWN - {WIPED}))}")
        if args.get("via", "gprs") not in ("gprs", "sms"):
            raise JobRefused("via: expected gprs or sms")
        for name in ("values", "secrets", "modem_values", "modem_secrets"):
            _check_texts(name, args.get(name) or {})
        for name in ("password", "modem_password"):
            if (password := args.get(name)) is not None and not _is_password(password):
                raise JobRefused(f"{name}: expected 4-6 printable characters without space and comma")
        try:
            order = self._order(None, args)
        except SettingsRefused as error:
            raise JobRefused(str(error)) from error
        if told := sorted(order.secret_names & {*(args.get("values") or {}), *(args.get("modem_values") or {})}):
            raise JobRefused(f"{told[0]}: it is secret: give its value under secrets, not values")

    def is_dangerous(self, args: Args) -> bool:
        """Say whether these settings can cut modems off for good."""
        try:
            return self._order(None, args).is_dangerous
        except SettingsRefused:
            return True

    async def run(self, item: JobItem) -> ItemResult:
        """Send one modem its settings and tell how that ended."""
        via = str(item.args.get("via", "gprs"))
        try:
            order = self._order(item.modem, item.args)
            lines = self._render(order, self._states.get(item.modem), item.args)
        except SettingsRefused as error:
            return self._told(item, via, (), "failed", {"reason": "invalid"}, str(error))
        if via == "sms":
            return await self._by_sms(item, lines)
        taken = partial(self._taken, item.modem, lines, via)
        outcome = await self._uploader.carry_out(self._upload(item, lines), taken)
        return self._told(item, via, lines, _status(outcome), _shown(outcome), outcome.detail or None)

    async def cancel(self, item: JobItem) -> None:
        """Call an item off that the modem has not taken yet."""
        self._uploader.cancel(item.key)

    # Within.

    def _order(self, modem: str | None, args: Args) -> SettingsOrder:
        lines = args.get("lines") or ()
        if isinstance(lines, str) or not all(isinstance(line, str) for line in lines):
            raise SettingsRefused("lines: expected a list of texts")
        return self._templates.order(
            modem,
            template=args.get("template"),
            lines=lines,
            values={**(args.get("values") or {}), **(args.get("modem_values") or {})},
            secrets={**(args.get("secrets") or {}), **(args.get("modem_secrets") or {})},
            may_be_unknown=bool(args.get("may_be_unknown")),
        )

    def _render(self, order: SettingsOrder, state: ModemState, args: Args) -> tuple[SettingLine, ...]:
        if args.get(WIPED):
            raise SettingsRefused("its passwords were wiped when the job ended: send it anew, with them")
        rendered = order.render(state)
        if rendered.errors:
            raise SettingsRefused(rendered.errors[0][1], rendered.errors)
        return rendered.lines

    def _upload(self, item: JobItem, lines: tuple[SettingLine, ...]) -> UploadOrder:
        rules = self._rules
        return UploadOrder(
            key=item.key,
            modem=item.modem,
            kind="settings",
            password=self._password(item.args),
            lines=tuple(line.text.encode("ascii") for line in lines),
            prefix=rules.prefix,
            line_s=rules.line_s,
            deadline_s=rules.dial_in_within_s,
            return_within_s=rules.return_within_s,
            attempts=rules.attempts,
        )

    def _password(self, args: Args) -> str:
        return str(args.get("modem_password") or args.get("password") or self._rules.password)

    async def _by_sms(self, item: JobItem, lines: tuple[SettingLine, ...]) -> ItemResult:
        outcome = await self._sms.carry_out(
            item.modem,
            lines,
            self._password(item.args),
            phone=item.args.get("phone"),
            packed=bool(item.args.get("packed")),
            origin=item.origin,
            return_within_s=self._rules.return_within_s,
        )
        if outcome.sent == outcome.total > 0:
            await self._taken(item.modem, lines, "sms")
        status: Literal["done", "failed"] = "failed" if outcome.error else "done"
        return self._told(item, "sms", lines, status, outcome.shown, outcome.error)

    async def _taken(self, modem: str, lines: tuple[SettingLine, ...], via: str) -> None:
        """Keep what the modem has now; a new password for the hub counts from its next hello."""
        for line in lines:
            if line.name == "IRZ_PWD" and line.value:
                await self._repin(modem, line.value)
        await self._record.sent(modem, lines, via)

    def _told(
        self,
        item: JobItem,
        via: str,
        lines: tuple[SettingLine, ...],
        status: Literal["done", "failed", "cancelled"],
        result: Mapping[str, Any],
        error: str | None,
    ) -> ItemResult:
        shown = {"via": via, **result}
        self._journal.append(
            SettingsFinished(
                ts=self._clock.now(),
                modem=item.modem,
                status={"done": "ok", "failed": "error"}.get(status, status),
                via=via,
                job=item.job,
                origin=item.origin,
                settings=[line.name for line in lines],
                acknowledged=int(result.get("acknowledged", 0)),
                attempts=int(result.get("attempts", 0)),
                reason=str(result.get("reason", "")) or None,
                error=error,
            )
        )
        return ItemResult(status=status, result=shown, error=error)


def _status(outcome: UploadOutcome) -> Literal["done", "failed", "cancelled"]:
    if outcome.reason == "cancelled":
        return "cancelled"
    return "failed" if outcome.reason else "done"


def _shown(outcome: UploadOutcome) -> dict[str, Any]:
    return {
        "acknowledged": outcome.acknowledged,
        "total": outcome.total,
        "attempts": outcome.attempts,
        "was_taken": outcome.was_taken,
        **({"reason": outcome.reason} if outcome.reason else {}),
    }


def _is_password(value: Any) -> bool:
    text = value if isinstance(value, str) else ""
    return 4 <= len(text) <= 6 and text.isascii() and text.isprintable() and not {" ", ","} & set(text)


def _check_texts(name: str, values: Any) -> None:
    pairs: dict[Any, Any] = values if isinstance(values, dict) else {None: None}
    if not all(isinstance(key, str) and isinstance(value, str) and len(value) <= 255 for key, value in pairs.items()):
        raise JobRefused(f"{name}: expected texts by the names of placeholders, at most 255 letters each")
