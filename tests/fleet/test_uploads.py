"""Settings and firmware of the whole part: jobs over a real relay to simulated modems, outcome and event each time."""

import asyncio
import dataclasses
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from irzhub.config.settings import (
    FirmwareUpload,
    FleetSettings,
    JobSettings,
    Settings,
    SettingsUpload,
)
from irzhub.core.events import FirmwareFinished, SettingsFinished
from irzhub.core.services import SMS_SEND, SmsMessage, SmsOutcome
from irzhub.fleet.jobs import JobRefused, JobView, NewJob
from irzhub.simulator.dialogue import LAST_STEP, Misdeed, Mishap
from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from tests.fleet.test_fleet import IMEI, Running, running, settings

__all__ = ["settings"]

ZONE = ZoneInfo("Europe/Moscow")  # read from the disk before a loop runs; kept from here on

QUICK = ModemOptions(reconnect_s=(0.05, 0.05), reboot_s=(0.1, 0.1))
LINES = ["AT$SIM_MAIN=1", "AT$WDT_INTV=12"]
HARMLESS = ["AT$SIM_RTN=30", "AT$WDT_INTV=12"]


@pytest.fixture
async def hub(settings: Settings) -> AsyncIterator[Running]:
    uploads = FleetSettings(
        settings=SettingsUpload(line_timeout_s=0.4, dial_in_within_s=5.0, attempts=2),
        firmware=FirmwareUpload(experimental=True, page_size=64, page_timeout_s=0.4, resume="page"),
    )
    jobs = JobSettings(return_within_s=2.0)
    async with running(replace(settings, fleet=uploads, jobs=jobs)) as hub:
        yield hub


async def online(hub: Running, options: ModemOptions = QUICK, *mishaps: Mishap) -> SimulatedModem:
    modem = SimulatedModem("127.0.0.1", hub.modem_port, IMEI, options)
    modem.mishaps = list(mishaps)
    modem.start()
    await modem.wait_for("online")
    async with asyncio.timeout(5):
        while IMEI not in hub.ground.states or hub.ground.states.get(IMEI).link != "online":
            await asyncio.sleep(0.01)
    return modem


async def done(hub: Running, kind: str = "settings", **args: Any) -> tuple[str, dict[str, Any], str | None]:
    """Run a job for the one modem to its end; return how its item stands."""
    new = NewJob(kind=kind, modems=(IMEI,), args=args, created_by="anna")
    return await ended(hub, await hub.fleet.orders.jobs.create(new))


async def ended(hub: Running, view: JobView) -> tuple[str, dict[str, Any], str | None]:
    jobs = hub.fleet.orders.jobs
    async with asyncio.timeout(20):
        while (await jobs.get(view.row.id)).row.status not in ("done", "cancelled", "stopped"):  # type: ignore[union-attr]
            await asyncio.sleep(0.02)
    (item,) = await jobs.items(view.row.id)
    await hub.ground.journal.flush()
    return item.status, item.result or {}, item.error


def told(hub: Running) -> SettingsFinished:
    return [event for event in hub.events if isinstance(event, SettingsFinished)][-1]


async def test_settings_are_taken_kept_and_told_without_values(hub: Running) -> None:
    modem = await online(hub)
    status, result, error = await done(
        hub, lines=[*LINES, "AT$IRZ_PWD={{pwd}}"], secrets={"pwd": "Zaq12345"}, password="5492"
    )
    assert (status, error, result["acknowledged"], result["attempts"]) == ("done", None, 3, 1)
    assert modem.settings == {"SIM_MAIN": "1", "WDT_INTV": "12", "IRZ_PWD": "Zaq12345"}
    event = told(hub)
    assert (event.status, event.via, event.settings) == ("ok", "gprs", ["SIM_MAIN", "WDT_INTV", "IRZ_PWD"])
    known = await hub.fleet.uploads.record.of(IMEI)
    assert [(each.row.name, each.row.sent, each.is_secret) for each in known] == [
        ("IRZ_PWD", None, True),
        ("SIM_MAIN", "1", False),
        ("WDT_INTV", "12", False),
    ]
    await modem.wait_for("online")  # with the new password, which the hub knows
    await modem.stop()


