"""The words of the status page in Russian and English: cause, check, action; no blame and no codes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Advice:
    """For a part that is not up: what it means, what to look at, what to do."""

    cause: str
    check: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """All words of one language; `{name}` are places for values."""

    lang: str
    decimal: str
    title: str
    words: Mapping[str, str]
    explained: Mapping[str, str]
    modems: str
    links: Mapping[str, str]
    programs: str
    no_modems: str
    parts: str
    part_names: Mapping[str, str]
    part_states: Mapping[str, str]
    advice: Mapping[str, Advice]
    unknown_advice: Advice
    check: str
    action: str
    causes_hidden: str
    runs_on: str
    facts: Mapping[str, str]
    brokers: Mapping[str, str]
    databases: Mapping[str, str]
    phases: Mapping[str, str]
    nothing_to_wait_for: str
    comeback: str
    comeback_missing: str
    notes: str
    exposed: str
    default_passwords: str
    trial_broker: str
    go_on: str
    steps: tuple[tuple[str, str], ...]
    documents: str
    as_of: str
    units: tuple[str, str, str, str]
    pending: str


RU: Final = Texts(
    lang="ru",
    decimal=",",
    title="Состояние хаба",
    words={"ready": "Работает", "degraded": "Работает, не всё на месте", "not_ready": "Не готов"},
    explained={
        "ready": "Модемы и программы опроса обслуживаются, все части на месте.",
        "degraded": "Модемы и программы опроса обслуживаются. Чего не хватает, сказано ниже.",
        "not_ready": "Модемы и программы опроса пока не обслуживаются. Причина ниже.",
    },
    modems="Модемы",
    links={
        "online": "на связи",
        "offline": "нет связи",
        "standby": "ждущий режим",
        "quarantined": "ожидают допуска",
    },
    programs="программ опроса подключено",
    no_modems="Модемов пока нет. Направьте модем на адрес этой машины, порт {port}.",
    parts="Части хаба",
    part_names={
        "relay": "Модемы и порты опроса",
        "local_store": "Локальное хранилище",
        "journal": "Журнал событий",
        "broker": "Встроенный брокер MQTT",
        "mqtt": "Связь с брокером MQTT",
        "database": "База данных истории",
        "web": "Веб и REST",
        "recorder": "Запись истории",
    },
    part_states={"starting": "запускается", "up": "работает", "degraded": "с ограничениями", "down": "недоступно"},
    advice={
        "relay": Advice(
            "Порт для модемов или порты опроса открыты не все.",
            "Не занят ли порт другой программой: ss -ltnp. Хватает ли дескрипторов: ulimit -n.",
            "Освободите порт или смените relay.modems.port и relay.polling.pools.",
        ),
        "local_store": Advice(
            "Локальная база в data_dir не принимает запись.",
            "Свободное место и права на папку data_dir: df -h, ls -l.",
            "Освободите место. Запись продолжится сама, перезапуск не нужен.",
        ),
        "journal": Advice(
            "События не попадают на диск; пока они хранятся в памяти и уходят подписчикам.",
            "Свободное место и исправность диска с data_dir.",
            "Освободите место. События из памяти запишутся сами. До этого не останавливайте хаб.",
        ),
        "broker": Advice(
            "Встроенный брокер не запущен; модемы и опрос от него не зависят.",
            "Не занят ли порт mqtt.port другим брокером: ss -ltnp.",
            "Остановите другой брокер, смените mqtt.port или укажите mqtt.broker: external.",
        ),
        "mqtt": Advice(
            "Брокер не отвечает; события ждут в журнале и будут переданы.",
            "Адрес, имя и пароль в разделе mqtt; запущен ли брокер.",
            "Запустите брокер или исправьте mqtt.host. Связь восстановится сама.",
        ),
        "database": Advice(
            "База истории не отвечает; работа с модемами от неё не зависит, строки ждут.",
            "database.url, сервер базы и сеть до него.",
            "Запустите базу. Накопленное запишется само.",
        ),
        "web": Advice(
            "Страница и REST работают не полностью.",
            "Раздел web и файлы сертификата.",
            "Исправьте раздел web и перезапустите хаб.",
        ),
    },
    unknown_advice=Advice(
        "Эта часть сейчас недоступна.", "Журнал хаба за последние минуты.", "Устраните причину из журнала."
    ),
    check="Проверьте",
    action="Сделайте",
    causes_hidden="Точные причины видны с машины хаба: http://127.0.0.1 и порт этой страницы.",
    runs_on="На чём работает",
    facts={
        "version": "Версия",
        "uptime": "В работе",
        "modem_port": "Порт для модемов",
        "pools": "Порты опроса",
        "broker": "Брокер MQTT",
        "database": "База истории",
        "events": "Событий в журнале",
        "phase": "После запуска",
    },
    brokers={"embedded": "встроенный", "external": "внешний"},
    databases={"sqlite": "файл SQLite", "mysql": "MySQL или MariaDB", "mariadb": "MySQL или MariaDB"},
    phases={
        "starting": "ждём возвращения модемов; кто не вернётся за отведённое время, будет показан без связи",
        "online": "состояние модемов достоверно",
        "stopping": "хаб останавливается",
    },
    nothing_to_wait_for="ждать было некого",
    comeback="за {seconds} с вернулись все модемы: {returned}",
    comeback_missing="за {seconds} с вернулись {returned}, не вернулись {missing}",
    notes="Обратите внимание",
    exposed="Страница и REST открыты в сеть без TLS: токены видны каждому, кто слушает линию. "
    "Укажите web.tls или поставьте перед хабом прокси с TLS.",
    default_passwords="С паролем поставщика (5492) работают модемов: {count}. Смените его: он известен всем.",
    trial_broker="Брокер пробный (amqtt): только MQTT 3.1.1, около 1500 сообщений в секунду. "
    "Для постоянной работы установите mosquitto и перезапустите хаб.",
    go_on="Что дальше",
    steps=(
        (
            "Создать токен для программы (viewer, operator, engineer, admin, auditor)",
            "irzhub token add scada --role operator",
        ),
        ("Прочитать модемы", 'curl -H "Authorization: Bearer ТОКЕН" {origin}/api/v1/modems'),
        ("Запустить учебный парк", "irzhub simulate --modems 20 --pollers 5"),
        ("Проверить настройки перед перезапуском", "irzhub check"),
    ),
    documents="Описание REST (OpenAPI)",
    as_of="Показано на {time}, обновляется раз в 15 с",
    units=("д", "ч", "мин", "с"),
    pending="ждут записи: {count}",
)

EN: Final = Texts(
    lang="en",
    decimal=".",
    title="Hub status",
    words={"ready": "Running", "degraded": "Running, not all in place", "not_ready": "Not ready"},
    explained={
        "ready": "Modems and polling programs are served, every part is in place.",
        "degraded": "Modems and polling programs are served. What is missing is said below.",
        "not_ready": "Modems and polling programs are not served yet. The cause is below.",
    },
    modems="Modems",
    links={
        "online": "online",
        "offline": "offline",
        "standby": "in standby",
        "quarantined": "awaiting approval",
    },
    programs="polling programs connected",
    no_modems="No modems yet. Direct a modem to this machine's address, port {port}.",
    parts="Parts of the hub",
    part_names={
        "relay": "Modems and polling ports",
        "local_store": "Local store",
        "journal": "Event journal",
        "broker": "Embedded MQTT broker",
        "mqtt": "Link to the MQTT broker",
        "database": "History database",
        "web": "Web and REST",
        "recorder": "History recorder",
    },
    part_states={"starting": "starting", "up": "up", "degraded": "limited", "down": "away"},
    advice={
        "relay": Advice(
            "The modem port or some polling ports are not open.",
            "Whether another program holds the port: ss -ltnp. Whether descriptors suffice: ulimit -n.",
            "Free the port, or change relay.modems.port and relay.polling.pools.",
        ),
        "local_store": Advice(
            "The local database in data_dir takes no writes.",
            "Free space and the rights of the data_dir folder: df -h, ls -l.",
            "Free some space. Writing goes on by itself, no restart is needed.",
        ),
        "journal": Advice(
            "Events do not reach the disk; they are kept in memory and still published.",
            "Free space and the health of the disk with data_dir.",
            "Free some space. The events in memory are then written. Do not stop the hub before.",
        ),
        "broker": Advice(
            "The embedded broker does not run; modems and polling do not depend on it.",
            "Whether another broker holds mqtt.port: ss -ltnp.",
            "Stop the other broker, change mqtt.port, or set mqtt.broker: external.",
        ),
        "mqtt": Advice(
            "The broker does not answer; events wait in the journal and will be delivered.",
            "Address, user and password in the mqtt section; whether the broker runs.",
            "Start the broker or correct mqtt.host. The link comes back by itself.",
        ),
        "database": Advice(
            "The history database does not answer; modems do not depend on it, rows wait.",
            "database.url, the database server and the network to it.",
            "Start the database. What has gathered is written by itself.",
        ),
        "web": Advice(
            "The page and REST work in part only.",
            "The web section and the certificate files.",
            "Correct the web section and restart the hub.",
        ),
    },
    unknown_advice=Advice(
        "This part is away now.", "The hub's log of the last minutes.", "Remove the cause that it names."
    ),
    check="Check",
    action="Do",
    causes_hidden="Exact causes are shown on the hub's own machine: http://127.0.0.1 with this page's port.",
    runs_on="What it runs on",
    facts={
        "version": "Version",
        "uptime": "Up for",
        "modem_port": "Port for modems",
        "pools": "Polling ports",
        "broker": "MQTT broker",
        "database": "History database",
        "events": "Events in the journal",
        "phase": "After the start",
    },
    brokers={"embedded": "embedded", "external": "external"},
    databases={"sqlite": "SQLite file", "mysql": "MySQL or MariaDB", "mariadb": "MySQL or MariaDB"},
    phases={
        "starting": "waiting for the modems to return; those that do not in time will be shown offline",
        "online": "the state of the modems can be trusted",
        "stopping": "the hub is stopping",
    },
    nothing_to_wait_for="there was nobody to wait for",
    comeback="all modems were back within {seconds} s: {returned}",
    comeback_missing="within {seconds} s {returned} were back, {missing} were not",
    notes="Please note",
    exposed="The page and REST are open to the network without TLS: whoever listens on the line sees the tokens. "
    "Set web.tls, or put a proxy with TLS before the hub.",
    default_passwords="Modems with the vendor's password (5492): {count}. Change it: everybody knows it.",
    trial_broker="The broker is one for trial (amqtt): MQTT 3.1.1 only, about 1,500 messages a second. "
    "For lasting work install mosquitto and restart the hub.",
    go_on="How to go on",
    steps=(
        (
            "Make a token for a program (viewer, operator, engineer, admin, auditor)",
            "irzhub token add scada --role operator",
        ),
        ("Read the modems", 'curl -H "Authorization: Bearer TOKEN" {origin}/api/v1/modems'),
        ("Run a practice fleet", "irzhub simulate --modems 20 --pollers 5"),
        ("Check the settings before a restart", "irzhub check"),
    ),
    documents="REST description (OpenAPI)",
    as_of="As of {time}, refreshed every 15 s",
    units=("d", "h", "min", "s"),
    pending="waiting to be written: {count}",
)

LANGUAGES: Final = {"ru": RU, "en": EN}
