"""Where the modem connects to, and what it says there (`docs/protocol.md` 2.4)."""

from typing import Final

from irzhub.codec.irz.settings.setting import Setting, Words, choice, flag, number, text

_INTERFACE: Final = (("0", "RS485", "RS485"), ("1", "RS232", "RS232"))
_ELSEWHERE: Final = Words("Не действует для протокола iRZ Collector.", "Has no effect with the protocol iRZ Collector.")

CLIENT: Final[tuple[Setting, ...]] = (
    Setting(
        name="CLNT_SET",
        section="client",
        words=Words("Соединение с сервером", "Connection to a server"),
        first=1,
        last=5,
        fields=(
            flag("on", "включено", "on"),
            choice("interface", "интерфейс", "interface", "0", *_INTERFACE),
            flag("reserve", "резервный сервер", "reserve server"),
            flag("encapsulation", "инкапсуляция", "encapsulation"),
        ),
        is_dangerous=True,
        note=Words(
            "Без инкапсуляции не работают команды и входы.",
            "Without encapsulation there are no commands and no inputs.",
        ),
    ),
    Setting(
        name="CLNT_IPP",
        section="client",
        words=Words("Адрес сервера", "Address of the server"),
        first=1,
        last=5,
        fields=(
            text("host", "адрес", "host", 255, kind="host", shortest=1),
            number("port", "порт", "port", 1, 65535),
        ),
        is_dangerous=True,
    ),
    Setting(
        name="CLNT_RSV",
        section="client",
        words=Words("Адрес резервного сервера", "Address of the reserve server"),
        first=1,
        last=5,
        fields=(
            text("host", "адрес", "host", 255, kind="host", shortest=1),
            number("port", "порт", "port", 1, 65535),
        ),
        is_dangerous=True,
    ),
    Setting(
        name="CLNT_PRTCL",
        section="client",
        words=Words("Протокол соединения", "Protocol of the connection"),
        first=1,
        last=5,
        fields=(
            choice(
                "protocol",
                "протокол",
                "protocol",
                "1",
                ("0", "нет", "none"),
                ("1", "iRZ Collector", "iRZ Collector"),
                ("2", "«Мой протокол»", "own protocol"),
            ),
        ),
        is_dangerous=True,
    ),
    Setting(
        name="IRZ_LOGIN",
        section="client",
        words=Words("Имя для сервера", "Login at the server"),
        fields=(text("login", "имя", "login", 20, shortest=4),),
    ),
    Setting(
        name="IRZ_START",
        section="client",
        words=Words("Передавать имя серверу", "Send the login to the server"),
        fields=(flag("on", "да", "on"),),
    ),
    Setting(
        name="IRZ_PWD",
        section="client",
        words=Words("Пароль для сервера", "Password for the server"),
        fields=(text("password", "пароль", "password", 20, "5492", shortest=4),),
        is_secret=True,
        is_dangerous=True,
        note=Words(
            "С неверным паролем сервер модем не примет. Прочитать его можно только через USB.",
            "With a wrong one the hub turns the modem away. It can be read by USB only.",
        ),
    ),
)

OWN_PROTOCOL: Final[tuple[Setting, ...]] = (
    Setting(
        name="ID_SET",
        section="own_protocol",
        words=Words("«Мой протокол»: порядок обмена", "Own protocol: order of exchange"),
        fields=(
            flag("send", "отправлять", "send", None),
            flag("wait", "ждать ответа", "wait for an answer", None),
            number("answer", "любой или заданный ответ", "any or a fixed answer", 0, 1),
            number("order", "порядок", "order", 0, 1),
        ),
    ),
    Setting(
        name="ID_TEXT1",
        section="own_protocol",
        words=Words("«Мой протокол»: что отправить", "Own protocol: what to send"),
        fields=(text("text", "текст", "text", 255),),
        note=Words(
            "Вставки: @01 IMEI, @02 номер SIM, @03 SCID, @04 сигнал, @10 версия, @11 ревизия, @12 плата, "
            "@13 версия инкапсуляции, @20 пароль, @30 время; $hh байт; $$ и @@ сами знаки.",
            "Inserts: @01 IMEI, @02 SIM number, @03 SCID, @04 signal, @10 version, @11 revision, @12 board, "
            "@13 encapsulation, @20 password, @30 time; $hh a byte; $$ and @@ the signs themselves.",
        ),
    ),
    Setting(
        name="ID_TEXT2",
        section="own_protocol",
        words=Words("«Мой протокол»: какой ответ ждать", "Own protocol: which answer to expect"),
        fields=(text("text", "текст", "text", 255),),
    ),
    Setting(
        name="ID_INTV",
        section="own_protocol",
        words=Words("Период проверки связи", "Interval of keepalives"),
        fields=(number("seconds", "период", "interval", 0, 3600, 0, "s"),),
    ),
    Setting(
        name="ID_KEEP",
        section="own_protocol",
        words=Words("Текст проверки связи", "Text of keepalives"),
        fields=(text("text", "текст", "text", 50, "$B5$BC$BD$BE$BF"),),
    ),
)

