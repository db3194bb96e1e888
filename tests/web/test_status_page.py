"""How figures and times are written on the status page."""

from dataclasses import replace

import pytest

from irzhub.core.health import PartHealth
from irzhub.core.hub import HubPhaseChanged
from irzhub.web.context import CONTEXT
from irzhub.web.status import StatusPicture, picture_of
from irzhub.web.status_page import render
from irzhub.web.texts import EN, RU, Texts
from tests.web.conftest import Hub
from tests.web.routes.test_status import words


@pytest.fixture
async def picture(hub: Hub) -> StatusPicture:
    return picture_of(hub.app[CONTEXT], shows_causes=True)


@pytest.mark.parametrize(
    ("seconds", "texts", "written"),
    [(0, RU, "0 с"), (59.9, RU, "59 с"), (3600, EN, "1 h"), (93784, RU, "1 д 2 ч"), (120, EN, "2 min")],
)
async def test_uptime(picture: StatusPicture, seconds: float, texts: Texts, written: str) -> None:
    seen = words(render(replace(picture, uptime_s=seconds), texts, "http://x"))

    assert f"{texts.facts['uptime']} {written} {texts.facts['phase']}" in seen.replace("\N{NO-BREAK SPACE}", " ")


async def test_large_numbers_are_grouped(picture: StatusPicture) -> None:
    seen = words(render(replace(picture, events=1234567, pending_events=1500), RU, "http://x"))

    assert "Событий в журнале 1 234 567, ждут записи: 1 500" in seen.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("comeback", "written"),
    [
        (None, "ждём возвращения модемов"),
        (HubPhaseChanged("online"), "ждать было некого"),
        (HubPhaseChanged("online", 1.25, 12000), "за 1,2 с вернулись все модемы: 12 000"),
    ],
)
async def test_the_comeback(picture: StatusPicture, comeback: HubPhaseChanged | None, written: str) -> None:
    seen = words(render(replace(picture, comeback=comeback), RU, "http://x"))

    assert f"После запуска {written}" in seen.replace("\N{NO-BREAK SPACE}", " ")


async def test_the_example_names_the_address_that_was_asked(picture: StatusPicture) -> None:
    assert "https://hub.example.ru/api/v1/modems" in words(render(picture, EN, "https://hub.example.ru"))


@pytest.mark.parametrize(
    ("texts", "said"), [(RU, "10.0.0.9: в соединении отказано"), (EN, "10.0.0.9: Connection refused")]
)
async def test_what_a_part_says_is_in_the_language_of_the_page(picture: StatusPicture, texts: Texts, said: str) -> None:
    part = PartHealth("database", "down", "10.0.0.9: Connection refused")

    assert said in words(render(replace(picture, parts=(part,)), texts, "http://x"))
