"""`/api/v1/reports`: what there is, one as a table with charts, as a file, or by mail."""

import asyncio
from typing import Final

from aiohttp import web

from irzhub.automation.parsing import parse_mail
from irzhub.reports.desk import FORMS, MEDIA, TooManyReports
from irzhub.reports.head import Sheet
from irzhub.reports.kinds import KINDS
from irzhub.reports.mailing import mails_to
from irzhub.reports.period import WORDS
from irzhub.reports.readings import CAUSES
from irzhub.reports.wanted import Wanted
from irzhub.reports.words import in_words
from irzhub.storage.errors import DatabaseUnavailable
from irzhub.storage.report_mails import ReportMail, list_mails, put_into_mail
from irzhub.web.audit import note_object
from irzhub.web.context import DEADLINE, IDENTITY, context_of, desks_of
from irzhub.web.models_reports import (
    FileQuery,
    MailList,
    MailWanted,
    ReportChoice,
    ReportKinds,
    ReportPage,
    ReportQuery,
    UsualQuery,
    UsualReadings,
)
from irzhub.web.problem import FieldError, Problem
from irzhub.web.reading import json_response, read_body, read_query
from irzhub.web.report_json import columns_json, mail_json, page_json, read_kind, scope_of, wanted_of
from irzhub.web.route import Answer, Route

_LONGEST_S: Final = 180.0
_PIECE: Final = 64 * 1024
_MAILS: Final = 200


async def list_reports(request: web.Request) -> web.Response:
    """Answer which reports there are, and their columns."""
    language = read_query(request, ReportChoice).language or desks_of(request).reports.language
    items = [
        {"kind": name, "title": in_words(name, language), "columns": columns_json(kind.columns, language)}
        for name, kind in KINDS.items()
    ]
    return json_response({"items": items, "periods": list(WORDS), "forms": list(FORMS)})


async def get_report(request: web.Request) -> web.Response:
    """Answer one report with one page of its table."""
    query = read_query(request, ReportQuery)
    sheet = await _made(request, _wanted(request, query))
    return json_response(await asyncio.to_thread(page_json, sheet, query))


async def get_report_file(request: web.Request) -> web.StreamResponse:
    """Answer one report as a file, piece by piece."""
    query = read_query(request, FileQuery)
    sheet = await _made(request, _wanted(request, query))
    async with desks_of(request).reports.desk.file(sheet, query.form) as path:
        size = (await asyncio.to_thread(path.stat)).st_size
        headers = {
            "Content-Type": MEDIA[query.form],
            "Content-Disposition": f'attachment; filename="{sheet.file_name(query.form)}"',
        }
        response = web.StreamResponse(headers=headers)
        response.content_length = size
        await response.prepare(request)
        stream = await asyncio.to_thread(path.open, "rb")
        try:
            while piece := await asyncio.to_thread(stream.read, _PIECE):
                await response.write(piece)
        finally:
            await asyncio.to_thread(stream.close)
        await response.write_eof()
    return response


async def get_usual_readings(request: web.Request) -> web.Response:
    """Answer how many meters of each group were not read in a usual night, and why."""
    query = read_query(request, UsualQuery)
    part, now = desks_of(request).reports, context_of(request).clock.now()
    choice = ReportChoice(period="last_30_days", organisation=query.organisation)
    wanted = wanted_of("reading_summary", choice, request[IDENTITY].scope, part.time_zone, part.language, now)
    request[DEADLINE].reschedule(asyncio.get_running_loop().time() + _LONGEST_S)
    try:
        found = await part.desk.usual(wanted)
    except DatabaseUnavailable:
        raise _database_away() from None
    nothing = dict.fromkeys(CAUSES, 0.0)
    items = [
        {"group": group, "causes": dict(found.groups.get(group, nothing)), "below": dict(below)}
        for group, below in sorted(found.below.items())
    ]
    return json_response({"days": found.days, "items": items})


