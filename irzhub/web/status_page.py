"""The status page as HTML: complete without a script, every value escaped."""

from collections.abc import Iterator
from html import escape
from typing import Final

from irzhub.alerts.sayings import in_words
from irzhub.core.clock import format_time
from irzhub.core.health import PartHealth
from irzhub.web.status import StatusPicture
from irzhub.web.status_style import STYLE
from irzhub.web.texts import Texts

_DISC: Final = '<circle cx="6" cy="6" r="5"/>'
_CROSS: Final = '<path d="M2.6 1 6 4.4 9.4 1 11 2.6 7.6 6 11 9.4 9.4 11 6 7.6 2.6 11 1 9.4 4.4 6 1 2.6z"/>'
_BARS: Final = '<path d="M2 1h3v10H2zM7 1h3v10H7z"/>'
_DIAMOND: Final = '<path d="M6 0l6 6-6 6-6-6z"/>'
_SQUARE: Final = '<path d="M1 1h10v10H1z"/>'
_SHAPES: Final = {
    "ready": ("ok", _DISC),
    "degraded": ("warn", _SQUARE),
    "not_ready": ("bad", _CROSS),
    "online": ("ok", _DISC),
    "offline": ("bad", _CROSS),
    "standby": ("sleep", _BARS),
    "quarantined": ("wait", _DIAMOND),
    "up": ("ok", _DISC),
    "starting": ("calm", _BARS),
    "down": ("bad", _CROSS),
}


def render(picture: StatusPicture, texts: Texts, origin: str) -> str:
    """Return the page; `origin` is the address under which it was asked for, e.g. `http://127.0.0.1:8080`."""
    return "".join(
        (
            f'<!doctype html><html lang="{texts.lang}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f'<meta http-equiv="refresh" content="15"><meta name="robots" content="noindex">{_icon(picture)}',
            f"<title>{_text(texts.words[picture.word])} · irzhub {_text(picture.hub_id)}</title>",
            f"<style>{STYLE}</style></head><body>",
            _head(picture, texts),
            "<main>",
            f"<section><h1>{_shape(picture.word, 20)}{_text(texts.words[picture.word])}</h1>",
            f'<p class="quiet">{_text(texts.explained[picture.word])}</p></section>',
            _modems(picture, texts),
            _notes(picture, texts),
            _parts(picture, texts),
            _facts(picture, texts),
            _steps(texts, origin),
            "</main>",
            f"<footer>{_text(texts.as_of.format(time=_moment(picture)))}</footer></body></html>",
        )
    )


def _head(picture: StatusPicture, texts: Texts) -> str:
    other = "en" if texts.lang == "ru" else "ru"
    here, there = f"<b>{texts.lang.upper()}</b>", f'<a href="?lang={other}" hreflang="{other}">{other.upper()}</a>'
    languages = f"{here} {there}" if texts.lang == "ru" else f"{there} {here}"
    name = f"<span>{_text(texts.title)}, {_text(picture.hub_id)}</span>"
    return f"<header><b>irzhub</b>{name}<nav>{languages}</nav></header>"


def _modems(picture: StatusPicture, texts: Texts) -> str:
    if picture.total == 0:
        body = f"<p>{_text(texts.no_modems.format(port=picture.modem_port))}</p>"
    else:
        shown = [
            (link, word) for link, word in texts.links.items() if link in ("online", "offline") or picture.modems[link]
        ]
        counts = "".join(
            f"<li>{_shape(link, 12, picture.modems[link])}<b>{_number(picture.modems[link])}</b>{_text(word)}</li>"
            for link, word in shown
        )
        programs = f"<li><b>{_number(picture.clients)}</b>{_text(texts.programs)}</li>"
        body = f'<ul class="counts">{counts}{programs}</ul>'
    return f"<section><h2>{_text(texts.modems)}</h2>{body}</section>"


def _notes(picture: StatusPicture, texts: Texts) -> str:
    notes = []
    if picture.is_exposed:
        notes.append(texts.exposed)
    if picture.default_passwords:
        notes.append(texts.default_passwords.format(count=_number(picture.default_passwords)))
    if picture.broker_program == "amqtt":
        notes.append(texts.trial_broker)
    if not notes:
        return ""
    body = "".join(f"<p>{_text(note)}</p>" for note in notes)
    return f'<section class="note"><h2>{_text(texts.notes)}</h2>{body}</section>'


def _parts(picture: StatusPicture, texts: Texts) -> str:
    rows = "".join(_part(part, texts) for part in picture.parts)
    is_all_well = all(part.state == "up" for part in picture.parts)
    hidden = "" if picture.shows_causes or is_all_well else f'<p class="small">{_text(texts.causes_hidden)}</p>'
    return f"<section><h2>{_text(texts.parts)}</h2><table>{rows}</table>{hidden}</section>"


