"""The modem itself, its clock, SIM cards and network (`docs/protocol.md` 2.4)."""

from typing import Final

from irzhub.codec.irz.settings.setting import Setting, Words, choice, flag, number, text

_PASSWORD_NOTE: Final = Words(
    "Заводской пароль 5492 знают все: смените его.", "Everybody knows the factory password 5492: change it."
)

MODEM: Final[tuple[Setting, ...]] = (
    Setting(
        name="ATM_PWD",
        section="modem",
        words=Words("Ввод сервисного пароля", "Enter the service password"),
        fields=(text("password", "пароль", "password", 6, shortest=4),),
        access="write",
        is_secret=True,
        is_dangerous=True,
        needs_restart=False,
    ),
    Setting(
        name="ATM_NEWPWD",
        section="modem",
        words=Words("Новый сервисный пароль", "New service password"),
        fields=(text("password", "пароль", "password", 6, "5492", shortest=4),),
        access="write",
        is_secret=True,
        is_dangerous=True,
        note=_PASSWORD_NOTE,
    ),
    Setting(
        name="ATM_RESET",
        section="modem",
        words=Words("Сброс к заводским настройкам", "Reset to factory settings"),
        access="action",
        is_dangerous=True,
        note=Words(
            "Стирает все настройки, кроме паролей. Это не «применить»: модем потеряет сервер.",
            "Erases all settings but the passwords. It does not mean “apply”: the modem loses its server.",
        ),
    ),
    Setting(name="ATM_ALL", section="modem", words=Words("Все настройки", "All settings"), access="read"),
    Setting(name="ATM_SOFT", section="modem", words=Words("Версия прошивки", "Firmware version"), access="read"),
    Setting(name="ATM_HARD", section="modem", words=Words("Версия платы", "Board version"), access="read"),
    Setting(name="ATM_NAME", section="modem", words=Words("Модель", "Model"), access="read"),
    Setting(name="ATM_IMEI", section="modem", words=Words("IMEI", "IMEI"), access="read"),
    Setting(
        name="ATM_PRTCL",
        section="modem",
        words=Words("Версия протокола настройки", "Version of the settings protocol"),
        access="read",
    ),
    Setting(name="ATM_BUILD", section="modem", words=Words("Сборка прошивки", "Firmware build"), access="read"),
    Setting(
        name="ATM_MTBF",
        section="modem",
        words=Words("Наработка, часы", "Hours of operation"),
        access="read",
        since="2.1",
    ),
    Setting(name="ATM_CSQ", section="modem", words=Words("Уровень сигнала", "Signal level"), access="read"),
    Setting(
        name="ATM_DEBUG",
        section="modem",
        words=Words("Вывод журнала", "Log output"),
        fields=(
            choice(
                "output",
                "куда",
                "where to",
                "1",
                ("0", "выключен", "off"),
                ("1", "USB", "USB"),
                ("2", "COM-порт", "COM port"),
            ),
        ),
    ),
    Setting(
        name="ATM_DBG",
        section="modem",
        words=Words("Вывод журнала до перезагрузки", "Log output until the restart"),
        fields=(
            choice(
                "output",
                "куда",
                "where to",
                None,
                ("0", "выключен", "off"),
                ("1", "USB", "USB"),
                ("2", "COM-порт", "COM port"),
            ),
        ),
        needs_restart=False,
    ),
    Setting(
        name="BOOT_SET",
        section="modem",
        words=Words("Применить и перезагрузить (USB)", "Apply and restart (USB)"),
        access="action",
        note=Words("Только через USB.", "By USB only."),
    ),
    Setting(
        name="BOOT_END",
        section="modem",
        words=Words("Применить и перезагрузить (GPRS)", "Apply and restart (GPRS)"),
        access="action",
        note=Words("Сервер добавляет эту строку сам.", "The hub adds this line itself."),
    ),
    Setting(
        name="WDT_INTV",
        section="modem",
        words=Words("Перезагрузка по таймеру", "Restart by timer"),
        fields=(number("hours", "период", "period", 0, 65535, 24, "h"),),
    ),
    Setting(
        name="WDT_CALL",
        section="modem",
        words=Words("Перезагрузка по звонку", "Restart by a call"),
        fields=(number("group", "группа телефонов", "group of phones", 0, 15),),
    ),
)

