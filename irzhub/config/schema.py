"""Every key of `irzhub.yaml` (docs/contract.md 4): what it may be, what it is when nobody writes it, what it does.

This one schema validates, fills in defaults, tells the environment which keys are texts and secrets,
and is printed as docs/configuration.md.
"""

from typing import Final

import voluptuous as vol

from irzhub.codec.raw.pattern import parse_bytes, parse_pattern
from irzhub.config.schema_alerts import ALERTS
from irzhub.config.schema_fleet import COMMANDS, JOBS
from irzhub.config.schema_keys import About, key, section
from irzhub.config.schema_outbound import OUTBOUND
from irzhub.config.schema_uploads import FLEET
from irzhub.config.schema_wake import LADDER, WAKE
from irzhub.config.validators import (
    ADDRESS,
    HOST,
    PORT,
    Choice,
    Cron,
    Duration,
    Flag,
    Items,
    Mapping,
    Name,
    Network,
    Number,
    OrNull,
    OrWord,
    Parsed,
    Rate,
    Size,
    Text,
    Zone,
)

HUB: Final = {
    key("id", "main", "name of this hub among others", "имя этого хаба среди других"): Text(
        "letters, digits, - and _", r"[0-9A-Za-z_-]{1,32}"
    ),
    key("data_dir", "./data", "where the hub keeps its data", "где хаб хранит данные"): Text("a folder"),
    key("time_zone", "Europe/Moscow", "zone in which times are shown", "пояс, в котором показывается время"): Zone(),
    key(
        "clock_zone",
        "Europe/Moscow",
        "zone of the clock that modems are given when they dial in",
        "пояс часов, которые модем получает при подключении",
    ): Zone(),
    key("language", "ru", "language of messages", "язык сообщений"): Choice(("ru", "en")),
    key(
        "start_grace",
        "180s",
        "how long after a start the hub waits for modems before it calls them offline",
        "сколько после запуска ждать модемы, прежде чем считать их пропавшими",
    ): Duration(0, 3600),
}

_ASK: Final = OrWord("never", None, Duration(1, 86400))
ASK: Final = {
    key("pins", "60s", "how often inputs and outputs are asked", "как часто спрашивать входы и выходы"): _ASK,
    key("signal", "10m", "how often the signal level is asked", "как часто спрашивать уровень сигнала"): _ASK,
    key("temperature", "10m", "how often the temperature is asked", "как часто спрашивать температуру"): _ASK,
}

RAW: Final = {
    key(
        "pattern",
        None,
        "registration packet of modems of other makes, text or hex, such as `ID={id};` or `7E01{id}0D`; null: none",
        "регистрационный пакет модемов других марок, текст или hex, например `ID={id};` или `7E01{id}0D`; null: нет",
    ): OrNull(Parsed("text or hex with one {id} and something around it", parse_pattern)),
    key(
        "heartbeat",
        None,
        "their keepalive packet, text or hex; programs do not see it",
        "их пакет проверки связи, текст или hex; программам опроса не передаётся",
    ): OrNull(Parsed("text or hex", parse_bytes)),
}

FLIGHT_RECORDER: Final = {
    key("enabled", True, "keep the last traffic of each modem in memory", "хранить последний обмен в памяти"): Flag(),
    key("per_modem", "16KiB", "memory for one modem", "память на один модем"): Size(),
    key("total", "64MiB", "memory for all modems", "память на все модемы"): Size(),
}

WINDOW: Final = {
    vol.Required(
        "cron", description=About("when it begins, as minute, hour, day, month, day of the week", "когда начинается")
    ): Cron(),
    vol.Required("duration", description=About("how long it lasts", "сколько длится")): Duration(60, 86400),
}

PRESENCE: Final = {
    key(
        "mode",
        "always",
        "when a modem is to be online: always, in its windows, or when somebody wakes it",
        "когда модем должен быть на связи: всегда, в свои окна связи или по заявке",
    ): Choice(("always", "schedule", "on_request")),
    key("windows", [], "when a modem with a schedule dials in", "окна связи модема с расписанием"): Items(
        WINDOW, noun="windows"
    ),
}

