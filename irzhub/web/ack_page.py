"""The page behind a link that acknowledges: it shows the incident, and a button takes it; complete without a script."""

from dataclasses import dataclass
from html import escape
from typing import Final

from irzhub.web.status_style import STYLE


@dataclass(frozen=True, slots=True, kw_only=True)
class AckTexts:
    """The words of the page in one language."""

    lang: str
    title: str
    button: str
    hint: str
    taken: str
    over: str
    bad: str


ACK_TEXTS: Final = {
    "ru": AckTexts(
        lang="ru",
        title="Тревога {number}",
        button="Принять",
        hint="После этого повторные сообщения и звонки другим прекратятся.",
        taken="Тревогу принял: {who}.",
        over="Эта тревога уже закрыта.",
        bad="Ссылка недействительна или устарела.",
    ),
    "en": AckTexts(
        lang="en",
        title="Alert {number}",
        button="I have it",
        hint="After that nobody else is told or called about it.",
        taken="In hand of {who}.",
        over="This alert is over.",
        bad="This link is not good, or its time is over.",
    ),
}

_BUTTON: Final = (
    "button{font:inherit;font-size:20px;padding:14px 28px;border:1px solid var(--accent);background:var(--surface);"
    "color:var(--accent)}"
)


def render_question(texts: AckTexts, number: int, what: str) -> str:
    """Return the page with the button."""
    form = f'<form method="post"><button>{escape(texts.button)}</button></form>'
    return _page(texts, texts.title.format(number=number), f"<p>{escape(what)}</p>{form}<p>{escape(texts.hint)}</p>")


def render_taken(texts: AckTexts, number: int, what: str, who: str) -> str:
    """Return the page of an incident that somebody has in hand."""
    said = texts.taken.format(who=who)
    return _page(texts, texts.title.format(number=number), f"<p>{escape(what)}</p><p><b>{escape(said)}</b></p>")


def render_over(texts: AckTexts, number: int) -> str:
    """Return the page of an incident that is over."""
    return _page(texts, texts.title.format(number=number), f"<p>{escape(texts.over)}</p>")


def render_bad(texts: AckTexts) -> str:
    """Return the page of a link that leads nowhere."""
    return _page(texts, "irzhub", f"<p>{escape(texts.bad)}</p>")


def _page(texts: AckTexts, title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="{texts.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)} · irzhub</title><style>{STYLE}{_BUTTON}</style></head><body>"
        f"<header><b>irzhub</b></header><main><section><h1>{escape(title)}</h1>{body}</section></main></body></html>"
    )
