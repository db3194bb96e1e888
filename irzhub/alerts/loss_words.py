"""Why a link was lost, in the language of who reads it: the relay says it in English, and so it is kept."""

from typing import Final

from irzhub.alerts.saying import Saying, Sayings

_LOSSES: Final = Sayings(
    (
        Saying("link.closed_by_modem", "the modem closed the connection", "модем закрыл соединение"),
        Saying("link.closed", "the connection was closed", "соединение закрыто"),
        Saying("link.silent", "no byte from the modem for {seconds:d} s", "нет keepalive {seconds} с"),
        Saying("link.dead", "the link is dead: {why}", "канал связи оборвался"),
        Saying("link.reset", "the connection was reset: {why}", "соединение сброшено"),
        Saying("link.replaced", "replaced by a newer session from {address:w}", "сменён новым сеансом с {address}"),
        Saying(
            "link.hello_again",
            "the modem said hello again on the same connection",
            "модем поздоровался заново в том же соединении",
        ),
        Saying("link.hello_as_other", "the modem said hello again as {name:w}", "модем назвался другим: {name}"),
        Saying(
            "link.hello_wrong_password",
            "the modem said hello again with a wrong password",
            "модем поздоровался заново с неверным паролем",
        ),
        Saying("link.two_hellos", "the modem said two different hellos at once", "модем назвался дважды и по-разному"),
        Saying("link.hub_failed", "the hub failed on what the modem sent", "хаб не справился с тем, что прислал модем"),
        Saying(
            "link.newer_takes",
            "it takes settings or firmware on a newer connection",
            "принимает настройки или прошивку в новом соединении",
        ),
        Saying(
            "link.has_to_redial",
            "the hub has {what} for it: it has to dial in anew",
            "хаб попросил перезвонить: для модема есть настройки или прошивка",
        ),
        Saying("link.deleted", "the modem was deleted here", "модем удалён из хаба"),
        Saying("link.disconnected", "disconnected by the hub", "отключён хабом"),
        Saying("link.hub_stops", "the hub stops", "хаб остановлен"),
        Saying(
            "link.not_back",
            "it was online before the hub was restarted and has not dialled in since",
            "не вернулся после перезапуска хаба",
        ),
        Saying(
            "link.worker_ended",
            "the relay's worker that served it ended; it is started again",
            "процесс хаба перезапущен",
        ),
    )
)


def why_lost(detail: str, language: str) -> str:
    """Return why a link was lost; what has no words in that language is returned as it came."""
    return _LOSSES.words(detail, language)