MODEMS: Final = {
    key("host", "0.0.0.0", "address on which modems are awaited", "адрес, на котором ожидаются модемы"): ADDRESS,
    key("port", 5009, "port that modems dial", "порт, на который звонят модемы"): Number(0, 65535),
    key(
        "unknown_modems",
        "register",
        "what becomes of a modem seen for the first time",
        "что делать с модемом, который виден впервые",
    ): Choice(("register", "quarantine", "reject")),
    key(
        "register_limit",
        "60/min",
        "so many new modems from one /24, those beyond wait in quarantine",
        "сколько новых модемов принимать с одной сети /24, остальные ждут допуска",
    ): Rate(),
    key(
        "password",
        None,
        "password required of every modem; null: the first one seen is pinned",
        "пароль, общий для всех модемов; null: закрепляется первый увиденный",
        is_secret=True,
    ): OrNull(Text("a text", longest=64)),
    key(
        "keepalive_timeout",
        "auto",
        "silence after which a modem is lost; auto: 3.5 times its own interval, at least 120s",
        "после какого молчания модем считается потерянным; auto: 3,5 его интервала, не меньше 120s",
    ): OrWord("auto", None, Duration(1, 86400)),
    section("ask", "what the hub asks modems of themselves", "что хаб спрашивает у модемов"): ASK,
    key(
        "answer_end",
        "cr",
        "end of the line that answers a modem's hello",
        "конец строки, которой хаб отвечает модему",
    ): Choice(("cr", "crlf")),
    section("raw", "modems of other makes", "модемы других марок"): RAW,
    section("presence", "when modems are to be online", "когда модемы должны быть на связи"): PRESENCE,
    section("flight_recorder", "record of the last traffic", "запись обмена"): FLIGHT_RECORDER,
}

POOL: Final = {
    key("host", "0.0.0.0", "address of the polling ports", "адрес портов опроса"): ADDRESS,
    key("first", 20000, "first port", "первый порт"): PORT,
    key("last", 32700, "last port", "последний порт"): PORT,
}

ADVERTISED: Final = {
    vol.Required("name", description=About("how people call the network", "как называют эту сеть")): Text(longest=64),
    vol.Required("host", description=About("the hub's address in it", "адрес хаба в ней")): HOST,
}

SHARING: Final = {
    key(
        "mode", "arbitrated", "how several programs share one meter line", "как несколько программ делят одну линию"
    ): Choice(("arbitrated", "exclusive", "kick_old", "broadcast")),
    key(
        "grant",
        "session",
        "what a turn is: until the program pauses, or one question",
        "что такое очередь: до паузы программы или один вопрос",
    ): Choice(("session", "question")),
    key("idle", "5s", "pause that ends a turn", "пауза, которая завершает очередь"): Duration(0.1, 3600),
    key("turn_limit", "60s", "length of a turn when others wait", "длина очереди, когда ждут другие"): Duration(
        1, 86400
    ),
    key(
        "late_guard",
        "2s",
        "silence awaited after an unanswered question before the next turn",
        "тишина после вопроса без ответа, прежде чем начнётся следующая очередь",
    ): Duration(0, 15),
    key("answer_timeout", "60s", "how long an answer is awaited", "сколько ждать ответа"): Duration(1, 3600),
    key("answer_gap", "1s", "silence that ends an answer", "тишина, которая завершает ответ"): Duration(0.01, 60),
    key(
        "frame_end",
        "none",
        "protocol by whose frames the end of an answer is known",
        "протокол, по кадрам которого виден конец ответа",
    ): Choice(("none", "modbus")),
    key("observers", [], "networks whose programs only read", "сети, программы из которых только читают"): Items(
        Network(), noun="networks"
    ),
}

