"""Why links were lost, in Russian and English."""

import pytest

from irzhub.alerts.loss_words import why_lost


@pytest.mark.parametrize(
    ("said", "russian"),
    [
        ("no byte from the modem for 127 s", "нет keepalive 127 с"),
        ("the modem closed the connection", "модем закрыл соединение"),
        ("the link is dead: Connection timed out", "канал связи оборвался"),
        ("replaced by a newer session from 10.1.2.3:40001", "сменён новым сеансом с 10.1.2.3:40001"),
        (
            "the hub has settings for it: it has to dial in anew",
            "хаб попросил перезвонить: для модема есть настройки или прошивка",
        ),
    ],
)
def test_the_relay_is_understood_in_russian(said: str, russian: str) -> None:
    assert why_lost(said, "ru") == russian
    assert why_lost(said, "en") == said


@pytest.mark.parametrize("said", ["", "нет питания", "the modem closed the connection twice"])
def test_what_has_no_words_stays_as_it_came(said: str) -> None:
    assert why_lost(said, "ru") == said