async def test_no_secret_is_left_when_the_job_has_ended(hub: Running) -> None:
    modem = await online(hub)
    await done(hub, lines=["AT$SIM_PIN1={{pin}}"], secrets={"pin": "83920174"}, password="7531")
    rows = await hub.ground.store.read(
        lambda conn: [
            str(row) for table in ("jobs", "job_items", "events", "modem_settings")
            for row in conn.exec_driver_sql(f"SELECT * FROM {table}").all()
        ]
    )  # fmt: skip
    assert rows
    assert "83920174" not in str(rows)
    assert "7531" not in str(rows)
    retried = await hub.fleet.orders.jobs.page()
    view = await hub.fleet.orders.jobs.retry(retried[0].row.id)
    status, _, error = await ended(hub, view)
    assert (status, error) == ("failed", "its passwords were wiped when the job ended: send it anew, with them")
    await modem.stop()


OUTCOMES: dict[Misdeed, str] = {
    "silent": "timed_out",
    "hang_up": "disconnected",
    "reset": "disconnected",
    "refuse": "line_refused",
    "wrong_number": "wrong_number",
    "garbage": "unexpected_answer",
}


async def thaw(modems: list[SimulatedModem]) -> None:
    """Cut off and let dial anew what has been silent for longer than the hub waits."""
    since: dict[str, float] = {}
    loop = asyncio.get_running_loop()
    while True:
        for modem in modems:
            if modem.state != "dialogue":
                since.pop(modem.imei, None)
            elif loop.time() - since.setdefault(modem.imei, loop.time()) > 1.5:
                modem.drop(redial_s=0.05)
        await asyncio.sleep(0.05)


async def test_every_mishap_at_every_step_has_its_outcome_and_its_event(hub: Running) -> None:
    """A link that broke is tried again, a refusal is not; all at once, a modem for each."""
    cases = [(step, misdeed) for step in (0, 1, 2, LAST_STEP) for misdeed in OUTCOMES]
    modems: dict[str, SimulatedModem] = {}
    for number, (step, misdeed) in enumerate(cases):
        modem = SimulatedModem("127.0.0.1", hub.modem_port, str(int(IMEI) + number), QUICK)
        modem.mishaps = [Mishap(step, misdeed)] * 2
        modems[modem.imei] = modem
        modem.start()
    for modem in modems.values():
        await modem.wait_for("online")
    thawing = hub.fleet._tasks.spawn(thaw(list(modems.values())), "thaw")
    jobs = hub.fleet.orders.jobs
    new = NewJob(kind="settings", modems=tuple(modems), args={"lines": HARMLESS}, created_by="anna")
    view = await jobs.create(new)
    async with asyncio.timeout(30):
        while (await jobs.get(view.row.id)).row.status != "done":  # type: ignore[union-attr]
            await asyncio.sleep(0.05)
    await hub.ground.journal.flush()
    items = {item.modem: item for item in await jobs.items(view.row.id)}
    events = {event.modem: event for event in hub.events if isinstance(event, SettingsFinished)}
    for (step, misdeed), imei in zip(cases, modems, strict=True):
        is_early_refusal = step == 0 and misdeed in ("refuse", "wrong_number")
        reason = "unexpected_answer" if is_early_refusal else OUTCOMES[misdeed]
        attempts = 2 if reason in ("timed_out", "disconnected") else 1
        item, event = items[imei], events[imei]
        result = item.result or {}
        seen = (item.status, result["reason"], result["attempts"], result["was_taken"])
        assert seen == ("failed", reason, attempts, False), (step, misdeed)
        assert (event.status, event.reason, event.error, event.attempts) == ("error", reason, item.error, attempts)
        assert await hub.fleet.uploads.record.of(imei) == []
    assert len(hub.events) >= len(events) == len(cases)
    for modem in modems.values():
        modem.mishaps.clear()
    again = await jobs.create(dataclasses.replace(new))
    async with asyncio.timeout(30):
        while (view := await jobs.get(again.row.id)).row.status != "done":  # type: ignore[union-attr,assignment]
            await asyncio.sleep(0.05)
    assert view.counts["done"] == len(cases)
    thawing.cancel()
    for modem in modems.values():
        await modem.stop()


