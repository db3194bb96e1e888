"""Reports over REST, on a whole hub with modems of the simulator: as tables, as files, by mail."""

import asyncio
import csv
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from irzhub.core.services import Delivery, DeliveryOutcome, delivery_on
from irzhub.reports.kinds import KINDS
from tests.web.routes.whole_hub import IMEI, WholeHub, whole_hub

REPORTS = "/api/v1/reports"


@pytest.fixture
async def whole(tmp_path: Path) -> AsyncIterator[WholeHub]:
    async with whole_hub(tmp_path) as made:
        yield made


async def test_reports_of_a_modem_that_came_and_went(whole: WholeHub) -> None:
    modem = await whole.dials()
    await whole.call("PATCH", f"/api/v1/modems/{IMEI}", {"name": "=HYPERLINK(1)", "group": "Север"})
    await modem.close()
    await whole.until(lambda: whole.hub.states.get(IMEI).link == "offline")
    await recorded(whole)

    listed = (await whole.call("GET", f"{REPORTS}?language=en", token="viewer")).json()
    assert [each["kind"] for each in listed["items"]] == list(KINDS)
    assert listed["items"][1]["title"] == "Availability"

    for kind in KINDS:
        reply = await whole.call("GET", f"{REPORTS}/{kind}?period=today", token="viewer")
        assert reply.status == 200, (kind, reply.body)
        page = reply.json()
        assert page["kind"] == kind
        names = {column["name"] for column in page["columns"]}
        assert all(names | {"id"} == item.keys() for item in page["items"])
        assert {each["form"] for each in page["charts"]} <= {"line", "columns", "stacked", "bars"}

    page = (await whole.call("GET", f"{REPORTS}/reconnects?period=today&language=ru")).json()
    assert page["title"] == "Разрывы связи"
    assert [(item["modem"], item["name"], item["breaks"]) for item in page["items"]] == [(IMEI, "=HYPERLINK(1)", 1)]
    totals = {each["name"]: each["value"] for each in page["totals"]}
    assert (totals["modems"], totals["breaks"]) == (1, 1)
    none = (await whole.call("GET", f"{REPORTS}/reconnects?period=today&group=Юг")).json()
    assert (none["items"], none["total"]) == ([], 0)

    usual = (await whole.call("GET", f"{REPORTS}/readings/usual", token="viewer")).json()
    assert usual == {"days": 0, "items": []}
    await _files(whole)


async def recorded(whole: WholeHub) -> None:
    """Wait until the history has the end of the session."""
    async with asyncio.timeout(20):
        while (
            not (await whole.call("GET", "/api/v1/sessions")).json()["items"][0:1]
            or not ((await whole.call("GET", "/api/v1/sessions")).json()["items"][0]["closed_at"])
        ):
            await asyncio.sleep(0.05)


async def _files(whole: WholeHub) -> None:
    path = f"{REPORTS}/reconnects/file?period=today&language=ru&form="
    sheet = await whole.call("GET", f"{path}xlsx", token="viewer")
    assert 'filename="reconnects_' in sheet.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(sheet.body))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert (IMEI, "s") in {(cell.value, cell.data_type) for cell in cells}
    assert ("=HYPERLINK(1)", "s") in {(cell.value, cell.data_type) for cell in cells}
    with zipfile.ZipFile(io.BytesIO(sheet.body)) as parts:
        assert any(name.startswith("xl/charts/") for name in parts.namelist())
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist() if "worksheets" in name)

    text = (await whole.call("GET", f"{path}csv")).body.decode("utf-8-sig")
    head, row = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert head[:2] == ["Модем", "Название"]
    assert row[:2] == [f'="{IMEI}"', "'=HYPERLINK(1)"]
    assert (await whole.call("GET", f"{path}pdf")).body.startswith(b"%PDF-1.")
    folder = whole.hub.settings.hub.data_dir / "reports"
    await whole.until(lambda: not list(folder.iterdir()))  # files go when they were taken


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("weather", 404),
        ("signal?period=ever", 400),
        ("signal?first=2026-02-30", 400),
        ("signal?first=2030-01-01", 400),
        ("signal?last=2026-01-01", 400),
        ("signal?first=2020-01-01&last=2026-01-01", 400),
        ("signal?period=today&first=2026-01-01", 400),
        ("signal/file?form=exe", 400),
        ("signal?modem=..%2F..", 400),
    ],
)
async def test_what_cannot_be_asked(whole: WholeHub, query: str, status: int) -> None:
    assert (await whole.call("GET", f"{REPORTS}/{query}")).status == status


async def test_a_report_is_mailed(whole: WholeHub) -> None:
    sent: list[Delivery] = []

    async def deliver(delivery: Delivery) -> DeliveryOutcome:
        sent.append(delivery)
        return DeliveryOutcome(status="sent")

    whole.hub.services.register(delivery_on("email"), deliver)
    await whole.dials()
    wanted: dict[str, Any] = {"period": "today", "recipients": ["duty@example.ru"], "forms": ["xlsx", "pdf"]}
    reply = await whole.call("POST", f"{REPORTS}/availability/mail", wanted, token="operator")
    assert reply.status == 202, reply.body
    await whole.until(lambda: sent)

    assert sent[0].to == "duty@example.ru"
    assert [file.name.rpartition(".")[2] for file in sent[0].attachments] == ["xlsx", "pdf"]
    assert sent[0].id == reply.json()["items"][0]["id"]

    async def status() -> str:
        listed = (await whole.call("GET", "/api/v1/report_mails")).json()["items"]
        return str(listed[0]["status"])

    while await status() != "sent":
        pass
    assert (await whole.call("POST", f"{REPORTS}/availability/mail", wanted, token="viewer")).status == 403
    bad = {**wanted, "recipients": ["a@b.ru\nBcc: x@y.ru"]}
    assert (await whole.call("POST", f"{REPORTS}/availability/mail", bad)).status == 422
