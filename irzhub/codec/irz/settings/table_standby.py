"""Standby, SMS and phone numbers (`docs/protocol.md` 2.4 and 2.5)."""

from typing import Final

from irzhub.codec.irz.settings.setting import Setting, Words, choice, flag, number, text

_AWAY: Final = Words(
    "Модем в ждущем режиме не на связи: вернуть его можно только звонком или SMS.",
    "A modem in standby is away: only a call or an SMS brings it back.",
)
_PIN: Final = (("0", "0", "0"), ("1", "1", "1"), ("2", "вход", "input"))

STANDBY: Final[tuple[Setting, ...]] = (
    Setting(
        name="WAIT_PAUSE",
        section="standby",
        words=Words("Ждущий режим после молчания", "Standby after silence"),
        fields=(number("minutes", "через, 0 никогда", "after, 0 never", 0, 255, 0, "min"),),
        is_dangerous=True,
        note=Words(
            "Самая частая причина того, что соединение закрывается.",
            "The most frequent reason why a connection closes.",
        ),
    ),
    Setting(
        name="WAIT_WORD",
        section="standby",
        words=Words("Слово для ждущего режима", "Word for standby"),
        fields=(text("word", "слово", "word", 32),),
        is_dangerous=True,
    ),
    Setting(
        name="WAIT_RUNTIME",
        section="standby",
        words=Words("Время на связи", "Time online"),
        first=0,
        last=5,
        fields=(number("minutes", "время", "time", 0, 10_080, None, "min"),),
        is_dangerous=True,
        note=_AWAY,
    ),
    Setting(
        name="WAIT_START_DELAY",
        section="standby",
        words=Words("Время в ждущем режиме", "Time in standby"),
        first=0,
        last=5,
        fields=(number("minutes", "время", "time", 0, 65535, None, "min"),),
        is_dangerous=True,
        note=_AWAY,
    ),
    Setting(
        name="WAIT_CALLDN",
        section="standby",
        words=Words("Звонок включает ждущий режим", "A call puts into standby"),
        first=0,
        last=5,
        fields=(number("group", "группа телефонов", "group of phones", 0, 15),),
        is_dangerous=True,
    ),
    Setting(
        name="WAIT_CALLUP",
        section="standby",
        words=Words("Звонок выводит на связь", "A call brings online"),
        first=0,
        last=5,
        fields=(number("group", "группа телефонов", "group of phones", 0, 15),),
        is_dangerous=True,
    ),
    Setting(
        name="WAIT_POWER",
        section="standby",
        words=Words("Ждущий режим после включения", "Standby after power-on"),
        first=0,
        last=5,
        fields=(flag("on", "да", "on", None),),
        is_dangerous=True,
        note=_AWAY,
    ),
    Setting(
        name="WAIT_GPIO_CNT",
        section="standby",
        words=Words("Ждущий режим по входам", "Standby by inputs"),
        first=0,
        last=5,
        fields=tuple(
            choice(f"pin{pin}", f"поле {pin}: 0 или 1 выход, 2 вход", f"field {pin}: 0 or 1 out, 2 in", None, *_PIN)
            for pin in range(1, 7)
        ),
        is_dangerous=True,
    ),
)

SMS: Final[tuple[Setting, ...]] = (
    Setting(
        name="SMS_SET",
        section="sms",
        words=Words("Вид исходящих SMS", "Form of outgoing SMS"),
        fields=(
            flag("time", "время", "time", "1"),
            flag("count", "номер", "number", "1"),
            number("edge", "фронт", "edge", 0, 1, 0),
        ),
    ),
    Setting(
        name="SMS_ATTP",
        section="sms",
        words=Words("Пауза между попытками SMS", "Pause between attempts of an SMS"),
        fields=(number("minutes", "пауза", "pause", 0, 65535, 20, "min"),),
    ),
    Setting(
        name="SMS_TEXT",
        section="sms",
        words=Words("Имя модема в SMS", "Name of the modem in SMS"),
        fields=(text("name", "имя, UCS-2", "name, UCS-2", 30, kind="hex"),),
    ),
    Setting(
        name="SMS_COUNT",
        section="sms",
        words=Words("Счётчик исходящих SMS", "Counter of outgoing SMS"),
        fields=(number("count", "счёт", "count", 0, 65535),),
    ),
    Setting(
        name="SMS_PWD",
        section="sms",
        words=Words("Пароль управляющих SMS", "Password of control SMS"),
        fields=(text("password", "пароль", "password", 6, "5492", shortest=4),),
        is_secret=True,
        is_dangerous=True,
    ),
)

PHONES: Final[tuple[Setting, ...]] = (
    Setting(
        name="TEL_NB",
        section="phones",
        words=Words("Номер телефона", "Phone number"),
        first=1,
        last=14,
        fields=(text("number", "номер", "number", 16, kind="phone"),),
    ),
    Setting(
        name="TEL_TXT",
        section="phones",
        words=Words("Имя телефона", "Name of a phone"),
        first=1,
        last=14,
        fields=(text("name", "имя, UCS-2", "name, UCS-2", 30, kind="hex"),),
    ),
    Setting(
        name="GROUP_TEL",
        section="phones",
        words=Words("Группа телефонов", "Group of phones"),
        first=1,
        last=14,
        fields=(number("mask", "маска: бит 0 телефон 1", "mask: bit 0 is phone 1", 0, 16_383),),
    ),
)