POLLING: Final = {
    key(
        "pools",
        [{"host": "0.0.0.0", "first": 20000, "last": 32700}],
        "ports given to modems, the lowest free one first",
        "порты, которые получают модемы, начиная с меньшего",
    ): Items(POOL, 1, "pools"),
    key(
        "advertise",
        "auto",
        "addresses shown to people; auto: this machine's own",
        "какие адреса показывать людям; auto: адрес этой машины",
    ): OrWord("auto", (), Items(ADVERTISED, 1, "names and hosts")),
    key(
        "open",
        "on_start",
        "when a modem's port opens: at the start, or while the modem is there",
        "когда открывается порт модема: сразу при запуске или пока модем на связи",
    ): Choice(("on_start", "on_connect")),
    key("allow", ["private"], "networks that may poll", "сети, из которых можно опрашивать"): Items(
        Network(), 1, "networks"
    ),
    key(
        "offline",
        "accept",
        "what a program meets when the modem is away",
        "что встречает программу, когда модема нет",
    ): Choice(("accept", "refuse", "wake")),
    key(
        "lost",
        "close",
        "what becomes of programs when the modem is lost",
        "что делать с программами, когда модем потерян",
    ): OrWord("close", None, Text("hold and a duration, such as hold 30s", r"hold [0-9:.]{1,12}(ms|s|m|h)?")),
    section("sharing", "several programs on one meter line", "несколько программ на одной линии"): SHARING,
    section("wake", "how modems are woken", "как выводить модемы на связь"): LADDER,
}

RELAY: Final = {
    section("modems", "the side of the modems", "сторона модемов"): MODEMS,
    section("polling", "the side of the polling programs", "сторона программ опроса"): POLLING,
    key(
        "workers",
        0,
        "processes that carry the traffic; 0: the hub itself; auto: one per core when more than 2,000 modems are known",
        "процессы, которые передают обмен; 0: сам хаб; auto: по одному на ядро, когда известно больше 2000 модемов",
    ): OrWord("auto", "auto", Number(0, 64)),
}

MQTT: Final = {
    key(
        "broker",
        "embedded",
        "embedded: the hub runs its own broker; external: there is one",
        "embedded: хаб запускает свой брокер; external: брокер уже есть",
    ): Choice(("embedded", "external")),
    key("host", "127.0.0.1", "address of the broker", "адрес брокера"): HOST,
    key("port", 1883, "port of the broker", "порт брокера"): PORT,
    key("username", None, "user at the broker", "пользователь брокера"): OrNull(Text(longest=200)),
    key("password", None, "his password", "его пароль", is_secret=True): OrNull(Text(longest=200)),
    key("tls", False, "TLS to an outside broker", "TLS до внешнего брокера"): Flag(),
    key(
        "ca_file",
        None,
        "PEM file with the authority of the broker's certificate; null: those of the system",
        "PEM-файл удостоверяющего центра брокера; null: системные",
    ): OrNull(Text("a file")),
    key(
        "base_topic", "irzhub", "first part of all topics, one hub to each", "начало всех топиков, своё у каждого хаба"
    ): Text("a topic without + # $ and spaces", r"[0-9A-Za-z_.-]+(/[0-9A-Za-z_.-]+)*", 128),
    key(
        "resend",
        "60s",
        "how far back events are published again after a lost connection",
        "за какое время события повторяются после обрыва связи с брокером",
    ): Duration(0, 86400),
    key(
        "commands",
        None,
        "take commands from topics; null: where the broker is bound to loopback or wants a password",
        "принимать команды из топиков; null: если брокер только локальный или требует пароль",
    ): OrNull(Flag()),
}

DATABASE: Final = {
    key(
        "url",
        "sqlite:///history.db",
        "history: `sqlite:///FILE` in data_dir, or `mysql://user:password@host/name` for MySQL and MariaDB",
        "история: `sqlite:///ФАЙЛ` в data_dir либо `mysql://user:password@host/name` для MySQL и MariaDB",
        is_secret=True,
    ): Text(
        "sqlite:///FILE or mysql://user:password@host/name",
        r"sqlite:///.+|(mysql|mariadb)://[^\s/]+/[0-9A-Za-z_$-]+(\?\S*)?",
    ),
    key("event_days", 400, "how long events are kept", "сколько дней хранить события"): Number(1, 36500),
    key("series_days", 730, "how long measured values are kept", "сколько дней хранить показатели"): Number(1, 36500),
}

TLS: Final = {
    vol.Required("certificate", description=About("PEM file with the chain", "PEM-файл с цепочкой")): Text("a file"),
    vol.Required("key", description=About("PEM file with the key", "PEM-файл с ключом")): Text("a file"),
}

SIGN_IN: Final = {
    key(
        "idle", "30m", "after how long without a request a browser is signed out", "через сколько бездействия выходить"
    ): Duration(60, 86400),
    key("limit", "12h", "how long a browser stays signed in at most", "сколько самое большее длится вход"): Duration(
        300, 30 * 86400
    ),
    key(
        "second_factor",
        "optional",
        "who must give a code from an authenticator application besides the password",
        "кому кроме пароля нужен код из приложения-аутентификатора",
    ): Choice(("optional", "admins", "everyone")),
}

