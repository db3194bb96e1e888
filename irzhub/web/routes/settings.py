"""Modem settings: the catalogue, what a modem was sent and told, files, jobs that send them, and texts of SMS."""

import base64
import binascii
from typing import Any, Final

from aiohttp import web

from irzhub.codec.irz.settings.catalogue import SECTIONS, SETTINGS
from irzhub.codec.irz.settings.files import SettingsFile, build_file, parse_file
from irzhub.codec.irz.settings.lines import SettingLine
from irzhub.codec.irz.settings.sms import AccessPoint, build_first_sms, build_settings_sms, sms_length
from irzhub.codec.irz.settings.template import hide_secrets, secret_names
from irzhub.core.clock import format_time
from irzhub.fleet.settings_job import SETTINGS_JOB
from irzhub.fleet.settings_record import KnownSetting as Known
from irzhub.fleet.settings_templates import SettingsRefused
from irzhub.web.audit import note_change
from irzhub.web.belonging import check_template
from irzhub.web.context import desks_of
from irzhub.web.fleet_view import read_modem
from irzhub.web.job_view import begin_job, job_json
from irzhub.web.models_jobs import Job
from irzhub.web.models_settings import (
    FirstSms,
    ModemSettingsView,
    ReadFile,
    SendSettings,
    SettingsCatalogue,
    SettingsFileBody,
    SmsTexts,
    SmsTextsBody,
)
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body
from irzhub.web.route import Answer, Route

READING: Final = (
    "not confirmed over the link: the modem's own dump (AT$ATM_ALL? by USB or the vendor's configurator) is imported"
)
_CATALOGUE: Final = {
    "sections": [{"name": name, "title": {"ru": words.ru, "en": words.en}} for name, words in SECTIONS.items()],
    "settings": [setting.to_json() for setting in SETTINGS],
}


async def get_catalogue(request: web.Request) -> web.Response:  # noqa: ARG001 - a handler's shape
    """Answer every setting that is known."""
    return json_response(_CATALOGUE)


async def get_settings(request: web.Request) -> web.Response:
    """Answer what a modem was sent and what it was seen to have."""
    known = await desks_of(request).uploads.record.of(read_modem(request).modem)
    items = [_known_json(each) for each in known]
    differing = sum(each.differs is True for each in known)
    return json_response({"items": items, "differing": differing, "reading": READING})


async def export_settings(request: web.Request) -> web.Response:
    """Answer what a modem was sent last as a file of AT commands; secrets are placeholders."""
    state = read_modem(request)
    known = await desks_of(request).uploads.record.of(state.modem)
    lines = [
        SettingLine(each.row.name, f"{{{{{each.row.name.lower()}}}}}" if each.is_secret else each.row.sent)
        for each in known
        if each.row.sent_at is not None
    ]
    text = build_file(lines, f"{state.modem} {state.name}")
    headers = {"Content-Disposition": f'attachment; filename="{state.modem}.txt"'}
    return web.Response(text=text, content_type="text/plain", charset="utf-8", headers=headers)


async def import_dump(request: web.Request) -> web.Response:
    """Take a dump of a modem's settings as what it has."""
    state = read_modem(request)
    found = _read_file(await read_body(request, SettingsFileBody), is_dump=True)
    await desks_of(request).uploads.record.was_read(state.modem, found.lines, "dump")
    note_change(request, None, {"read_settings": [line.name for line in found.lines]})
    return json_response(_file_json(found))


async def read_settings_file(request: web.Request) -> web.Response:
    """Answer what a file of settings says, line by line; nothing is kept."""
    return json_response(_file_json(_read_file(await read_body(request, SettingsFileBody), is_dump=False)))


async def send_settings(request: web.Request) -> web.Response:
    """Begin a job that sends settings: 202 with the job."""
    wanted = await read_body(request, SendSettings)
    check_template(request, wanted.template)
    given = wanted.model_dump(exclude_none=True, exclude={"target", "modems", "expires_in"})
    own = {
        modem: {
            name if name == "phone" else f"modem_{name}": value
            for name, value in each.model_dump(exclude_none=True).items()
        }
        for modem, each in (wanted.modems or {}).items()
    }
    view = await begin_job(request, SETTINGS_JOB, wanted.target, given, wanted.expires_in, own)
    note_change(request, None, {**view.shown_args, "job": view.row.id, "modems": view.row.total})
    return json_response(job_json(view), status=202, headers={"Location": f"/api/v1/jobs/{view.row.id}"})


async def show_sms(request: web.Request) -> web.Response:
    """Answer the texts of SMS, for a phone in somebody's hand; the password is the caller's own."""
    wanted = await read_body(request, SmsTextsBody)
    if (wanted.lines is None) == (wanted.first is None):
        raise _wrong("lines", "expected lines or first, one of them")
    try:
        if wanted.first is not None:
            texts = [_first(wanted.first, wanted.password)]
        else:
            texts = build_settings_sms(_lines(wanted.lines or []), wanted.password, packed=wanted.packed)
    except ValueError as error:
        raise _wrong("first" if wanted.first is not None else "lines", str(error)) from None
    return json_response({"texts": texts, "lengths": [sms_length(text) for text in texts]})


