"""All about one alert: why its cause is common, how it went, what was done, who was told, which modems it has."""

import csv
import io
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web

from irzhub.alerts.loss_words import why_lost
from irzhub.core.clock import format_time
from irzhub.core.operators import operator_in, operator_of_cell, operator_of_sim
from irzhub.storage.directory import EscalationRow, runs_of
from irzhub.storage.incidents import ActionRow, IncidentRow, MemberRow, list_actions
from irzhub.storage.local import Connection
from irzhub.storage.outbox import OutboxRow, OutboxWanted, find_rows
from irzhub.web.context import IDENTITY, context_of, desks_of
from irzhub.web.said import said_json

_STEPS_S: Final = (10, 30, 60, 300, 900, 3600, 6 * 3600, 86400)
_MOST_POINTS: Final = 60
_MOST_TOLD: Final = 200


async def alert_detail(request: web.Request, row: IncidentRow, own: Sequence[MemberRow]) -> dict[str, Any]:
    """Return what a page shows of one alert beside the alert object."""

    def read(connection: Connection) -> tuple[list[ActionRow], list[OutboxRow], list[EscalationRow]]:
        wanted = OutboxWanted(incident=row.number, limit=_MOST_TOLD)
        return list_actions(connection, row.number), find_rows(connection, wanted), runs_of(connection, row.number)

    actions, told, runs = await context_of(request).store.read(read)
    is_whole = request[IDENTITY].scope.is_whole
    return {
        "evidence": row.facts.get("evidence") or [],
        "uplink": row.facts.get("uplink"),
        "course": course_of(own, row.closed_at or context_of(request).clock.now()) if own else None,
        "timeline": [
            {"at": format_time(each.at), "by": each.by, "change": each.change, "note": each.note} for each in actions
        ],
        "notified": [_told_json(each, with_address=is_whole) for each in reversed(told)],
        "escalation": [_climb_json(request, each, with_names=is_whole) for each in runs],
    }


def course_of(members: Sequence[MemberRow], until: datetime) -> dict[str, Any]:
    """Return how many modems were lost and came back in each step of time, in at most 60 steps."""
    begin = min(member.lost_at for member in members)
    end = max([until, *(member.lost_at for member in members)])
    lasted_s = (end - begin).total_seconds()
    widest = math.ceil(lasted_s / _MOST_POINTS)
    step_s = next((step for step in _STEPS_S if step >= widest), -(-widest // 86400) * 86400)
    lost = Counter(_step(member.lost_at, begin, step_s) for member in members)
    returned = Counter(_step(member.returned_at, begin, step_s) for member in members if member.returned_at)
    points = [
        {
            "at": format_time(begin + timedelta(seconds=step * step_s)),
            "lost": lost[step],
            "returned": returned[step],
        }
        for step in range(int(lasted_s // step_s) + 1)
    ]
    return {"step_s": step_s, "points": points}


def member_json(request: web.Request, member: MemberRow, language: str) -> dict[str, Any]:
    """Return one modem of an alert, with what an operator of the network asks for; why it was lost in `language`."""
    states, member = context_of(request).states, replace(member, detail=why_lost(member.detail, language))
    if member.modem not in states:
        return _member(member)
    state = states.get(member.modem)
    operator = operator_of_cell(state.cell) or operator_of_sim(state.iccid)
    site = desks_of(request).groups.belongings.site(state.site) if state.site else None
    return _member(
        member,
        name=state.name,
        group=state.group,
        site=None if site is None else site.name,
        address=None if site is None else site.address or None,
        phone=(state.phone_sim2 if state.sim == 2 else state.phone_sim1) or None,
        iccid=state.iccid,
        operator=None if operator is None else operator_in(operator, language),
        cell=state.cell,
        state=state.link,
    )


def to_csv(items: Sequence[dict[str, Any]]) -> bytes:
    """Return objects as a table that spreadsheets open: UTF-8 with its mark, semicolons, nothing that is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    writer.writerows([[_cell(item[name]) for name in _COLUMNS] for item in items])
    return text.getvalue().encode("utf-8-sig", "replace")


_COLUMNS: Final = (
    *("modem", "name", "group", "site", "address", "phone", "iccid", "operator", "cell", "state"),
    *("lost_at", "returned_at", "detail"),
)


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    is_phone = text.startswith("+") and text[1:].isdigit()
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not is_phone else text


def _member(member: MemberRow, **known: Any) -> dict[str, Any]:
    blank: dict[str, Any] = dict.fromkeys(_COLUMNS)
    return {
        **blank,
        "name": "",
        "group": "",
        **known,
        "modem": member.modem,
        "lost_at": format_time(member.lost_at),
        "returned_at": None if member.returned_at is None else format_time(member.returned_at),
        "detail": member.detail,
    }


def _step(moment: datetime, begin: datetime, step_s: int) -> int:
    return int((moment - begin).total_seconds() // step_s)


def _told_json(row: OutboxRow, *, with_address: bool) -> dict[str, Any]:
    return {
        "id": row.id,
        "at": format_time(row.sent_at or row.created_at),
        "channel": row.channel,
        "contact": row.contact or None,
        "address": row.address if with_address else None,
        "status": row.state,
        "closes": row.closes,
        "count": row.count,
        "error": row.error,
        "error_said": said_json(row.error),
    }


def _climb_json(request: web.Request, run: EscalationRow, *, with_names: bool) -> dict[str, Any]:
    ladder = desks_of(request).alerts.outreach.directory.ladder(run.ladder)
    steps = () if ladder is None else ladder.steps
    step = steps[min(run.step, len(steps) - 1)] if steps and run.next_at is not None else None
    targets = [] if step is None else list(step.targets)
    return {
        "ladder": run.ladder,
        "step": run.step + 1,
        "steps": len(steps) or None,
        "next_at": None if run.next_at is None else format_time(run.next_at),
        "targets": targets if with_names else None,
        "channels": [] if step is None else list(step.channels),
        "ended_at": None if run.ended_at is None else format_time(run.ended_at),
        "ended_by": run.ended_by or None,
    }