async def test_a_broken_link_is_tried_again_and_a_wrong_password_is_not(hub: Running) -> None:
    modem = await online(hub, QUICK, Mishap(2, "reset"))
    status, result, _ = await done(hub, lines=LINES)
    assert (status, result["attempts"]) == ("done", 2)
    status, result, _ = await done(hub, lines=LINES, password="1111")
    assert (status, result["reason"], result["attempts"]) == ("failed", "password_refused", 1)
    await modem.stop()


async def test_a_modem_that_takes_a_wrong_address_is_not_back(hub: Running) -> None:
    await online(hub)
    status, result, error = await done(hub, lines=["AT$CLNT_IPP1=203.0.113.1,5009"])
    assert (status, result["reason"], result["was_taken"]) == ("failed", "not_back", True)
    assert error == "it took all, and has not dialled in for 2 s since"
    assert told(hub).reason == "not_back"


async def test_cancelled_in_the_middle(hub: Running) -> None:
    modem = await online(hub, QUICK, Mishap(2, "silent"))
    jobs = hub.fleet.orders.jobs
    view = await jobs.create(NewJob(kind="settings", modems=(IMEI,), args={"lines": LINES}, created_by="anna"))
    await modem.wait_for("dialogue")
    await jobs.cancel(view.row.id, "anna")
    status, result, _ = await ended(hub, view)
    assert (status, result["reason"], told(hub).status) == ("cancelled", "cancelled", "cancelled")
    await modem.stop()


async def test_values_of_templates_and_modems_and_what_is_wrong_with_them(hub: Running) -> None:
    modem = await online(hub)
    template = await hub.fleet.uploads.templates.create(
        "anna",
        name="APN",
        lines=["AT$SIM_APN1={{apn}}", "AT$IRZ_LOGIN={{login}}", "AT$SMS_TEXT="],
        defaults={"apn": "internet", "login": "0000"},
        modem_values={IMEI: {"apn": "vpn.local"}},
    )
    assert (await done(hub, template=template.id, values={"login": "gate7"}))[0] == "done"
    assert modem.settings == {"SIM_APN1": "vpn.local", "IRZ_LOGIN": "gate7", "SMS_TEXT": ""}
    status, _, error = await done(hub, template=template.id, values={"login": "x"})
    assert (status, error) == ("failed", "IRZ_LOGIN: login: expected 4 to 20 letters, got 1")
    assert told(hub).reason == "invalid"
    await modem.stop()


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        ({}, "1 to 500 settings"),
        ({"lines": ["AT$TOAST=1"]}, "no such setting"),
        ({"lines": "AT$SIM_MAIN=1"}, "expected a list"),
        ({"lines": ["AT$IRZ_PWD=Zaq12345"]}, "it is secret"),
        ({"lines": ["AT$IRZ_PWD={{p}}"], "values": {"p": "Zaq12345"}}, "under secrets"),
        ({"lines": LINES, "via": "pigeon"}, "gprs or sms"),
        ({"lines": LINES, "password": "1"}, "4-6 printable"),
        ({"lines": LINES, "toast": 1}, "toast: expected one of"),
        ({"lines": LINES, "values": ["x"]}, "values: expected texts"),
        ({"template": "nothing"}, "no such template"),
    ],
)
async def test_arguments_that_no_modem_could_be_sent(hub: Running, args: dict[str, Any], complaint: str) -> None:
    await online(hub)
    with pytest.raises(JobRefused, match=complaint) as refused:
        await done(hub, **args)
    assert "Zaq" not in str(refused.value)


# By SMS.