def _first(wanted: FirstSms, password: str) -> str:
    access = AccessPoint(
        sim=wanted.sim, apn=wanted.apn or "", user=wanted.user or "", password=wanted.apn_password or ""
    )
    return build_first_sms(
        wanted.address,
        wanted.port,
        password=password,
        minutes=wanted.minutes,
        encapsulated=wanted.encapsulated,
        interface=wanted.interface,
        access_point=access if wanted.apn or wanted.user or wanted.apn_password else None,
    )


def _lines(texts: list[str]) -> list[SettingLine]:
    """Return lines that are sent as they are: by hand, secrets are written out."""
    found = parse_file("\n".join(texts).encode())
    if found.errors:
        raise ValueError(f"line {found.errors[0].number}: {found.errors[0].message}")
    if not found.lines:
        raise ValueError("expected settings, got none")
    return list(found.lines)


def _read_file(body: SettingsFileBody, *, is_dump: bool) -> SettingsFile:
    if (body.text is None) == (body.base64 is None):
        raise _wrong("text", "expected text or base64, one of them")
    try:
        data = base64.b64decode(body.base64, validate=True) if body.base64 is not None else (body.text or "").encode()
        return parse_file(data, may_be_unknown=body.may_be_unknown, is_dump=is_dump)
    except (ValueError, binascii.Error) as error:
        raise _wrong("base64" if body.base64 is not None else "text", str(error)) from None


def _file_json(found: SettingsFile) -> dict[str, Any]:
    lines = hide_secrets(found.lines)
    return {
        "lines": [line.text for line in lines],
        "errors": [{"line": error.number, "message": error.message} for error in found.errors],
        "secrets": sorted(secret_names(lines)),
        "dangerous": [line.name for line in lines if line.is_dangerous],
    }


def _known_json(known: Known) -> dict[str, Any]:
    row = known.row
    return {
        "name": row.name,
        "secret": known.is_secret,
        "dangerous": SettingLine(row.name, None).is_dangerous,
        "sent": row.sent,
        "sent_at": None if row.sent_at is None else format_time(row.sent_at),
        "sent_via": row.sent_via,
        "read": row.read,
        "read_at": None if row.read_at is None else format_time(row.read_at),
        "read_from": row.read_from,
        "differs": known.differs,
    }


def refuse_settings(error: SettingsRefused) -> Problem:
    """Return the answer for settings that cannot be used: 422, by line."""
    errors = tuple(FieldError(f"lines.{position}", message) for position, message in error.errors[:20])
    return Problem(422, "invalid_value", str(error), errors=errors)


def _wrong(field: str, message: str) -> Problem:
    return Problem(
        422, "invalid_value", f"the body has a wrong {field}: {message}", errors=(FieldError(field, message),)
    )


_BODY_ERRORS: Final = (400, 408, 413, 415, 422)

ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/settings_catalogue",
        name="get_settings_catalogue",
        tag="settings",
        summary="Every setting of the modems: names, ranges, defaults, what is secret and what is dangerous",
        handler=get_catalogue,
        answers={200: Answer(description="The catalogue", model=SettingsCatalogue)},
    ),
    Route(
        method="GET",
        path="/api/v1/modems/{modem}/settings",
        name="get_modem_settings",
        tag="settings",
        summary="What a modem was sent and what it was seen to have, with the age of both",
        handler=get_settings,
        answers={200: Answer(description="Its settings", model=ModemSettingsView)},
        errors=(404,),
    ),
    Route(
        method="GET",
        path="/api/v1/modems/{modem}/settings/file",
        name="export_modem_settings",
        tag="settings",
        summary="What a modem was sent last, as a file of AT commands",
        handler=export_settings,
        answers={200: Answer(description="The file", media="text/plain")},
        errors=(404,),
    ),
    Route(
        method="POST",
        path="/api/v1/modems/{modem}/settings/dump",
        name="import_modem_settings",
        tag="settings",
        summary="Import a dump of a modem's settings as what it has",
        handler=import_dump,
        answers={200: Answer(description="What was taken", model=ReadFile)},
        errors=(*_BODY_ERRORS, 404),
        body=SettingsFileBody,
    ),
    Route(
        method="POST",
        path="/api/v1/settings_files",
        name="read_settings_file",
        tag="settings",
        summary="Read a file of settings: what it says and what is wrong with it; nothing is kept",
        handler=read_settings_file,
        answers={200: Answer(description="What it says", model=ReadFile)},
        errors=_BODY_ERRORS,
        body=SettingsFileBody,
    ),
    Route(
        method="POST",
        path="/api/v1/modem_settings",
        name="send_settings",
        tag="settings",
        summary="Send settings to modems, over GPRS or by SMS, as a job",
        handler=send_settings,
        answers={202: Answer(description="Begun", model=Job, headers={"Location": "where to watch the job"})},
        errors=_BODY_ERRORS,
        body=SendSettings,
    ),
    Route(
        method="POST",
        path="/api/v1/settings_sms",
        name="show_settings_sms",
        tag="settings",
        summary="The texts of SMS that set a modem up, or bring a new one here; nothing is sent or kept",
        handler=show_sms,
        answers={200: Answer(description="The texts", model=SmsTexts)},
        errors=_BODY_ERRORS,
        body=SmsTextsBody,
    ),
)
