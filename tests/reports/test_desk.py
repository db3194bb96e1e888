"""The desk makes one report at a time, beside the loop."""

import asyncio
import dataclasses
from pathlib import Path
from typing import Any

import pytest

from irzhub.reports.desk import FORMS, MEDIA, ReportDesk, TooManyReports
from irzhub.storage.errors import DatabaseUnavailable
from tests.reports.fleet import ONE, past, wanted


async def test_a_report_and_its_files(tmp_path: Path) -> None:
    async with past(tmp_path) as made:
        desk = ReportDesk(made.ground, tmp_path)
        (tmp_path / "reports").mkdir()
        (tmp_path / "reports" / "left.xlsx").write_text("of an earlier hub")
        await desk.open()
        assert list((tmp_path / "reports").iterdir()) == []

        sheet = await desk.make(wanted("availability"))
        assert (sheet.whose, len(sheet.report.rows)) == ("все модемы", 3)
        for form in FORMS:
            async with desk.file(sheet, form) as path:
                assert path.stat().st_size > 300
                assert form in MEDIA
            assert not path.exists()


async def test_who_asks_again_soon_gets_the_same(tmp_path: Path) -> None:
    async with past(tmp_path) as made:
        desk = ReportDesk(made.ground, tmp_path)
        first = await desk.make(wanted("signal"))
        assert await desk.make(wanted("signal")) is first
        assert await desk.make(wanted("signal", limit_organisations=())) is not first
        made.clock.passed_s = 61
        assert await desk.make(wanted("signal")) is not first


async def test_whose_it_is_in_words(tmp_path: Path) -> None:
    async with past(tmp_path) as made:
        desk = ReportDesk(made.ground, tmp_path)
        told = [
            (await desk.make(wanted("signal", **about))).whose
            for about in ({"modem": ONE}, {"modem": "Nobody-7"}, {"group": "Север", "organisation": "north"})
        ]

    assert told == [f"Котельная 1 ({ONE})", "Nobody-7", "Север, north"]


async def test_too_many_at_once_are_told_to_come_again(tmp_path: Path) -> None:
    async with past(tmp_path) as made:
        desk = ReportDesk(made.ground, tmp_path)
        asked = [desk.make(wanted("signal", group=str(number))) for number in range(12)]
        answers = await asyncio.gather(*asked, return_exceptions=True)

    assert sum(isinstance(answer, TooManyReports) for answer in answers) == 4
    assert not any(isinstance(answer, Exception) and not isinstance(answer, TooManyReports) for answer in answers)


async def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    async def away(*_: Any, **__: Any) -> None:
        raise DatabaseUnavailable("no answer within 60 s")

    async with past(tmp_path) as made:
        ground = dataclasses.replace(made.ground, history=made.history)
        made.history.read_much = away  # type: ignore[method-assign, assignment]
        with pytest.raises(DatabaseUnavailable):
            await ReportDesk(ground, tmp_path).make(wanted("signal"))
