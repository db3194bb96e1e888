"""`irzhub automations ...`."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from irzhub.cli.app import app
from irzhub.core.events import Event, GpiChanged, ModemConnected, ModemDisconnected
from irzhub.core.ulid import new_ulid
from irzhub.storage.events import insert_events
from irzhub.storage.local import LocalStore
from irzhub.storage.modems import save_modem
from tests.cli.conftest import Irzhub
from tests.storage.rows import MODEM, modem_row

BEGAN = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
RULES = """
- id: door
  triggers: [{trigger: gpi, input: 1, to: "on", for: "00:00:05"}]
  actions: [{action: sms, to: "+79211234567", text: "{{ modem.name }}: дверь открыта {{ trigger.ts | local }}"}]
- id: lost
  triggers: [{trigger: disconnected, for: "00:10:00"}]
  actions: [{action: notify, target: duty, text: "{{ modem.name }}: нет связи"}]
"""


def event(seq: int, after_s: float, level: str) -> Event:
    moment = BEGAN + timedelta(seconds=after_s)
    common = {"ts": moment, "modem": MODEM, "seq": seq, "id": new_ulid(int(moment.timestamp() * 1000))}
    if level == "lost":
        return ModemDisconnected(**common, reason="keepalive_lost")  # type: ignore[arg-type]
    if level == "back":
        return ModemConnected(**common, session="s", peer="p")  # type: ignore[arg-type]
    before = "OFF" if level == "ON" else "ON"
    return GpiChanged(**common, pin=1, level=level, previous=before, source="report")  # type: ignore[arg-type]


HAPPENED = [(0, "ON"), (3, "OFF"), (60, "ON"), (70, "OFF"), (1000, "lost"), (1100, "back"), (2000, "lost")]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration, and beside it what a hub has recorded."""

    async def record() -> None:
        async with LocalStore(tmp_path / "data") as store:
            events = [event(seq, *what) for seq, what in enumerate(HAPPENED, 1)]
            await store.write(lambda conn: save_modem(conn, replace(modem_row(), name="Котельная 5")))
            await store.write(lambda conn: insert_events(conn, events))

    asyncio.run(record())
    monkeypatch.chdir(tmp_path)
    people = "contacts: {duty: [{sms: '+79210000001'}, {email: duty@example.ru}]}\n"
    (tmp_path / "irzhub.yaml").write_text(f"hub: {{language: ru, time_zone: Europe/Moscow}}\n{people}")
    (tmp_path / "automations.yaml").write_text(RULES)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["automations", *arguments, "--config", "."])


def test_a_dry_run_says_who_would_have_been_told_what(folder: Path, irzhub: Irzhub) -> None:
    arguments = ("test", "automations.yaml", "--since", "2026-11-20T00:00:00Z", "--until", "2026-11-21T00:00:00Z")
    done = irzhub("automations", *arguments, "--config", str(folder))

    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines() == [
        "2026-11-20 21:01:05  door  sms:+79211234567  1 SMS  Котельная 5: дверь открыта 20.11.2026 21:01:00",
        "2026-11-20 21:43:20  lost  sms:+79210000001, email:duty@example.ru  1 SMS  Котельная 5: нет связи",
        "сообщений: 2, SMS: 2, событий: 7, с 2026-11-20 03:00:00 по 2026-11-21 03:00:00",
        "  door: выполнено 1",
        "  lost: выполнено 1",
    ]
    assert not (folder / "data" / "history.db").exists(), "what is recorded is read, nothing is made"


def test_only_the_period_that_was_asked_for_is_told(folder: Path) -> None:
    done = run("test", "--since", "2026-11-20T18:30:00Z", "--until", "2026-11-21T00:00:00Z")
    assert [line.split("  ")[1] for line in done.output.splitlines()[:1]] == ["lost"]
    assert "событий: 1," in done.output
    done = run("test", "--since", "2026-11-20T00:00:00Z", "--until", "2026-11-21T00:00:00Z", "--most", "1")
    assert "... и ещё 1; --most 2 покажет все" in done.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--since", "yesterday"), "--since yesterday: expected how long ago, such as 30d, or a time with its offset"),
        (("--since", "999999999d"), "--since 999999999d: expected a time that is not so long ago"),
        (("--since", "2026-11-21T00:00:00Z", "--until", "2026-11-20T00:00:00Z"), "expected --since before --until"),
    ],
)
def test_a_period_that_is_none_is_refused(folder: Path, arguments: tuple[str, ...], told: str) -> None:
    done = run("test", *arguments)
    assert (done.exit_code, done.output) == (2, f"irzhub: {told}\n")


def test_good_rules_are_counted(folder: Path) -> None:
    done = run("check")
    assert (done.exit_code, done.output) == (0, "automations.yaml: 2 automations, good\n")


def test_each_thing_that_is_wrong_is_named_with_its_place(folder: Path) -> None:
    (folder / "mine.yaml").write_text("- id: a\n  triggers:\n    - {trigger: gpi, inptu: 1}\n  actions: []\n")
    for command in ("check", "test"):
        done = run(command, "mine.yaml")
        assert done.exit_code == 1
        assert "mine.yaml, line 3: [0].triggers[0].inptu: unknown key; did you mean `input`?" in done.output
        assert done.output.endswith("irzhub: mine.yaml cannot be used\n")
    done = run("check", "nowhere.yaml")
    assert (done.exit_code, done.output) == (1, "irzhub: nowhere.yaml: there is no such file\n")


def test_the_schema_is_printed() -> None:
    done = CliRunner().invoke(app, ["automations", "schema"])
    assert json.loads(done.output)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
