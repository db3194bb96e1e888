"""What the outbox itself says: counts, groups of messages, budgets; in the recipient's language."""

from collections.abc import Sequence
from typing import Final

from irzhub.storage.outbox import OutboxRow

_SHOWN: Final = 3
_CHANNELS: Final = {
    "sms": ("SMS", "SMS"),
    "call": ("звонков", "calls"),
    "email": ("писем", "mails"),
    "telegram": ("сообщений Telegram", "Telegram messages"),
    "webhook": ("вебхуков", "webhooks"),
    "mqtt": ("сообщений MQTT", "MQTT messages"),
}
_MAIL_SHOWN: Final = 200
_NAME_LENGTH: Final = 40
_TEXT_LIMIT: Final = 20_000
_GSM_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_EXTENDED: Final = frozenset("^{}\\[~]|€\f")


def sms_parts(text: str) -> int:
    """Return how many SMS a text needs: 160 or 153 characters of the GSM alphabet (3GPP TS 23.038), else 70 or 67."""
    if all(char in _GSM_BASIC or char in _GSM_EXTENDED for char in text):
        units, whole, part = len(text) + sum(char in _GSM_EXTENDED for char in text), 160, 153
    else:
        units, whole, part = len(text.encode("utf-16-be", "replace")) // 2, 70, 67
    return 1 if units <= whole else -(-units // part)


def duration_text(seconds: float, language: str) -> str:
    """Return a duration as people say it, e.g. `5 мин`."""
    units = ((86400, "д", "d"), (3600, "ч", "h"), (60, "мин", "min"), (1, "с", "s"))
    value = max(1, round(seconds))
    for size, russian, english in units:
        if value >= size:
            amount = value / size
            text = f"{amount:.1f}".rstrip("0").rstrip(".").replace(".", "," if language == "ru" else ".")
            return f"{text} {russian if language == 'ru' else english}"
    raise AssertionError("a duration is at least a second here")


def repeated_text(text: str, count: int, seconds: float, language: str) -> str:
    """Return the text of a follow-up: the newest of `count` messages that were folded in so many seconds."""
    if count < 2:
        return text
    lasted = duration_text(seconds, language)
    more = f"Всего повторов за {lasted}: {count}" if language == "ru" else f"{count} times in {lasted}"
    return f"{text}\n{more}"[:_TEXT_LIMIT]


def grouped_text(rows: Sequence[OutboxRow], names: Sequence[str], language: str) -> str:
    """Return one text for several messages: the first as it is, then how many more there are and of what.

    Args:
        rows: the messages, at least two, from old to new.
        names: what each is about, in the same order.
        language: `ru`, else English.
    """
    total = sum(row.count for row in rows)
    russian = language == "ru"
    if rows[0].channel == "email":
        shown = [row.text for row in rows[:_MAIL_SHOWN]]
        head = f"Сообщений: {total}" if russian else f"{total} messages"
        rest = len(rows) - len(shown)
        tail = ([f"… и ещё {rest}"] if russian else [f"… and {rest} more"]) if rest else []
        return "\n\n".join([head, *shown, *tail])[:_TEXT_LIMIT]
    others = list(dict.fromkeys(name[:_NAME_LENGTH] for name in names[1:] if name))
    listed = ", ".join(others[:_SHOWN])
    rest = len(others) - _SHOWN
    if rest > 0:
        listed += f" и др. ({rest})" if russian else f" and {rest} others"
    more = f"И ещё {total - rows[0].count}" if russian else f"And {total - rows[0].count} more"
    return f"{rows[0].text}\n{more}{f': {listed}' if listed else ''}"[:_TEXT_LIMIT]


def budget_title(channel: str, language: str) -> str:
    """Return the subject of the mail that says that a budget is spent."""
    russian, english = _CHANNELS.get(channel, (channel, channel))
    return f"Лимит {russian} на сегодня исчерпан" if language == "ru" else f"The budget of {english} for today is spent"


def budget_text(channel: str, whose: str, limit: int, language: str) -> str:
    """Return the mail that says that a budget is spent; `whose` is an address, empty for the channel as a whole."""
    russian, english = _CHANNELS.get(channel, (channel, channel))
    if language == "ru":
        about = f"для {whose}" if whose else "для всех получателей"
        return (
            f"Лимит {russian} {about} на сегодня исчерпан: {limit}.\nДальнейшие сообщения не отправляются, "
            "они видны в очереди уведомлений; аварийные идут по запасному каналу."
        )
    about = f"for {whose}" if whose else "for all recipients"
    return (
        f"The budget of {english} {about} for today is spent: {limit}.\nFurther messages are not sent; the queue "
        "of notifications shows them; alarms go by the fallback channel."
    )