WEB: Final = {
    key("host", "127.0.0.1", "address of the page and of REST", "адрес страницы и REST"): ADDRESS,
    key("port", 8080, "port of the page and of REST", "порт страницы и REST"): Number(0, 65535),
    key("tls", None, "certificate and key; null: plain HTTP", "сертификат и ключ; null: без TLS"): OrNull(
        vol.Schema(TLS)
    ),
    key(
        "proxies",
        [],
        "networks of reverse proxies; what they say of a caller's address counts",
        "сети обратных прокси, которым верить, когда они называют адрес обратившегося",
    ): Items(Network("a network such as 10.0.0.5/32", words=()), noun="networks"),
    section("sign_in", "sign-in of people", "вход людей"): SIGN_IN,
    key(
        "map_tiles",
        None,
        "a PMTiles file with a map of streets, served by the hub itself; null: the outline that the page brings",
        "файл PMTiles с картой улиц, его раздаёт сам хаб; null: контур, который есть на странице",
    ): OrNull(Text("path of a file")),
}

AUDIT: Final = {
    key("days", 1095, "how long the audit is kept", "сколько дней хранить журнал действий"): Number(1, 36500),
    key(
        "key",
        None,
        "key of the audit's chain: who has none cannot forge a row; chosen once, before the first row",
        "ключ цепочки журнала действий: без него запись не подделать; задаётся один раз, до первой записи",
        is_secret=True,
    ): OrNull(Text("a text of at least 16 characters", r"(?s).{16,}")),
    key(
        "syslog",
        None,
        "where a copy of each row goes as RFC 5424: udp://host:514, tcp://host:601 or unix:///dev/log",
        "куда отправлять копию каждой записи по RFC 5424: udp://host:514, tcp://host:601 или unix:///dev/log",
    ): OrNull(Text("udp://host:port, tcp://host:port or unix:///path", r"(udp|tcp)://[^/\s]+:[0-9]{1,5}|unix:///\S+")),
}

CONTACT: Final = vol.All(
    {
        vol.Optional("sms", description=About("phone number", "номер телефона")): Text(
            'a phone number such as "+79211234567"', r"\+?[0-9]{5,15}"
        ),
        vol.Optional("email", description=About("mail address", "адрес почты")): Text(
            "one mail address", r"(?a:[^\s@<>,;\"]{1,64})@[0-9A-Za-z.-]{1,253}"
        ),
    },
    vol.Length(min=1, max=1, msg="expected one of sms or email"),
)

ROOT: Final = {
    section("hub", "the hub itself", "сам хаб"): HUB,
    section("relay", "modems and polling programs", "модемы и программы опроса"): RELAY,
    section("mqtt", "the broker", "брокер"): MQTT,
    section("database", "history", "история"): DATABASE,
    section("web", "page and REST", "страница и REST"): WEB,
    section("audit", "record of what people and programs did", "журнал действий людей и программ"): AUDIT,
    section("commands", "commands for modems", "команды модемам"): COMMANDS,
    section("jobs", "work over many modems", "задания на много модемов"): JOBS,
    section("fleet", "settings and firmware of the modems", "настройки и прошивка модемов"): FLEET,
    section(
        "outbound",
        "servers that the hub calls: webhooks, Telegram",
        "серверы, к которым обращается хаб: вебхуки, Telegram",
    ): (OUTBOUND),
    section("wake", "waking of modems, for all of them", "вывод модемов на связь, общее для всех"): WAKE,
    section("alerts", "incidents: what is told, and when", "тревоги: о чём сообщать и когда"): ALERTS,
    section("contacts", "whom notifications reach: names, each with addresses", "кому слать: имена и адреса"): {
        Name("a name of letters, digits, spaces and . -", r"\w[\w .-]{0,63}"): Items(CONTACT, 1, "addresses")
    },
    section(
        "integrations", "optional parts, each with its own settings", "дополнительные части, у каждой свои настройки"
    ): {
        Name("the name of an integration", r"[a-z][a-z0-9_]{0,63}"): OrNull(Mapping()),
    },
}

SCHEMA: Final = vol.Schema(ROOT)