async def test_nobody_sends_sms(hub: Running) -> None:
    modem = await online(hub)
    status, _, error = await done(hub, lines=LINES, via="sms", phone="+79211234567")
    assert (status, error) == ("failed", "nobody here can send SMS: set up a GSM modem or an SMS gateway")
    assert (await done(hub, lines=LINES, via="sms"))[2] == "the number of its SIM card is not known"
    await modem.stop()


@pytest.mark.parametrize(
    ("report", "comes", "expected"),
    [
        ("delivered", True, ("done", None)),
        ("sent", True, ("failed", "1 of 1 SMS have no delivery report")),
        ("delivered", False, ("failed", "all SMS went out, and the modem has not dialled in for 2 s since")),
        ("failed", True, ("failed", "SMS 1 of 1: no network")),
    ],
)
async def test_sms_counts_when_it_is_delivered_and_the_modem_dials_in(
    hub: Running, report: Any, comes: bool, expected: tuple[str, str | None]
) -> None:
    modem = await online(hub)
    sent: list[SmsMessage] = []

    async def send(message: SmsMessage) -> SmsOutcome:
        sent.append(message)
        if comes:
            modem.hang_up()
        return SmsOutcome(status=report, error="no network" if report == "failed" else None)

    hub.ground.services.register(SMS_SEND, send)
    status, _, error = await done(hub, lines=LINES, via="sms", packed=True, phone="+79211234567")
    assert (status, error) == expected
    assert [message.text for message in sent] == ["5492 1AT$SIM_MAIN=1;AT$WDT_INTV=12"]
    assert (told(hub).via, told(hub).status) == ("sms", "ok" if expected[1] is None else "error")
    await modem.stop()


# Firmware.


async def upload(hub: Running, data: bytes, model: str = "ATM31", version: str = "") -> str:
    async def chunks() -> AsyncIterator[bytes]:
        yield data

    row = await hub.fleet.uploads.images.receive(
        chunks(), sha256=hashlib.sha256(data).hexdigest(), model=model, name="image.bin", version=version,
        comment="", by="anna",
    )  # fmt: skip
    return row.id


async def test_firmware_goes_on_at_the_page_where_the_link_broke(hub: Running) -> None:
    data = bytes(range(256)) * 5
    modem = await online(hub, replace(QUICK, resumes_firmware=True), Mishap(9, "reset"))
    status, result, _ = await done(hub, "firmware", image=await upload(hub, data))
    assert (status, result["attempts"], result["total"]) == ("done", 2, 20)
    assert b"".join(modem.firmware) == data
    assert result["firmware"] == f"1.3-{modem.options.build}"
    event = [event for event in hub.events if isinstance(event, FirmwareFinished)][-1]
    assert (event.status, event.pages, event.previous, event.firmware) == (
        "ok",
        20,
        "1.3-016.353",
        result["firmware"],
    )
    await modem.stop()


STEPS = [(step, misdeed) for step in (0, 1, 10, 20, LAST_STEP) for misdeed in OUTCOMES]


