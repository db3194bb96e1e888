"""A world in which everything belongs to the organisation `north`, for callers who see `south` only.

The matrix of permissions walks every route with it; a route whose path names something new needs a line here.
"""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from irzhub.alerts.messages import Message
from irzhub.storage.phone import PhoneOrder, PhoneReceived, add_phone_received, save_phone_order
from irzhub.storage.report_mails import save_schedule
from irzhub.storage.web_sessions import SessionRow, add_session
from tests.storage.report_rows import SCHEDULE
from tests.web.routes.whole_hub import WholeHub

FOREIGN_MODEM: Final = "868441036775291"
FORMER_MODEM: Final = "868441036775309"
MISSING: Final = {"modem": "868441036779999", "user": "nobody", "organisation": "nowhere", "group": "Юг"}
MISSING_ID: Final = "01M1SS1NG00000000000000000"
"""Names of nothing, by the path's parameter; all others are ids."""

SHARED: Final = frozenset(
    {"/assets/{file}", "/api/v1/command_templates/{template}", "/api/v1/programs/{program}", "/api/v1/firmware/{id}"}
    | {"/api/v1/automations/{automation}", "/api/v1/webhooks/{webhook}", "/ack/{token}"}
    | {f"/api/v1/{kind}/{{name}}" for kind in ("contacts", "teams", "rosters", "calendars", "ladders")}
    | {"/api/v1/channels/{channel}", "/api/v1/reports/{kind}", "/api/v1/backups/{backup}"}
)
"""Paths to what belongs to the hub as a whole: nobody who sees a part of it may change it."""

_GOOD: Final = "correct horse battery"
BODIES: Final[dict[str, Any]] = {
    "check_meter": {"protocol": "modbus"},
    "acknowledge_alert": {},
    "unacknowledge_alert": {},
    "silence_alert": {"for_s": 60},
    "comment_alert": {"text": "checked"},
    "escalate_alert": {},
    "close_alert": {},
    "edit_alert": {"owner": "checked"},
    "edit_visit": {"task": "checked"},
    "close_visit": {"result": "checked"},
    "edit_maintenance": {"reason": "checked"},
    "edit_automation": {"enabled": False},
    "edit_command_template": {"text": "AT"},
    "edit_group": {"comment": "checked"},
    "edit_meter": {"comment": "checked"},
    "edit_modem": {"comment": "checked"},
    "edit_group_notifications": {"lost": {"enabled": True}},
    "edit_modem_notifications": {"lost": {"enabled": True}},
    "put_group_notifications": {"lost": {"enabled": True}},
    "put_modem_notifications": {"lost": {"enabled": True}},
    "edit_organisation": {"name": "South"},
    "edit_report_schedule": {"name": "checked"},
    "mail_report": {"recipients": ["duty@example.ru"]},
    "edit_organisation_relay": {"relay": {}},
    "edit_site": {"comment": "checked"},
    "edit_user": {"language": "ru"},
    "edit_settings_template": {"comment": "checked"},
    "import_modem_settings": {"text": "AT$IP1=10.0.0.1", "may_be_unknown": True},
    "name_program": {"name": "checked"},
    "put_calendar": {"free": ["2026-05-09"]},
    "put_contact": {"addresses": [{"channel": "sms", "address": "+79211234567"}]},
    "put_ladder": {"steps": [{"targets": ["duty"]}]},
    "put_roster": {"otherwise": ["duty"]},
    "put_team": {"members": ["duty"]},
    "preview_settings_template": {"modem": FOREIGN_MODEM},
    "replace_modem": {"imei": "868441036775317"},
    "send_command": {"command": "signal"},
    "send_firmware": {"target": {"modems": [FOREIGN_MODEM]}},
    "set_user_password": {"password": _GOOD},
}
"""A good body for each route whose path has a parameter and which takes one, by the route's name."""