async def mail_report(request: web.Request) -> web.Response:
    """Put one report into the mail."""
    choice = await read_body(request, MailWanted)
    kind = read_kind(request.match_info["kind"])
    recipients = check_mailboxes(choice.recipients)
    wanted = _wanted(request, choice)
    context, identity = context_of(request), request[IDENTITY]
    now = context.clock.now()
    mails = mails_to(recipients, wanted, list(dict.fromkeys(choice.forms)), identity.name, now)
    note_object(request, report=kind, recipients=recipients)
    await context.store.write(lambda conn: put_into_mail(conn, mails))
    desks_of(request).reports.mailing.poke()
    return json_response({"items": [mail_json(mail) for mail in mails]}, 202)


async def list_report_mails(request: web.Request) -> web.Response:
    """Answer how the last mails fared, those that the caller may see."""
    scope = request[IDENTITY].scope
    mails = await context_of(request).store.read(lambda conn: list_mails(conn, _MAILS))
    seen = [mail for mail in mails if scope.contains(scope_of(_limits(mail)))]
    return json_response({"items": [mail_json(mail) for mail in seen]})


def check_mailboxes(written: list[str]) -> list[str]:
    """Return mail addresses, each once.

    Raises:
        Problem: 422, one of them is none.
    """
    for number, address in enumerate(written):
        try:
            parse_mail(address)
        except ValueError as error:
            raise Problem(
                422, "invalid_value", str(error), errors=(FieldError(f"recipients.{number}", str(error)),)
            ) from None
    return list(dict.fromkeys(written))


def _wanted(request: web.Request, choice: ReportChoice) -> Wanted:
    part, now = desks_of(request).reports, context_of(request).clock.now()
    kind = read_kind(request.match_info["kind"])
    return wanted_of(kind, choice, request[IDENTITY].scope, part.time_zone, part.language, now)


async def _made(request: web.Request, wanted: Wanted) -> Sheet:
    request[DEADLINE].reschedule(asyncio.get_running_loop().time() + _LONGEST_S)
    try:
        return await desks_of(request).reports.desk.make(wanted)
    except DatabaseUnavailable:
        raise _database_away() from None
    except TooManyReports as error:
        raise Problem(429, "too_many_reports", str(error), headers={"Retry-After": "30"}) from None


def _database_away() -> Problem:
    message = "the history database is away: reports are made of it"
    return Problem(503, "database_away", message, headers={"Retry-After": "10"})


def _limits(mail: ReportMail) -> dict[str, list[str] | None]:
    return {"organisations": mail.wanted.get("limit_organisations"), "groups": mail.wanted.get("limit_groups")}


ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/reports",
        name="list_reports",
        tag="reports",
        summary="The reports that there are, with their columns",
        handler=list_reports,
        answers={200: Answer(description="Kinds, periods and forms", model=ReportKinds)},
        errors=(400,),
        query=ReportChoice,
    ),
    Route(
        method="GET",
        path="/api/v1/reports/readings/usual",
        name="get_usual_readings",
        tag="reports",
        summary="How many meters of each group are not read in a usual night, and why: medians of 30 days",
        handler=get_usual_readings,
        answers={200: Answer(description="By group", model=UsualReadings)},
        errors=(400, 503),
        query=UsualQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/reports/{kind}",
        name="get_report",
        tag="reports",
        summary="One report of some days: totals, charts, and one page of its table",
        handler=get_report,
        answers={200: Answer(description="The report", model=ReportPage)},
        errors=(400, 404, 503),
        query=ReportQuery,
    ),
    Route(
        method="GET",
        path="/api/v1/reports/{kind}/file",
        name="get_report_file",
        tag="reports",
        summary="The same as a file: XLSX with charts, CSV or PDF",
        handler=get_report_file,
        answers={
            200: Answer(description="The file", media=MEDIA["xlsx"], also=("text/csv", MEDIA["pdf"])),
        },
        errors=(400, 404, 503),
        query=FileQuery,
    ),
    Route(
        method="POST",
        path="/api/v1/reports/{kind}/mail",
        name="mail_report",
        tag="reports",
        summary="Mail one report, once",
        handler=mail_report,
        answers={202: Answer(description="One mail for each address, on its way", model=MailList)},
        errors=(400, 404, 408, 413, 415, 422),
        body=MailWanted,
    ),
    Route(
        method="GET",
        path="/api/v1/report_mails",
        name="list_report_mails",
        tag="reports",
        summary="How the last mails with reports fared",
        handler=list_report_mails,
        answers={200: Answer(description="The newest first", model=MailList)},
    ),
)
