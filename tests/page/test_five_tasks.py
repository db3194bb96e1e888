"""What a duty operator does most, by clicks alone: each task within six clicks and half a minute.

The effect of each is looked at behind the page: at the simulated modem, at the mail server, and over REST.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import expect

from irzhub.simulator.modem import SimulatedModem
from tests.page.district import FIRST, GROUPS, MODEMS, NAMES, SILENT, District, district
from tests.page.hand import Hand

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(180)]

SOON_S: Final = 20.0
SOON_MS: Final = 1000 * SOON_S
OUTPUT: Final = 4
SWITCHED: Final = 2
REPLACED: Final = 5
NEW: Final = "868000000000999"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(page_built: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[District]:
    async with district(tmp_path_factory.mktemp("tasks") / "hub") as found:
        yield found


async def test_an_output_is_switched(place: District) -> None:
    page, modem = place.someone.page, place.fleet.modems[SWITCHED]
    assert not modem.pins.is_high(OUTPUT)
    await place.begin()
    async with Hand(page, "switch an output") as hand:
        await hand.click(place.row(SWITCHED))
        await hand.click(page.get_by_role("group", name=f"Выход {OUTPUT}").get_by_role("button", name="вкл"))
        await hand.click(page.get_by_role("dialog").get_by_role("button", name="вкл"))
        await expect(
            page.get_by_role("group", name=f"Выход {OUTPUT}").get_by_role("button", name="вкл")
        ).to_have_attribute("aria-pressed", "true", timeout=SOON_MS)

    assert modem.pins.is_high(OUTPUT)
    assert (await place.modem(SWITCHED))["gpo"] == {str(OUTPUT): "ON"}


async def test_a_report_is_mailed(place: District) -> None:
    page = place.someone.page
    await place.begin()
    async with Hand(page, "mail a report") as hand:
        await hand.click(page.get_by_role("link", name="Отчёты"))
        await hand.click(page.get_by_role("button", name="Отправить письмом"))
        await hand.type("duty@example.ru")
        await hand.click(page.get_by_role("dialog").get_by_role("button", name="Отправить"))
        await expect(page.locator(".toast").last).to_contain_text("1 письмо поставлено в очередь")
        await until(lambda: bool_of(place.postman.letters))

    assert place.postman.letters[0].rcpt_tos == ["duty@example.ru"]
    letter = place.postman.read()
    assert letter["Subject"].startswith("Доступность связи: ")
    sheet, document = letter.iter_attachments()
    assert sheet.get_content().startswith(b"PK")
    assert document.get_content().startswith(b"%PDF")


async def test_the_cause_of_a_failed_reading_is_found(place: District) -> None:
    page = place.someone.page

    async def is_counted() -> bool:
        return bool((await place.get("reports/readings?cause=meter_silent"))["items"])

    await until(is_counted)
    await place.begin()
    async with Hand(page, "find the cause of a failed reading") as hand:
        await hand.click(page.get_by_role("link", name="Сводка опроса"))
        row = page.get_by_role("row", name=NAMES[SILENT])
        await expect(row).to_contain_text("Запрос дошёл, ответа нет")
        await expect(row).to_contain_text("Питание прибора, затем RS-485")
        await hand.click(row)
        await hand.click(page.get_by_role("tab", name="Запись обмена"))
        await expect(page.locator(".box")).to_contain_text("01 03 00 00 00 02")
        await expect(page.locator(".box")).to_contain_text("Ответа не было")

    [reading] = (await place.get("reports/readings?cause=meter_silent"))["items"]
    assert (reading["modem"], reading["answered"]) == (str(FIRST + SILENT), 0)


async def test_a_modem_is_replaced(place: District) -> None:
    page, old = place.someone.page, place.fleet.modems[REPLACED]
    before = await place.modem(REPLACED)
    old.switch_off()
    async with SimulatedModem("127.0.0.1", place.hub.modem_port, NEW) as new:
        await place.someone.open("/")
        await expect(page.locator("[data-count=total] .num")).to_have_text(str(MODEMS + 1))
        async with Hand(page, "replace a modem") as hand:
            await hand.click(place.row(REPLACED))
            await hand.click(page.get_by_role("button", name="Ещё", exact=True))
            await hand.click(page.get_by_role("button", name="Замена модема"))
            await hand.click(page.get_by_role("dialog").get_by_role("radio", name=NEW))
            await hand.click(page.get_by_role("dialog").get_by_role("button", name="Заменить"))
            await expect(page).to_have_url(f"{place.someone.root}/modems/{NEW}")
            await expect(page.locator("h1")).to_have_text(NAMES[REPLACED])
            await new.wait_for("online", SOON_S)
            await expect(page.locator(".mh .st").first).to_have_text("На связи", timeout=SOON_MS)

        now = await place.get(f"modems/{NEW}")
        assert {key: now[key] for key in ("name", "group", "port", "state")} == {
            "name": NAMES[REPLACED],
            "group": GROUPS[0],
            "port": before["port"],
            "state": "online",
        }
        async with place.http.get(f"api/v1/modems/{FIRST + REPLACED}") as answer:
            assert answer.status == 404


async def test_an_outage_of_a_district_is_acknowledged(place: District) -> None:
    page = place.someone.page
    south = place.fleet.modems[MODEMS // 2 :]
    await place.begin()
    async with Hand(page, "acknowledge an outage of a district") as hand:
        for modem in south:
            modem.drop(redial_s=600)
        await expect(page.locator("a.alarm")).to_contain_text(GROUPS[1], timeout=SOON_MS)
        await hand.click("a.alarm")
        await expect(page.locator(".d")).to_contain_text(f"Одна причина: {GROUPS[1]}")
        await hand.click(page.locator(".d").get_by_role("button", name="Квитировать"))
        await expect(page.locator(".toast").last).to_contain_text("квитирована")

    number = int(page.url.rsplit("/", 1)[1])
    incident = await place.get(f"alerts/{number}")
    assert (incident["kind"], incident["members"], incident["acknowledged_by"]) == ("common_cause", len(south), "admin")
    await expect(page.locator("a.alarm.ack")).to_contain_text(GROUPS[1])


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it is so."""
    async with asyncio.timeout(SOON_S):
        while not await holds():
            await asyncio.sleep(0.1)


async def bool_of(value: object) -> bool:
    return bool(value)
