"""The status page: what it tells, to whom, in which language, and what it never tells."""

import html
import re
from html.parser import HTMLParser

import pytest

from irzhub.core.hub import HubPhaseChanged
from tests.web.conftest import IMEI, Hub, Knocker

AWAY = {"X-Forwarded-For": "203.0.113.5"}
EVIL = "<script>alert(1)</script>\"'&"


class Balance(HTMLParser):
    """Fails when an element is closed that is not open."""

    VOID = frozenset({"meta", "link", "path", "circle", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def words(page: str) -> str:
    """Return what a reader sees, with single spaces."""
    body = re.sub(r"<style>.*?</style>", "", page.partition("<body>")[2], flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


async def page(hub: Hub, language: str = "ru", **options: object) -> str:
    reply = await hub.get(f"/status?lang={language}", token=None, **options)
    assert (reply.status, reply.headers["Content-Language"]) == (200, language)
    balance = Balance()
    balance.feed(reply.text)
    assert balance.open == []
    return reply.text


async def test_it_counts_the_modems(hub: Hub) -> None:
    hub.add_modem(link="online", clients=2, default_password=True)
    hub.add_modem("868441036775235", link="online")
    hub.add_modem("868441036775236", link="offline")
    hub.registry.knocking = [Knocker("868441036775299", "868441036775299")]
    hub.bus.publish(HubPhaseChanged("online", 12.4, 2, 1))

    seen = words(await page(hub))

    assert "Работает Модемы и программы опроса обслуживаются, все части на месте." in seen
    assert "2 на связи 1 нет связи 1 ожидают допуска 2 программ опроса подключено" in seen
    assert "С паролем поставщика (5492) работают модемов: 1." in seen
    assert "После запуска за 12,4 с вернулись 2, не вернулись 1" in seen


async def test_it_says_the_same_in_english(hub: Hub) -> None:
    hub.add_modem(link="online")
    hub.bus.publish(HubPhaseChanged("online", 2.0, 1, 0))

    seen = words(await page(hub, "en"))

    assert "Running Modems and polling programs are served, every part is in place." in seen
    assert "1 online 0 offline 0 polling programs connected" in seen
    assert "all modems were back within 2.0 s: 1" in seen


async def test_a_part_that_is_away_comes_with_cause_check_and_action(hub: Hub) -> None:
    hub.health.set("database", "down", "Can't connect to 10.0.0.9")

    seen = words(await page(hub))

    assert "Работает, не всё на месте" in seen
    assert "База данных истории недоступно База истории не отвечает" in seen
    assert "Can't connect to 10.0.0.9 Проверьте: database.url" in seen
    assert "Сделайте: Запустите базу." in seen


async def test_a_visitor_from_afar_is_not_told_the_causes(hub: Hub) -> None:
    hub.health.set("database", "down", "Can't connect to 10.0.0.9")

    seen = words(await page(hub, headers=AWAY))

    assert "10.0.0.9" not in seen
    assert "База истории не отвечает" in seen
    assert "Точные причины видны с машины хаба" in seen


async def test_it_never_shows_who_the_modems_are(hub: Hub) -> None:
    hub.add_modem(name="Котельная", group="Север", peer="10.1.2.3:4001", iccid="8970101234567890123")
    hub.registry.knocking = [Knocker("868441036775299", "868441036775299")]

    text = await page(hub)

    for secret in (IMEI, "868441036775299", "Котельная", "Север", "10.1.2.3", "8970101234567890123", "20000:"):
        assert secret not in text


async def test_what_comes_from_outside_is_escaped(hub: Hub) -> None:
    hub.health.set("mqtt", "down", EVIL)
    hub.health.set(EVIL, "down")

    text = await page(hub, headers={"Host": 'localhost:1"><script>x'})

    assert "<script" not in text


async def test_a_hub_without_modems_says_where_to_direct_one(hub: Hub) -> None:
    assert "Модемов пока нет. Направьте модем на адрес этой машины, порт 5009." in words(await page(hub))


async def test_a_hub_that_is_not_ready_says_so(hub: Hub) -> None:
    hub.health.set("local_store", "down", "disk full")

    assert "Не готов" in words(await page(hub))
    assert "Not ready" in words(await page(hub, "en"))


async def test_the_trial_broker_is_named_to_everyone(hub: Hub) -> None:
    hub.health.set("broker", "up", "amqtt for trial, MQTT 3.1.1")

    seen = words(await page(hub, headers=AWAY))

    assert "Брокер MQTT встроенный, amqtt" in seen
    assert "Брокер пробный (amqtt)" in seen


@pytest.mark.parametrize(
    ("accepted", "language"), [("en-US,en;q=0.9", "en"), ("ru", "ru"), ("de", "ru"), ("de,en;q=0.5,ru;q=0.4", "en")]
)
async def test_the_browser_chooses_the_language(hub: Hub, accepted: str, language: str) -> None:
    reply = await hub.get("/status", token=None, headers={"Accept-Language": accepted})

    assert reply.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in reply.text


async def test_it_runs_no_script_and_asks_nobody_else(hub: Hub) -> None:
    text = await page(hub)

    assert "<script" not in text
    assert not re.search(r"(src|href)=\"(https?:)?//", text)
    assert not re.search(r"\son\w+=", text)
