"""Why a link was lost, in the language of who reads it: the relay says it in English, and so it is kept."""

import re
from typing import Final

_SAID: Final = (
    ("the modem closed the connection", "модем закрыл соединение"),
    ("the connection was closed", "соединение закрыто"),
    (r"no byte from the modem for (\d+) s", r"нет keepalive \1 с"),
    (r"the link is dead: .*", "канал связи оборвался"),
    (r"the connection was reset: .*", "соединение сброшено"),
    (r"replaced by a newer session from (\S+)", r"сменён новым сеансом с \1"),
    ("the modem said hello again on the same connection", "модем поздоровался заново в том же соединении"),
    (r"the modem said hello again as (\S+)", r"модем назвался другим: \1"),
    ("the modem said hello again with a wrong password", "модем поздоровался заново с неверным паролем"),
    ("the modem said two different hellos at once", "модем назвался дважды и по-разному"),
    ("the hub failed on what the modem sent", "хаб не справился с тем, что прислал модем"),
    ("it takes settings or firmware on a newer connection", "принимает настройки или прошивку в новом соединении"),
    (
        r"the hub has .+ for it: it has to dial in anew",
        "хаб попросил перезвонить: для модема есть настройки или прошивка",
    ),
    ("the modem was deleted here", "модем удалён из хаба"),
    ("disconnected by the hub", "отключён хабом"),
    ("the hub stops", "хаб остановлен"),
    (
        "it was online before the hub was restarted and has not dialled in since",
        "не вернулся после перезапуска хаба",
    ),
    ("the relay's worker that served it ended; it is started again", "процесс хаба перезапущен"),
)
_RUSSIAN: Final = tuple((re.compile(said), russian) for said, russian in _SAID)


def why_lost(detail: str, language: str) -> str:
    """Return why a link was lost; what has no words in that language is returned as it came."""
    if language == "ru":
        for pattern, russian in _RUSSIAN:
            if (found := pattern.fullmatch(detail)) is not None:
                return found.expand(russian)
    return detail