async def make_north(whole: WholeHub) -> dict[str, dict[str, str]]:
    """Make one of everything that belongs to `north`; return the path's parameters by the path's beginning."""
    for id_ in ("north", "south"):
        await _made(whole, "/api/v1/organisations", {"id": id_, "name": id_.title()})
    belongs: dict[str, Any] = {"organisation": "north", "group": "Север"}
    for imei in (FOREIGN_MODEM, FORMER_MODEM):
        await _made(whole, "/api/v1/modems", {"imei": imei, **belongs})
    assert (await whole.call("DELETE", f"/api/v1/modems/{FORMER_MODEM}")).status < 300
    site = await _made(whole, "/api/v1/sites", {"name": "Котельная", "organisation": "north"})
    meter = await _made(whole, "/api/v1/meters", {"modem": FOREIGN_MODEM, "serial": "12345"})
    command = await _made(whole, f"/api/v1/modems/{FOREIGN_MODEM}/commands", {"command": "signal", "expires_in": 3600})
    job = await _made(whole, "/api/v1/commands", {"command": "signal", "target": {"modems": [FOREIGN_MODEM]}})
    template = await _made(
        whole,
        "/api/v1/settings_templates",
        {"name": "Северный", "lines": ["AT$IP1=10.0.0.1"], "organisation": "north", "may_be_unknown": True},
    )
    await _made(whole, "/api/v1/users", {**_user("northerner"), "organisation": "north"})
    token = await _made(whole, "/api/v1/tokens", {"name": "foreign", "role": "viewer", "organisations": ["north"]})
    alert = whole.hub.alerts.incidents.book.bad("link_lost", FOREIGN_MODEM, datetime.now(UTC), modem=FOREIGN_MODEM)
    whole.hub.alerts.incidents.commit()
    visit = await _made(whole, "/api/v1/visits", {"modem": FOREIGN_MODEM, "cause": "осмотр"})
    window = {"modem": FOREIGN_MODEM, "until": "2099-01-01T00:00:00Z", "reason": "шкаф"}
    window = await _made(whole, "/api/v1/maintenance_windows", window)
    return {
        "/api/v1/modems/{modem}": {"modem": FOREIGN_MODEM},
        "/api/v1/former_modems/{modem}": {"modem": FORMER_MODEM},
        "/api/v1/groups/{group}": {"group": quote("Север")},
        "/api/v1/sites/{id}": {"id": site["id"]},
        "/api/v1/meters/{meter}": {"meter": meter["id"]},
        "/api/v1/commands/{id}": {"id": command["id"]},
        "/api/v1/alerts/{alert}": {"alert": str(alert.number)},
        "/api/v1/visits/{visit}": {"visit": str(visit["id"])},
        "/api/v1/maintenance_windows/{id}": {"id": window["id"]},
        "/api/v1/jobs/{id}": {"id": job["id"]},
        "/api/v1/sms/{id}": {"id": await _phone(whole, "sms", "01F0RE1GN00000000000000001")},
        "/api/v1/calls/{id}": {"id": await _phone(whole, "call", "01F0RE1GN00000000000000002")},
        "/api/v1/settings_templates/{id}": {"id": template["id"]},
        "/api/v1/users/{user}": {"user": "northerner"},
        "/api/v1/tokens/{id}": {"id": token["id"]},
        "/api/v1/organisations/{organisation}": {"organisation": "north"},
        "/api/v1/sign_ins/{id}": {"id": await _sign_in(whole)},
        "/api/v1/messages/{id}": {"id": await _message(whole)},
        "/api/v1/report_schedules/{id}": {"id": await _report_schedule(whole)},
    }


def _user(name: str) -> dict[str, Any]:
    return {"name": name, "password": _GOOD, "role": "viewer"}


async def _made(whole: WholeHub, path: str, body: dict[str, Any]) -> dict[str, Any]:
    reply = await whole.call("POST", path, body)
    assert reply.status in (200, 201, 202), f"{path}: {reply.body.decode()}"
    return dict(reply.json())


async def _report_schedule(whole: WholeHub) -> str:
    limits = {"organisations": ["north"], "groups": None}
    row = dataclasses.replace(SCHEDULE, limits=limits, is_enabled=False, next_at=None)
    await whole.hub.store.write(lambda connection: save_schedule(connection, row))
    return row.id


async def _phone(whole: WholeHub, kind: str, id_: str) -> str:
    now = datetime.now(UTC)
    about: dict[str, Any] = {"id": id_, "kind": kind, "number": "+79211234567", "text": "Котельная"}
    order = PhoneOrder(
        **about, modem=FOREIGN_MODEM, origin="hub", priority=1, status="sent", created_at=now, finished_at=now
    )
    received = PhoneReceived(**about, modem=FOREIGN_MODEM, by="main", received_at=now)
    await whole.hub.store.write(lambda connection: save_phone_order(connection, order))
    await whole.hub.store.write(lambda connection: add_phone_received(connection, received))
    return id_


async def _message(whole: WholeHub) -> str:
    """Have a message about the modem of `north` wait for a contact of it."""
    contact = {"addresses": [{"channel": "sms", "address": "+79211234567"}], "organisation": "north"}
    assert (await whole.call("PUT", "/api/v1/contacts/Севернов", contact)).status == 201
    told = await whole.hub.alerts.outbox.tell(
        Message(
            rule="lost",
            subject=FOREIGN_MODEM,
            event_id="01E0000000000000000000000F",
            ts=datetime.now(UTC),
            text="Котельная: нет связи",
            modem=FOREIGN_MODEM,
            targets=("Севернов",),
        )
    )
    return told.ids[0]


async def _sign_in(whole: WholeHub) -> str:
    now, id_ = datetime.now(UTC), "01F0RE1GN00000000000000000"
    row = SessionRow("0" * 64, "northerner", "word", "::1", now, now, now + timedelta(hours=1), id_)
    await whole.hub.store.write(lambda connection: add_session(connection, row))
    return id_
