"""`irzhub automations ...`: rules are checked, tried on what was recorded, and described for editors."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo

import typer

from irzhub.cli.options import CONFIG_DIR, ConfigDir, fail, load, misused
from irzhub.config.durations import parse_duration
from irzhub.config.settings import Settings
from irzhub.core.clock import SystemClock, parse_time

if TYPE_CHECKING:  # the engine is loaded by the commands that need it
    from irzhub.automation.desk import DryRun, WouldTell
    from irzhub.automation.rule_source import RuleSet

app = typer.Typer(help="Rules: check them, try them on what was recorded.", no_args_is_help=True)

_File = Annotated[
    Path | None, typer.Argument(metavar="FILE", help="The rules; without it automations.yaml of the configuration.")
]
_WORDS: Final = {
    "en": {
        "told": "{told} messages, {sms} SMS, over {events} events from {since} to {until}",
        "more": "... and {more} more; --most {all} shows all",
        "nobody": "nobody",
        "folded": "with {count} repeats",
        "actions": "would have been sent",
        "done": "done",
        "stopped": "stopped",
        "failed": "failed",
        "conditions": "conditions not met",
        "skipped": "skipped",
        "broken": "stopped as a loop",
        "cancelled": "cancelled",
        "running": "running",
    },
    "ru": {
        "told": "сообщений: {told}, SMS: {sms}, событий: {events}, с {since} по {until}",
        "more": "... и ещё {more}; --most {all} покажет все",
        "nobody": "никому",
        "folded": "и повторов: {count}",
        "actions": "было бы отправлено",
        "done": "выполнено",
        "stopped": "остановлено правилом",
        "failed": "ошибка",
        "conditions": "условия не выполнены",
        "skipped": "пропущено",
        "broken": "остановлено как зацикленное",
        "cancelled": "отменено",
        "running": "выполняется",
    },
}


@app.command("test")
def test(
    file: _File = None,
    since: Annotated[str, typer.Option(metavar="TIME", help="How long ago, such as 30d, or a time.")] = "7d",
    until: Annotated[str | None, typer.Option(metavar="TIME", help="The same; without it now.")] = None,
    most: Annotated[int, typer.Option(min=0, metavar="N", help="So many messages are shown.")] = 200,
    config: ConfigDir = CONFIG_DIR,
) -> None:
    """Say what rules would have done over recorded events: who would have been told what, and how many SMS.

    Nobody is told anything. It works beside a running hub and without one.
    """
    settings, now = load(config), SystemClock().now()
    begin, end = _moment("--since", since, now), now if until is None else _moment("--until", until, now)
    if begin >= end:
        raise misused("expected --since before --until")
    rules = _rules(config, file).rules
    from irzhub.automation.offline import dry_run_on_disk

    for line in _report(dry_run_on_disk(settings, rules, begin, end, most), settings):
        typer.echo(line)


@app.command("check")
def check(file: _File = None, config: ConfigDir = CONFIG_DIR) -> None:
    """Check rules; each thing that is wrong is named with its file, line and key."""
    found = _rules(config, file)
    typer.echo(f"{_path(config, file)}: {len(found.rules)} automations, good")


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of the rules, for editors."""
    from irzhub.automation.schema import rules_json_schema

    typer.echo(json.dumps(rules_json_schema(), ensure_ascii=False, indent=2))


def _path(config: Path, file: Path | None) -> Path:
    from irzhub.automation.rule_source import AUTOMATIONS_FILE

    return config / AUTOMATIONS_FILE if file is None else file


def _rules(config: Path, file: Path | None) -> "RuleSet":
    """Return good rules, or leave with what is wrong with them."""
    from irzhub.automation.rule_source import read_rules_file

    path = _path(config, file)
    if not path.is_file():
        raise fail(f"{path}: there is no such file")
    found = read_rules_file(config, path)
    for problem in found.problems:
        typer.echo(str(problem), err=True)
    if found.problems:
        raise fail(f"{path} cannot be used")
    return found


def _moment(option: str, text: str, now: datetime) -> datetime:
    try:
        return now - timedelta(seconds=parse_duration(text))
    except ValueError:
        pass
    except OverflowError:
        raise misused(f"{option} {text}: expected a time that is not so long ago") from None
    try:
        return parse_time(text)
    except ValueError:
        raise misused(f"{option} {text}: expected how long ago, such as 30d, or a time with its offset") from None


def _report(result: "DryRun", settings: Settings) -> Iterator[str]:
    words, zone = _WORDS[settings.hub.language], ZoneInfo(settings.hub.time_zone)
    for each in result.told:
        yield _told(each, words, zone)
    if (more := result.told_count - len(result.told)) > 0:
        yield words["more"].format(more=more, all=result.told_count)
    yield words["told"].format(
        told=result.told_count,
        sms=result.sms_segments,
        events=result.events,
        since=_local(result.since, zone),
        until=_local(result.until, zone),
    )
    for rule, counts in result.runs.items():
        yield f"  {rule}: " + ", ".join(f"{words.get(name, name)} {count}" for name, count in counts.items())
    for rule, counts in result.actions.items():
        shown = ", ".join(f"{action} {count}" for action, count in counts.items())
        yield f"  {rule or '*'}: {words['actions']}: {shown}"
    for note in result.notes:
        yield f"  ! {note}"


def _told(told: "WouldTell", words: Mapping[str, str], zone: ZoneInfo) -> str:
    whom = ", ".join(told.recipients) or words["nobody"]
    sms = f"  {told.sms_segments} SMS" if told.sms_segments else ""
    folded = f"  ({words['folded'].format(count=told.folded)})" if told.folded else ""
    text = " ".join((f"{told.title}: {told.text}" if told.title else told.text).split())
    return f"{_local(told.ts, zone)}  {told.rule}  {whom}{sms}  {text}{folded}"


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
