"""One bot of Telegram: what it is asked, and what its answers mean for a message."""

import json
from typing import Any, Final, Literal, TypeAlias

from irzhub.api import Answer, IrzhubError, NoAnswer, Outbound, TargetRefused, printable

Status: TypeAlias = Literal["later", "unknown", "refused"]
LONGEST: Final = 4096
"""Of a message, in units of UTF-16, as Telegram counts."""
_ANSWER_S: Final = 20.0
_MOST_WAIT_S: Final = 3600.0
_SAID_LENGTH: Final = 300
_NOT_A_BOT: Final = (401, 404)
_TOO_MANY: Final = 429
_THEIR_FAULT: Final = 500


class BotTrouble(IrzhubError):
    """A message that was not taken, or may not have been; the text never holds the token.

    Attributes:
        status: what becomes of the message.
        retry_after_s: how long Telegram wants us to wait, None when it did not say.
        is_of_the_bot: no message of this bot would go out now.
    """

    def __init__(
        self, status: Status, text: str, retry_after_s: float | None = None, *, is_of_the_bot: bool = False
    ) -> None:
        super().__init__(text)
        self.status = status
        self.retry_after_s = retry_after_s
        self.is_of_the_bot = is_of_the_bot


class Bot:
    """Calls the bot interface over the hub's one HTTP client.

    Args:
        api: its address, without a slash at the end.
        token: stands in the path of each request, so no error may repeat the path.
    """

    def __init__(self, outbound: Outbound, api: str, token: str) -> None:
        self._outbound = outbound
        self._base = f"{api}/bot{token}"

    async def send(self, chat: str, text: str, *, is_silent: bool = False) -> str:
        """Send a text, as it is, to a chat and return the number of the message.

        A group that has become a supergroup has a new id, which Telegram tells: the text goes there.

        Raises:
            BotTrouble: it was not taken, or nobody knows.
        """
        message = {"text": shortened(text), "disable_notification": is_silent, "link_preview_options": _NO_PREVIEW}
        status, answer = await self._ask("sendMessage", message | {"chat_id": chat})
        moved_to = _parameters(answer).get("migrate_to_chat_id")
        if not answer.get("ok") and isinstance(moved_to, int):
            status, answer = await self._ask("sendMessage", message | {"chat_id": moved_to})
        if answer.get("ok"):
            result = answer.get("result")
            return str(result.get("message_id", ""))[:40] if isinstance(result, dict) else ""
        raise _trouble(status, answer)

    async def name(self) -> str:
        """Return the user name of the bot.

        Raises:
            BotTrouble: it does not answer, or the token is of no bot.
        """
        status, answer = await self._ask("getMe", {})
        result = answer.get("result")
        if answer.get("ok") and isinstance(result, dict):
            return printable(str(result.get("username", "")))[:64]
        raise _trouble(status, answer)

    async def _ask(self, method: str, about: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        body = json.dumps(about).encode()
        headers = {"Content-Type": "application/json"}
        try:
            answer = await self._outbound.request(
                "POST", f"{self._base}/{method}", body=body, headers=headers, timeout_s=_ANSWER_S
            )
        except TargetRefused as error:
            raise BotTrouble("refused", str(error), is_of_the_bot=True) from error
        except NoAnswer as error:
            raise BotTrouble("unknown" if error.is_sent else "later", str(error), is_of_the_bot=True) from error
        return answer.status, _object(answer)


_NO_PREVIEW: Final = {"is_disabled": True}  # Telegram would fetch the link that acknowledges, and so acknowledge


def shortened(text: str) -> str:
    """Return a text that Telegram takes: whole, not empty, at most 4,096 units of UTF-16."""
    encoded = text.encode("utf-16-le", "replace")
    if len(encoded) > 2 * LONGEST:
        encoded = encoded[: 2 * (LONGEST - 1)]
        return encoded.decode("utf-16-le", "ignore") + "…"
    return encoded.decode("utf-16-le").strip() or "…"


def _object(answer: Answer) -> dict[str, Any]:
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _parameters(answer: dict[str, Any]) -> dict[str, Any]:
    parameters = answer.get("parameters")
    return parameters if isinstance(parameters, dict) else {}


def _trouble(status: int, answer: dict[str, Any]) -> BotTrouble:
    said = printable(str(answer.get("description", "")))[:_SAID_LENGTH] or f"HTTP status {status}"
    if status == _TOO_MANY:
        wait = _parameters(answer).get("retry_after")
        seconds = float(min(wait, _MOST_WAIT_S)) if isinstance(wait, int | float) and wait > 0 else None
        return BotTrouble("later", said, seconds)
    if status in _NOT_A_BOT:
        return BotTrouble("refused", f"the token is of no bot ({said})", is_of_the_bot=True)
    if status >= _THEIR_FAULT or not answer or status < 400:  # a proxy on the way, or Telegram itself
        return BotTrouble("later", said, is_of_the_bot=True)
    return BotTrouble("refused", said)
