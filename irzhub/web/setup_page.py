"""The page behind the first start's link: a form for the first administrator, complete without a script."""

from dataclasses import dataclass
from html import escape
from typing import Final

from irzhub.web.status_style import STYLE


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupTexts:
    """The words of the page in one language."""

    lang: str
    title: str
    dispatcher: str
    intro: str
    name: str
    password: str
    again: str
    button: str
    over: str
    differ: str


_RU: Final = SetupTexts(
    lang="ru",
    title="Первый администратор",
    dispatcher="Диспетчер",
    intro="Учётной записи ещё нет. Придумайте имя (строчные латинские буквы и цифры) и пароль от 12 знаков. "
    "Ссылка действует один раз.",
    name="Имя",
    password="Пароль",  # noqa: S106 - a label
    again="Пароль ещё раз",
    button="Создать",
    over="Ссылка уже использована или устарела. Если администратора ещё нет, перезапустите хаб: он напечатает "
    "новую; либо выполните irzhub user add ИМЯ --role admin.",
    differ="Пароли не совпадают.",
)
_EN: Final = SetupTexts(
    lang="en",
    title="The first administrator",
    dispatcher="Dispatcher",
    intro="There is no account yet. Choose a name (small letters and digits) and a password of at least 12 characters. "
    "The link works once.",
    name="Name",
    password="Password",  # noqa: S106 - a label
    again="Password again",
    button="Create",
    over="This link was used, or its time is over. If there is no administrator yet, restart the hub: it prints a new "
    "one; or run irzhub user add NAME --role admin.",
    differ="The two passwords differ.",
)
SETUP_TEXTS: Final = {"ru": _RU, "en": _EN}

# The box of the dispatcher's own sign-in: the same measures, without its scripts.
_STYLE: Final = (
    "body{min-height:100vh;display:flex;flex-direction:column;justify-content:center;padding:16px;font-size:13px}"
    "main{width:100%;max-width:360px;border-radius:6px;padding:0}section{padding:24px}"
    "header{width:100%;max-width:360px;height:auto;line-height:24px;padding:0 0 8px}header span{font-size:12px}"
    "h1{font:600 16px/24px var(--font);margin:0 0 8px}p{color:var(--text2);margin:0 0 16px}"
    "p[role=alert]{color:var(--bad)}"
    "label{display:flex;flex-direction:column;gap:4px;margin:0 0 12px;color:var(--text2)}"
    "input,button{font:inherit;height:34px;padding:0 10px;border-radius:3px;width:100%}"
    "input{border:1px solid var(--line2);background:var(--surface);color:var(--text)}"
    "input:focus{outline:2px solid var(--accent);outline-offset:0}"
    "button{margin-top:4px;border:1px solid var(--accent);background:var(--accent);color:var(--surface);"
    "font-weight:600;cursor:pointer}button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}"
    "@media(max-width:700px){input,button{height:44px;font-size:16px}}"
)


def render_form(texts: SetupTexts, secret: str, name: str = "", complaint: str = "") -> str:
    """Return the form; `complaint` says what was wrong with the try before."""
    wrong = f'<p role="alert"><b>{escape(complaint)}</b></p>' if complaint else ""
    return _page(
        texts,
        f'<p>{escape(texts.intro)}</p>{wrong}<form method="post" action="/setup?lang={texts.lang}">'
        f'<input type="hidden" name="secret" value="{escape(secret)}">'
        f"<label>{escape(texts.name)}"
        f'<input name="name" required maxlength="64" pattern="[a-z0-9][a-z0-9._@\\-]*" autocomplete="username" '
        f'value="{escape(name)}" autofocus></label>'
        f"{_password(texts.password, 'password')}{_password(texts.again, 'again')}"
        f"<button>{escape(texts.button)}</button></form>",
    )


def render_over(texts: SetupTexts) -> str:
    """Return the page of a link that leads nowhere any more."""
    return _page(texts, f"<p>{escape(texts.over)}</p>")


def _password(label: str, name: str) -> str:
    field = f'<input name="{name}" type="password" required minlength="12" maxlength="256" autocomplete="new-password">'
    return f"<label>{escape(label)}{field}</label>"


def _page(texts: SetupTexts, body: str) -> str:
    return (
        f'<!doctype html><html lang="{texts.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        '<link rel="icon" href="data:,">'
        f"<title>{escape(texts.title)} · irzhub</title><style>{STYLE}{_STYLE}</style></head><body>"
        f"<header><b>irzhub</b><span>{escape(texts.dispatcher)}</span></header><main><section><h1>{escape(texts.title)}</h1>{body}</section></main>"
        "</body></html>"
    )