async def test_every_mishap_of_firmware_at_every_step_has_its_outcome_and_its_event(hub: Running) -> None:
    """All steps at once, a modem for each; what is tried again goes on at the page where it broke."""
    data = bytes(range(256)) * 5
    image = await upload(hub, data)
    modems: dict[str, SimulatedModem] = {}
    for number, (step, misdeed) in enumerate(STEPS):
        options = replace(QUICK, resumes_firmware=True)
        modem = SimulatedModem("127.0.0.1", hub.modem_port, str(int(IMEI) + number), options)
        modem.mishaps = [Mishap(step, misdeed)]
        modems[modem.imei] = modem
        modem.start()
    for modem in modems.values():
        await modem.wait_for("online")
    thawing = hub.fleet._tasks.spawn(thaw(list(modems.values())), "thaw")
    jobs = hub.fleet.orders.jobs
    view = await jobs.create(NewJob(kind="firmware", modems=tuple(modems), args={"image": image}, created_by="anna"))
    view = await jobs.approve(view.row.id, "boris")
    async with asyncio.timeout(40):
        while (found := await jobs.get(view.row.id)) is not None and found.row.status not in ("done", "stopped"):
            await asyncio.sleep(0.05)
        while found is not None and found.row.status == "stopped":  # so many that failed stop it, as they should
            await jobs.resume(view.row.id)
            while (found := await jobs.get(view.row.id)) is not None and found.row.status == "running":
                await asyncio.sleep(0.05)
    await hub.ground.journal.flush()
    events = {event.modem: event for event in hub.events if isinstance(event, FirmwareFinished)}
    for item, (step, misdeed) in zip(await jobs.items(view.row.id), STEPS, strict=True):
        result, event = item.result or {}, events[item.modem]
        is_early_refusal = step == 0 and misdeed in ("refuse", "wrong_number")
        reason = "unexpected_answer" if is_early_refusal else OUTCOMES[misdeed]
        if reason in ("timed_out", "disconnected"):  # the second try goes on there, and meets nothing
            assert (item.status, result["attempts"], result["acknowledged"]) == ("done", 2, 20), (step, misdeed)
            assert (event.status, event.reason) == ("ok", None)
            assert b"".join(modems[item.modem].firmware) == data
        else:
            assert (item.status, result["reason"]) == ("failed", reason), (step, misdeed, item.error)
            assert (event.status, event.reason, event.error) == ("error", reason, item.error)
    assert len(events) == len(STEPS)
    thawing.cancel()
    for modem in modems.values():
        await modem.stop()


async def test_firmware_goes_on_where_it_was_when_the_hub_was_started_anew(settings: Settings) -> None:
    firmware = FirmwareUpload(experimental=True, page_size=64, page_timeout_s=5.0, resume="page")
    settings = replace(
        settings,
        relay=replace(settings.relay, modems=replace(settings.relay.modems, port=27190)),
        fleet=FleetSettings(settings=SettingsUpload(line_timeout_s=5.0, dial_in_within_s=20.0), firmware=firmware),
    )
    data = bytes(range(256)) * 20
    async with running(settings) as hub:
        modem = await online(hub, replace(QUICK, resumes_firmware=True), Mishap(31, "silent"))
        image = await upload(hub, data)
        view = await hub.fleet.orders.jobs.create(
            NewJob(kind="firmware", modems=(IMEI,), args={"image": image}, created_by="anna")
        )
        async with asyncio.timeout(10):
            while len(modem.firmware) < 30:
                await asyncio.sleep(0.01)
            while (await hub.fleet.orders.jobs.items(view.row.id))[0].result != {
                "image": "image.bin", "sha256": hashlib.sha256(data).hexdigest(), "page_bytes": 64, "total": 80,
                "acknowledged": 30,
            }:  # fmt: skip
                await asyncio.sleep(0.01)
    modem.drop(redial_s=0.05)
    async with running(settings) as again:
        status, result, error = await ended(again, view)
        assert (status, error, result["acknowledged"], result["attempts"]) == ("done", None, 80, 1)
    assert b"".join(modem.firmware) == data  # no page came twice
    await modem.stop()


async def test_firmware_of_another_model_version_or_altered_is_not_good(hub: Running) -> None:
    modem = await online(hub)
    data = b"image" * 100
    status, _, error = await done(hub, "firmware", image=await upload(hub, data, "ATM42"))
    assert (status, error) == ("failed", "expected a model ATM42, it is ATM31")
    status, result, _ = await done(hub, "firmware", image=await upload(hub, data, version="9.9"))
    assert (status, result["reason"]) == ("failed", "other_version")
    image = await upload(hub, data)
    (hub.fleet.uploads.images.folder / f"{image}.bin").write_bytes(b"Image" * 100)
    status, _, error = await done(hub, "firmware", image=image)
    assert status == "failed"
    assert "its SHA-256 has changed" in str(error)
    await modem.stop()


async def test_firmware_is_off_by_itself(settings: Settings) -> None:
    async with running(settings) as hub:
        with pytest.raises(JobRefused, match=r"fleet\.firmware\.experimental turns it on"):
            await done(hub, "firmware", image="x")
