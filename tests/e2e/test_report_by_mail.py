"""A report on its whole way: asked for over REST, made of the history, taken by a mail server with its files."""

import asyncio
import io
from pathlib import Path
from typing import Any

import openpyxl

from tests.integrations.smtp.conftest import mail_server
from tests.integrations.smtp.test_setup import settings
from tests.web.routes.whole_hub import IMEI, whole_hub


async def test_a_report_reaches_a_mailbox(tmp_path: Path) -> None:
    async with mail_server() as server:
        smtp = settings(host="127.0.0.1", port=server.port, tls="none", sender="hub@example.ru")
        async with whole_hub(tmp_path, integrations={"smtp": dict(smtp)}) as whole:
            await whole.dials()
            await whole.call("PATCH", f"/api/v1/modems/{IMEI}", {"name": "Котельная 1"})
            wanted: dict[str, Any] = {"period": "today", "recipients": ["duty@почта.рф"], "forms": ["xlsx", "pdf"]}
            taken = await whole.call("POST", "/api/v1/reports/availability/mail", wanted)
            assert taken.status == 202, taken.body
            await whole.until(lambda: server.postman.letters)
            [mail] = taken.json()["items"]
            async with asyncio.timeout(10):
                while True:
                    [shown] = (await whole.call("GET", "/api/v1/report_mails")).json()["items"]
                    if shown["status"] == "sent":
                        break
                    await asyncio.sleep(0.05)

    assert server.postman.letters[0].rcpt_tos == ["duty@xn--80a1acny.xn--p1ai"]
    letter = server.postman.read()
    assert letter["Message-ID"] == f"<{mail['id']}@example.ru>"
    assert letter["Subject"].startswith("Доступность связи: ")
    body = letter.get_body(("plain",))
    assert body is not None
    assert "Выборка: все модемы" in body.get_content()
    sheet, page = letter.iter_attachments()
    assert page.get_content().startswith(b"%PDF")
    cells = [
        cell.value for row in openpyxl.load_workbook(io.BytesIO(sheet.get_content())).worksheets[0] for cell in row
    ]
    assert {IMEI, "Котельная 1"} <= set(cells)
