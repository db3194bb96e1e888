"""A visit request on paper: one sheet, no script, with lines for what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape
from typing import Final

from irzhub.storage.visit_requests import VisitRow


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTexts:
    """The words of the sheet in one language."""

    lang: str
    title: str
    made: str
    due: str
    site: str
    address: str
    access: str
    contact: str
    modem: str
    alert: str
    cause: str
    task: str
    result: str
    done: str
    signature: str
    moment: str


VISIT_TEXTS: Final = {
    "ru": VisitTexts(
        lang="ru",
        title="Заявка на выезд № {number}",
        made="Составлена {at}, {by}",
        due="Срок",
        site="Объект",
        address="Адрес",
        access="Доступ",
        contact="Контакт",
        modem="Модем",
        alert="Тревога",
        cause="Причина",
        task="Что сделать",
        result="Что найдено и сделано",
        done="Закрыта {at}, {by}",
        signature="Исполнитель, дата, подпись",
        moment="%d.%m.%Y %H:%M",
    ),
    "en": VisitTexts(
        lang="en",
        title="Visit request No. {number}",
        made="Made {at} by {by}",
        due="Due",
        site="Site",
        address="Address",
        access="Access",
        contact="Contact",
        modem="Modem",
        alert="Alert",
        cause="Cause",
        task="What to do",
        result="What was found and done",
        done="Closed {at} by {by}",
        signature="Name, date, signature",
        moment="%Y-%m-%d %H:%M",
    ),
}

_NAMED: Final = 3
"""So many requests at the most the title of a page names."""
_STYLE: Final = (
    "body{font:14px/1.45 'PT Sans','Noto Sans','DejaVu Sans',sans-serif;color:#000;background:#fff;max-width:180mm;"
    "margin:12mm auto;padding:0 6mm}h1{font-size:22px;margin:0 0 2mm}p{margin:0 0 5mm}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #444;padding:2mm 3mm;text-align:left;"
    "vertical-align:top;white-space:pre-wrap;overflow-wrap:anywhere}th{width:32%;font-weight:600}"
    ".lines td{height:45mm}.sign{margin-top:14mm;border-top:1px solid #444;padding-top:1mm;width:60%}"
    "section+section{break-before:page}@media screen{section+section{margin-top:25mm}}"
    "@page{size:A4;margin:15mm}@media print{body{margin:0 auto;padding:0}}"
)


def render_visit(row: VisitRow, modem_name: str, texts: VisitTexts, zone: tzinfo) -> str:
    """Return the sheet; moments are in `zone`."""
    return render_visits([(row, modem_name)], texts, zone)


def render_visits(rows: Sequence[tuple[VisitRow, str]], texts: VisitTexts, zone: tzinfo) -> str:
    """Return one page with a sheet for each request, with the name of its modem; moments are in `zone`."""
    titles = ", ".join(texts.title.format(number=row.number) for row, _ in rows[:_NAMED])
    sheets = "".join(_sheet(row, modem_name, texts, zone) for row, modem_name in rows)
    return (
        f'<!doctype html><html lang="{texts.lang}"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
        f"<title>{escape(titles)}</title><style>{_STYLE}</style></head><body>{sheets}</body></html>"
    )


def _sheet(row: VisitRow, modem_name: str, texts: VisitTexts, zone: tzinfo) -> str:
    def moment(at: datetime) -> str:
        return at.astimezone(zone).strftime(texts.moment)

    title = texts.title.format(number=row.number)
    modem = " ".join(part for part in (modem_name, row.modem or "") if part)
    lines = [
        (texts.due, "" if row.due_at is None else moment(row.due_at)),
        (texts.site, row.site),
        (texts.address, row.address),
        (texts.access, row.access),
        (texts.contact, row.contact),
        (texts.modem, modem if modem_name != row.modem else modem_name),
        (texts.alert, "" if row.incident is None else f"№ {row.incident}"),
        (texts.cause, row.cause),
        (texts.task, row.task),
    ]
    body = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in lines if value)
    result = f'<tr class="lines"><th>{escape(texts.result)}</th><td>{escape(row.result)}</td></tr>'
    done = ""
    if row.closed_at is not None:
        done = f"<p>{escape(texts.done.format(at=moment(row.closed_at), by=row.closed_by))}</p>"
    made = escape(texts.made.format(at=moment(row.created_at), by=row.created_by))
    return (
        f"<section><h1>{escape(title)}</h1><p>{made}</p><table>{body}{result}</table>{done}"
        f'<p class="sign">{escape(texts.signature)}</p></section>'
    )