CLOCK: Final[tuple[Setting, ...]] = (
    Setting(
        name="RTC_SET",
        section="clock",
        words=Words("Часы модема", "Clock of the modem"),
        fields=(
            number("year", "год", "year", 2000, 2099),
            number("month", "месяц", "month", 1, 12),
            number("day", "день", "day", 1, 31),
            number("hour", "час", "hour", 0, 23),
            number("minute", "минута", "minute", 0, 59),
            number("second", "секунда", "second", 0, 59),
        ),
        needs_restart=False,
        note=Words(
            "По соединению 1 часы идут от ответа сервера.", "On connection 1 the clock is set from the hub's answer."
        ),
    ),
    Setting(
        name="RTC_EVENT",
        section="clock",
        words=Words("Событие по расписанию", "Event of the timetable"),
        first=1,
        last=32,
        fields=(
            choice(
                "group",
                "группа",
                "group",
                "0",
                ("0", "выключено", "off"),
                ("1", "SIM-карта", "SIM card"),
                ("2", "ждущий режим", "standby"),
                ("3", "перезагрузка", "restart"),
                ("4", "выходы", "outputs"),
                ("5", "сон", "sleep"),
            ),
            number("event", "событие группы", "event of the group", 0, 15),
            number("weekday", "день недели, 0 любой", "day of the week, 0 any", 0, 7),
            number(
                "day", "день месяца, 0 любой, 32 чётные, 33 нечётные", "day of the month, 0 any, 32 even, 33 odd", 0, 33
            ),
            number("hour", "час", "hour", 0, 23),
            number("minute", "минута", "minute", 0, 59),
        ),
        is_dangerous=True,
        note=Words(
            "Группа 2 уводит соединения в ждущий режим: неверное расписание оставит модем без связи. "
            "Группа 5 с прошивки 2.1.",
            "Group 2 puts connections into standby: a wrong timetable leaves the modem without a link. "
            "Group 5 since firmware 2.1.",
        ),
    ),
)

SIM: Final[tuple[Setting, ...]] = (
    Setting(
        name="SIM_MAIN",
        section="sim",
        words=Words("Основная SIM-карта", "Main SIM card"),
        fields=(choice("sim", "SIM", "SIM", "1", ("1", "SIM1", "SIM1"), ("2", "SIM2", "SIM2")),),
        is_dangerous=True,
    ),
    Setting(
        name="SIM_PIN",
        section="sim",
        words=Words("PIN-код SIM-карты", "PIN of the SIM card"),
        first=1,
        last=2,
        fields=(text("pin", "PIN", "PIN", 8, shortest=4),),
        is_secret=True,
        is_dangerous=True,
    ),
    Setting(
        name="SIM_APN",
        section="sim",
        words=Words("Точка доступа (APN)", "Access point (APN)"),
        first=1,
        last=2,
        fields=(text("apn", "APN", "APN", 64),),
        is_dangerous=True,
        note=Words(
            "Для МегаФона, Билайна, МТС и Tele2 модем находит её сам.",
            "For MegaFon, Beeline, MTS and Tele2 the modem finds it itself.",
        ),
    ),
    Setting(
        name="SIM_USER",
        section="sim",
        words=Words("Имя для точки доступа", "User name of the access point"),
        first=1,
        last=2,
        fields=(text("user", "имя", "user", 32),),
        is_dangerous=True,
    ),
    Setting(
        name="SIM_PWD",
        section="sim",
        words=Words("Пароль точки доступа", "Password of the access point"),
        first=1,
        last=2,
        fields=(text("password", "пароль", "password", 32),),
        is_secret=True,
        is_dangerous=True,
    ),
    Setting(
        name="SIM_RTN",
        section="sim",
        words=Words("Возврат на основную SIM-карту", "Return to the main SIM card"),
        fields=(number("minutes", "через", "after", 0, 65535, 20, "min"),),
    ),
    Setting(
        name="SIM_CHG",
        section="sim",
        words=Words("Смена SIM-карты без связи", "Change of SIM card without a link"),
        fields=(number("minutes", "через", "after", 0, 65535, 30, "min"),),
    ),
    Setting(
        name="SIM_ROAM",
        section="sim",
        words=Words("Работа в роуминге", "Work in roaming"),
        first=1,
        last=2,
        fields=(flag("allowed", "разрешена", "allowed"),),
    ),
    Setting(
        name="SIM_GPIO",
        section="sim",
        words=Words("Смена SIM-карты входом", "Change of SIM card by an input"),
        fields=(number("pin", "вход, 0 нет", "input, 0 none", 0, 3, 0),),
    ),
    Setting(
        name="GSM_RANGE",
        section="sim",
        words=Words("Стандарт сети", "Network standard"),
        fields=(
            choice(
                "range",
                "режим",
                "mode",
                None,
                ("0", "2G предпочтительно", "2G preferred"),
                ("1", "ATM31: 3G предпочтительно; ATM41/42: 4G", "ATM31: 3G preferred; ATM41/42: 4G"),
                ("2", "только 2G", "2G only"),
                ("3", "ATM31: только 3G; ATM41/42: только 4G", "ATM31: 3G only; ATM41/42: 4G only"),
                ("4", "ATM41/42: только 3G", "ATM41/42: 3G only"),
            ),
        ),
        is_dangerous=True,
        models=("ATM31", "ATM41", "ATM42"),
    ),
)