def _part(part: PartHealth, texts: Texts) -> str:
    name = texts.part_names.get(part.part, part.part)
    state = f'<td class="state {part.state}">{_shape(part.state, 12)} {_text(texts.part_states[part.state])}</td>'
    words = "".join(f"<p>{line}</p>" for line in _explain(part, texts))
    return f'<tr><td class="part">{_text(name)}</td>{state}<td>{words}</td></tr>'


def _explain(part: PartHealth, texts: Texts) -> Iterator[str]:
    said = in_words(part.detail, texts.lang)
    if part.state in ("up", "starting"):
        if said:
            yield f'<span class="quiet">{_text(said)}</span>'
        return
    advice = texts.advice.get(part.part, texts.unknown_advice)
    yield _text(advice.cause)
    if said:
        yield f"<code>{_text(said)}</code>"
    yield f"<b>{_text(texts.check)}:</b> {_text(advice.check)}"
    yield f"<b>{_text(texts.action)}:</b> {_text(advice.action)}"


def _facts(picture: StatusPicture, texts: Texts) -> str:
    pending = "" if not picture.pending_events else ", " + texts.pending.format(count=_number(picture.pending_events))
    values = {
        "version": picture.version,
        "uptime": _duration(picture.uptime_s, texts),
        "phase": _phase(picture, texts),
        "modem_port": str(picture.modem_port),
        "pools": ", ".join(f"{first}–{last}" for first, last in picture.pools),
        "broker": ", ".join(filter(None, (texts.brokers.get(picture.broker, picture.broker), picture.broker_program))),
        "database": texts.databases.get(picture.database, picture.database),
        "events": _number(picture.events) + pending,
    }
    rows = "".join(f"<dt>{_text(texts.facts[name])}</dt><dd>{_text(value)}</dd>" for name, value in values.items())
    return f"<section><h2>{_text(texts.runs_on)}</h2><dl>{rows}</dl></section>"


def _phase(picture: StatusPicture, texts: Texts) -> str:
    came = picture.comeback
    if came is None or picture.phase == "stopping":
        return texts.phases[picture.phase]
    if came.returned + came.missing == 0:
        return texts.nothing_to_wait_for
    seconds = f"{came.seconds:.1f}".replace(".", texts.decimal)
    text = texts.comeback_missing if came.missing else texts.comeback
    return text.format(seconds=seconds, returned=_number(came.returned), missing=_number(came.missing))


def _steps(texts: Texts, origin: str) -> str:
    steps = "".join(f"<p>{_text(what)}</p><pre>{_text(how.format(origin=origin))}</pre>" for what, how in texts.steps)
    document = f'<p><a href="/api/v1/openapi.json">{_text(texts.documents)}</a></p>'
    return f"<section><h2>{_text(texts.go_on)}</h2>{steps}{document}</section>"


def _shape(name: str, size: int, count: int = 1) -> str:
    colour, drawing = _SHAPES[name]
    colour = colour if count else "calm"  # colour means a departure; none of them is none
    return (
        f'<svg class="{colour}" width="{size}" height="{size}" viewBox="0 0 12 12" aria-hidden="true">{drawing}</svg>'
    )


def _icon(picture: StatusPicture) -> str:
    # Drawn in place: the page needs no second request, and the tab tells the state by shape and colour.
    colour = {"ok": "%2314784A", "warn": "%238A5700", "bad": "%23BF2A20"}[_SHAPES[picture.word][0]]
    drawing = _SHAPES[picture.word][1].replace("<", "%3C").replace(">", "%3E").replace('"', "'")
    svg = f"%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 12 12' fill='{colour}'%3E{drawing}%3C/svg%3E"
    return f'<link rel="icon" href="data:image/svg+xml,{svg}">'


def _text(value: str) -> str:
    return escape(value, quote=True)


def _number(value: int) -> str:
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")


def _duration(seconds: float, texts: Texts) -> str:
    days, hours, minutes, rest = (
        int(seconds // 86400),
        int(seconds // 3600) % 24,
        int(seconds // 60) % 60,
        int(seconds) % 60,
    )
    shown = [(count, unit) for count, unit in zip((days, hours, minutes, rest), texts.units, strict=True) if count][:2]
    shown = shown or [(0, texts.units[3])]
    return " ".join(f"{count}\N{NO-BREAK SPACE}{unit}" for count, unit in shown)


def _moment(picture: StatusPicture) -> str:
    return format_time(picture.now)