SERVER: Final[tuple[Setting, ...]] = (
    Setting(
        name="SRV_RCCNT",
        section="server",
        words=Words("Режим сервера: число клиентов", "Server mode: number of clients"),
        fields=(number("clients", "клиентов", "clients", 0, 5, 0),),
    ),
    Setting(
        name="SRV_PORT",
        section="server",
        words=Words("Режим сервера: порт", "Server mode: port"),
        fields=(number("port", "порт", "port", 1, 65535, 5009),),
    ),
    Setting(
        name="SRV_IDENT",
        section="server",
        words=Words("Режим сервера: проверка клиента", "Server mode: identification of clients"),
        fields=(
            choice(
                "kind",
                "проверка",
                "kind",
                "0",
                ("0", "нет", "none"),
                ("1", "по адресу", "by address"),
                ("2", "по паролю", "by password"),
            ),
        ),
    ),
    Setting(
        name="SRV_RCIP",
        section="server",
        words=Words("Режим сервера: адрес клиента", "Server mode: address of a client"),
        first=1,
        last=5,
        fields=(text("host", "адрес", "host", 255, kind="host", shortest=1),),
    ),
    Setting(
        name="SRV_RCPWD",
        section="server",
        words=Words("Режим сервера: пароль клиента", "Server mode: password of a client"),
        first=1,
        last=5,
        fields=(text("password", "пароль", "password", 20, "5492", shortest=1),),
        is_secret=True,
    ),
    Setting(
        name="SRV_INTF",
        section="server",
        words=Words("Режим сервера: интерфейс", "Server mode: interface"),
        first=0,
        last=5,
        fields=(choice("interface", "интерфейс", "interface", None, *_INTERFACE),),
    ),
    Setting(
        name="SRV_IPSMS",
        section="server",
        words=Words("Сообщать адрес по SMS", "Tell the address by SMS"),
        fields=(number("group", "группа телефонов", "group of phones", 0, 15),),
    ),
)

LINK_CONTROL: Final[tuple[Setting, ...]] = (
    Setting(
        name="PING_SET",
        section="link",
        words=Words("Проверка связи пингом", "Link check by ping"),
        first=1,
        last=2,
        fields=(number("value", "значение", "value", 0, 65535),),
        note=_ELSEWHERE,
    ),
    Setting(
        name="PING_IPP",
        section="link",
        words=Words("Адрес для пинга", "Address to ping"),
        first=1,
        last=2,
        fields=(
            text("host", "адрес", "host", 255, kind="host", shortest=1),
            number("port", "порт", "port", 0, 65535),
        ),
        note=_ELSEWHERE,
    ),
    Setting(
        name="ERR_CHECK",
        section="link",
        words=Words("Период проверки связи", "Interval of the link check"),
        fields=(number("minutes", "период", "interval", 0, 65535, 10, "min"),),
        note=_ELSEWHERE,
    ),
    Setting(
        name="ERR_ATP",
        section="link",
        words=Words("Пауза между попытками", "Pause between attempts"),
        fields=(number("minutes", "пауза", "pause", 0, 65535, 30, "min"),),
        note=_ELSEWHERE,
    ),
    Setting(
        name="ERR_SMS",
        section="link",
        words=Words("SMS о потере связи", "SMS on a lost link"),
        fields=(
            number("group", "группа телефонов", "group of phones", 0, 15, 0),
            number("delay", "через", "after", 0, 65535, 20, "min"),
        ),
    ),
    Setting(
        name="CSD_SET",
        section="link",
        words=Words("Приём CSD-звонков", "Taking CSD calls"),
        fields=(number("group", "группа телефонов, 15 любой, 0 никто", "group of phones, 15 any, 0 none", 0, 15),),
    ),
    Setting(
        name="CSD_PTCL",
        section="link",
        words=Words("Протокол CSD", "CSD protocol"),
        fields=(number("protocol", "протокол", "protocol", 0, 255),),
    ),
    Setting(
        name="CSD_INTF",
        section="link",
        words=Words("Интерфейс CSD", "CSD interface"),
        fields=(choice("interface", "интерфейс", "interface", None, *_INTERFACE),),
    ),
)
