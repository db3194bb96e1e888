"""The keys of `irzhub.yaml` about commands and jobs; `schema.py` says what a schema is for."""

from typing import Final

from irzhub.config.schema_keys import key
from irzhub.config.validators import Duration, Number, Text

COMMANDS: Final = {
    key(
        "answer_timeout",
        "30s",
        "how long a modem's answer to a command is waited for",
        "сколько ждать ответа модема на команду",
    ): Duration(1, 300),
    key(
        "attempts",
        2,
        "how often a command is tried that may be carried out twice without harm; others once",
        "сколько раз повторять команду, которую не вредно выполнить дважды; остальные отправляются один раз",
    ): Number(1, 5),
    key("retry_pause", "1.5s", "pause before the next try", "пауза перед повтором"): Duration(0, 60),
    key(
        "sms_password",
        "5492",
        "SMS password of the modems, first word of a control SMS",
        "SMS-пароль модемов, первое слово управляющего SMS",
        is_secret=True,
    ): Text("4 to 6 characters without spaces", r"[!-~]{4,6}"),
    key("keep_days", 400, "how long ended commands are kept", "сколько дней хранить выполненные команды"): Number(
        1, 36500
    ),
}

JOBS: Final = {
    key(
        "concurrency",
        32,
        "modems that one kind of job works with at once",
        "со сколькими модемами задание одного вида работает одновременно",
    ): Number(1, 1000),
    key(
        "staged_above",
        10,
        "a dangerous change for more modems wants a second person and goes in steps: 5, 50, a tenth, all",
        "опасное изменение на большем числе модемов ждёт второго человека и идёт шагами: 5, 50, десятая часть, все",
    ): Number(1, 100000),
    key(
        "return_within",
        "15m",
        "how long the modems of a step may take to be back",
        "за какое время модемы шага должны вернуться на связь",
    ): Duration(1, 86400),
    key(
        "lost_percent",
        2,
        "share of a step's modems, at least one, whose loss stops the job",
        "доля модемов шага (не меньше одного), потеря которой останавливает задание",
    ): Number(1, 100),
    key("keep_days", 400, "how long ended jobs are kept", "сколько дней хранить завершённые задания"): Number(1, 36500),
}
