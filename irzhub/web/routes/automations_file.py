"""`/api/v1/automations_file`: the text of the rules, read, checked, tried on what was recorded, and saved."""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web

from irzhub.automation.desk import DryRun, FileView, RulesChanged, RulesRefused, WouldTell
from irzhub.config.durations import parse_duration
from irzhub.config.tree import show_path
from irzhub.core.clock import format_time, parse_time
from irzhub.core.exceptions import IrzhubError
from irzhub.web.audit import note_change
from irzhub.web.context import DEADLINE, IDENTITY, context_of
from irzhub.web.etag import check_match
from irzhub.web.models_automations import (
    LONGEST_RULES,
    AutomationsFile,
    AutomationsText,
    DryRunResult,
    DryRunWanted,
    RuleProblems,
)
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body
from irzhub.web.route import Answer, Route
from irzhub.web.routes.automations import problem_json, whole_desk

DRY_RUNS: Final = web.AppKey("dry_runs", asyncio.Lock)
"""A replay takes a good part of a processor: the relay has the rest."""
_DRY_RUN_S: Final = 300.0
_LISTED: Final = 20


async def get_file(request: web.Request) -> web.Response:
    """Answer the text, and whether the hub runs what it says."""
    return _answer(await whole_desk(request).read_file())


async def put_file(request: web.Request) -> web.Response:
    """Replace the text and run what it says; a wrong one changes nothing."""
    desk = whole_desk(request)
    wanted = await read_body(request, AutomationsText, limit=LONGEST_RULES)
    before = await desk.read_file()
    check_match(request, _tag(before))
    try:
        after = await desk.save(wanted.text, version=before.version, by=request[IDENTITY].name)
    except RulesRefused as error:
        raise refused(error) from None
    except RulesChanged:
        raise Problem(412, "changed_meanwhile", "somebody changed this meanwhile: read it again") from None
    except OSError as error:
        raise Problem(409, "not_written", f"the file cannot be written: {error.strerror}") from None
    note_change(request, {"version": before.version}, {"version": after.version, "text": after.text})
    return _answer(after)


async def check_text(request: web.Request) -> web.Response:
    """Answer what is wrong with a text; nothing is changed."""
    desk = whole_desk(request)
    wanted = await read_body(request, AutomationsText, limit=LONGEST_RULES)
    return json_response({"problems": [problem_json(each) for each in await desk.validate(wanted.text)]})


async def dry_run(request: web.Request) -> web.Response:
    """Answer what rules would have done over recorded events; nobody is told anything."""
    desk, now = whole_desk(request), context_of(request).clock.now()
    wanted = await read_body(request, DryRunWanted, limit=LONGEST_RULES)
    since, until = _since(wanted.since, now), min(wanted.until or now, now)
    if since >= until:
        raise _wrong("since", "expected a time before `until`")
    text = (await desk.read_file()).text if wanted.text is None else wanted.text
    if (alone := request.app[DRY_RUNS]).locked():
        raise Problem(429, "busy", "another dry run is under way: one at a time", headers={"Retry-After": "10"})
    request[DEADLINE].reschedule(asyncio.get_running_loop().time() + _DRY_RUN_S)
    try:
        async with alone:
            result = await desk.dry_run(text, since, until, wanted.most)
        return json_response(_dry_run_json(result))
    except RulesRefused as error:
        raise refused(error) from None
    except IrzhubError as error:
        raise Problem(503, "not_available", str(error)) from None


def refused(error: RulesRefused) -> Problem:
    """Return the refusal of a text with rules, with a line for each thing that is wrong."""
    errors = tuple(
        FieldError(
            show_path(each.path) or "text", f"line {each.place.line}: {each.text}" if each.place.line else each.text
        )
        for each in error.problems[:_LISTED]
    )
    return Problem(422, "rules_refused", "the text cannot be used; the rules run on as they were", errors=errors)


def _since(text: str, now: datetime) -> datetime:
    """Return the moment that a time or a duration means."""
    try:
        return now - timedelta(seconds=parse_duration(text))
    except OverflowError:
        raise _wrong("since", "expected a time that is not so long ago") from None
    except ValueError:
        pass
    try:
        return parse_time(text)
    except ValueError:
        raise _wrong("since", "expected a time such as 2026-11-21T18:57:03Z, or how long ago, such as 30d") from None


def _wrong(field: str, message: str) -> Problem:
    return Problem(
        422, "invalid_value", f"the body has a wrong {field}: {message}", errors=(FieldError(field, message),)
    )


def _tag(view: FileView) -> str:
    return f'"{view.version}"'


def _answer(view: FileView) -> web.Response:
    body = {
        "text": view.text,
        "version": view.version,
        "problems": [problem_json(each) for each in view.problems],
        "loaded_at": None if view.loaded_at is None else format_time(view.loaded_at),
    }
    return json_response(body, headers={"ETag": _tag(view)})


def _dry_run_json(result: DryRun) -> dict[str, Any]:
    return {
        "since": format_time(result.since),
        "until": format_time(result.until),
        "events": result.events,
        "runs": {rule: dict(counts) for rule, counts in result.runs.items()},
        "told": [_told_json(each) for each in result.told],
        "told_count": result.told_count,
        "sms_segments": result.sms_segments,
        "actions": {rule: dict(counts) for rule, counts in result.actions.items()},
        "notes": list(result.notes),
    }


def _told_json(told: WouldTell) -> dict[str, Any]:
    return {
        "ts": format_time(told.ts),
        "rule": told.rule,
        "subject": told.subject,
        "modem": told.modem,
        "text": told.text,
        "title": told.title,
        "severity": told.severity,
        "recipients": list(told.recipients),
        "sms_segments": told.sms_segments,
        "folded": told.folded,
    }


_FILE: Final = Answer(description="The file", model=AutomationsFile, headers={"ETag": "of the text, for `If-Match`"})
_BODY_ERRORS: Final = (400, 408, 413, 415, 422, 503)

ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/automations_file",
        name="get_automations_file",
        tag="automations",
        summary="The text of `automations.yaml`",
        handler=get_file,
        answers={200: _FILE},
        errors=(503,),
    ),
    Route(
        method="PUT",
        path="/api/v1/automations_file",
        name="put_automations_file",
        tag="automations",
        summary="Replace the text of `automations.yaml` and run it at once",
        handler=put_file,
        answers={200: _FILE},
        errors=(*_BODY_ERRORS, 409, 412),
        body=AutomationsText,
        headers={"If-Match": "the `ETag` that was read; without it the last change wins"},
    ),
    Route(
        method="POST",
        path="/api/v1/automations_file/check",
        name="check_automations_text",
        tag="automations",
        summary="Check a text with automations; each problem has its line",
        handler=check_text,
        answers={200: Answer(description="What is wrong with it", model=RuleProblems)},
        errors=_BODY_ERRORS,
        body=AutomationsText,
    ),
    Route(
        method="POST",
        path="/api/v1/automations_file/dry_run",
        name="dry_run_automations",
        tag="automations",
        summary="What automations would have done over recorded events: who would have been told what",
        handler=dry_run,
        answers={200: Answer(description="What would have been done", model=DryRunResult)},
        errors=(*_BODY_ERRORS, 429),
        body=DryRunWanted,
    ),
)
