"""A schedule and a mail in all their columns."""

from typing import Final

from irzhub.storage.report_mails import ReportMail, ReportSchedule
from tests.storage.rows import MODEM, NOW

SCHEDULE: Final = ReportSchedule(
    id="01R00000000000000000000001",
    name="Сводка утром",
    kind="reading_summary",
    period="yesterday",
    filters={"modem": "", "group": "Север", "organisation": ""},
    limits={"organisations": ["north"], "groups": None},
    forms=["xlsx", "pdf"],
    recipients=["duty@example.ru"],
    at="07:00",
    weekdays=[1, 5],
    month_day=31,
    time_zone="Europe/Moscow",
    language="ru",
    is_enabled=True,
    created_at=NOW,
    created_by="анна",
    updated_at=NOW,
    next_at=NOW,
    last_at=NOW,
)
MAIL: Final = ReportMail(
    id="01R00000000000000000000002",
    schedule=SCHEDULE.id,
    recipient="duty@example.ru",
    wanted={"kind": "signal", "modem": MODEM},
    forms=["csv"],
    status="waiting",
    attempts=2,
    error="почтовый сервер молчит",
    created_at=NOW,
    created_by="анна",
    next_at=NOW,
    finished_at=NOW,
)
