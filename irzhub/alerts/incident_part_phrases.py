"""The phrases about the parts of the hub itself, in both languages; what a part says of itself is English."""

from collections.abc import Mapping
from typing import Final

from irzhub.alerts.incident_phrases import Phrases
from irzhub.alerts.sayings import in_words, know
from irzhub.alerts.sayings_of_parts import LOW_BALANCE

PARTS_PHRASES_RU: Final[Mapping[str, Phrases]] = {
    "hub_part": Phrases(
        "Хаб: {part}: не работает",
        "{detail}",
        "Часть хаба не работает: {detail}.",
        "Страницу состояния хаба и его журнал.",
        "Устраните причину: часть заработает сама.",
    ),
    "hub_part.database": Phrases(
        "Хаб: база данных недоступна",
        "{detail}",
        "База истории не отвечает: {detail}. Модемы и опрос от неё не зависят, строки ждут.",
        "Сервер базы и сеть до него.",
        "Запустите базу. Накопленное запишется само.",
    ),
    "hub_part.mqtt": Phrases(
        "Хаб: нет связи с брокером MQTT",
        "{detail}",
        "Брокер не отвечает: {detail}. События ждут в журнале хаба.",
        "Запущен ли брокер; имя и пароль в разделе mqtt.",
        "Запустите брокер. Накопленное уйдёт само.",
    ),
    "hub_part.degraded": Phrases(
        "Хаб: {part}: неполадка",
        "{detail}",
        "Часть хаба работает не полностью: {detail}.",
        "Страницу состояния хаба и его журнал.",
        "Устраните причину: часть восстановится сама.",
    ),
    "hub_part.disk": Phrases(
        "Хаб: мало места на диске",
        "{detail}",
        "На диске хаба кончается место: {detail}.",
        "Что занимает диск: архивы, журналы, другие программы.",
        "Освободите место. Без него хаб не сохранит события.",
    ),
    "hub_part.certificate": Phrases(
        "Хаб: пора заменить сертификат",
        "{detail}",
        "Срок сертификата хаба подходит к концу или вышел: {detail}.",
        "Работает ли его автоматическое продление.",
        "Положите новый сертификат на место прежнего: хаб возьмёт его сам.",
    ),
    "hub_part.budget": Phrases(
        "Хаб: лимит уведомлений исчерпан",
        "{detail}",
        "Сегодняшний лимит уведомлений исчерпан: {detail}.",
        "Какое правило отправило больше всего: очередь уведомлений.",
        "Уймите правило или поднимите лимит. В полночь отсчёт начнётся заново.",
    ),
    "hub_part.automation": Phrases(
        "Хаб: файл автоматизаций не принят",
        "{detail}",
        "Файл автоматизаций не принят: {detail}.",
        "Строку и ключ: их показывают страница автоматизаций и irzhub check.",
        "Исправьте файл: хаб прочтёт его сам.",
    ),
    "hub_part.uplink": Phrases(
        "Хаб: канал связи не работает",
        "{detail}",
        "Канал хаба не отвечает: {detail}.",
        "Шлюз, роутер и провайдера хаба.",
        "Восстановите канал или переключите хаб на резервного провайдера.",
    ),
    "hub_part.balance": Phrases(
        "Хаб: на SIM локального модема мало денег",
        "{detail}",
        "Деньги на SIM локального модема кончаются: {detail}.",
        "Счёт у оператора и число отправленных SMS.",
        "Пополните счёт: без денег тревоги по SMS не уйдут.",
    ),
}

PARTS_PHRASES_EN: Final[Mapping[str, Phrases]] = {
    "hub_part": Phrases(
        "Hub: {part}: not working",
        "{detail}",
        "A part of the hub does not work: {detail}.",
        "The hub's status page and its log.",
        "Remove the cause: the part comes back by itself.",
    ),
    "hub_part.database": Phrases(
        "Hub: database away",
        "{detail}",
        "The history database does not answer: {detail}. Modems and polling do not depend on it, rows wait.",
        "The database server and the network to it.",
        "Start the database. What waits is written by itself.",
    ),
    "hub_part.mqtt": Phrases(
        "Hub: MQTT broker away",
        "{detail}",
        "The broker does not answer: {detail}. Events wait in the hub's journal.",
        "Whether the broker runs; name and password in the mqtt section.",
        "Start the broker. What waits is sent by itself.",
    ),
    "hub_part.degraded": Phrases(
        "Hub: {part}: trouble",
        "{detail}",
        "A part of the hub does not work fully: {detail}.",
        "The hub's status page and its log.",
        "Remove the cause: the part comes back by itself.",
    ),
    "hub_part.disk": Phrases(
        "Hub: disk space runs low",
        "{detail}",
        "The hub's disk runs full: {detail}.",
        "What takes the space: archives, logs, other programs.",
        "Make room. Without it the hub cannot store events.",
    ),
    "hub_part.certificate": Phrases(
        "Hub: the certificate is to be replaced",
        "{detail}",
        "The hub's certificate ends soon, or has ended: {detail}.",
        "Whether its automatic renewal works.",
        "Put a new certificate in its place: the hub takes it by itself.",
    ),
    "hub_part.budget": Phrases(
        "Hub: the budget of messages is spent",
        "{detail}",
        "Today's budget of messages is spent: {detail}.",
        "Which rule sent most: the queue of notifications.",
        "Calm the rule or raise the budget. At midnight it begins anew.",
    ),
    "hub_part.automation": Phrases(
        "Hub: the file of automations is refused",
        "{detail}",
        "The file of automations is refused: {detail}.",
        "Line and key: the page of automations and irzhub check show them.",
        "Mend the file: the hub reads it by itself.",
    ),
    "hub_part.uplink": Phrases(
        "Hub: the uplink is down",
        "{detail}",
        "The hub's uplink does not answer: {detail}.",
        "The hub's gateway, router and provider.",
        "Restore the uplink or switch the hub to its reserve provider.",
    ),
    "hub_part.balance": Phrases(
        "Hub: little money on the local modem's SIM",
        "{detail}",
        "The local modem's SIM card runs out of money: {detail}.",
        "The account at the operator, and how many SMS were sent.",
        "Top the account up: without money no alarm leaves by SMS.",
    ),
}

PARTS_RU: Final[Mapping[str, str]] = {
    "relay": "модемы и порты опроса",
    "local_store": "локальное хранилище",
    "journal": "журнал событий",
    "broker": "встроенный брокер",
    "mqtt": "связь с брокером MQTT",
    "database": "база данных",
    "web": "веб и REST",
    "disk": "место на диске",
    "uplink": "канал хаба",
    "certificate": "сертификат",
    "sim": "SIM хаба",
    "gsm_modem": "локальный модем",
    "audit": "журнал действий",
    "outbox": "отправка уведомлений",
    "budget": "лимит уведомлений",
    "heartbeat": "сигнал жизни хаба",
    "automation": "автоматизации",
    "smtp": "почта",
    "telegram": "Telegram",
    "webhook": "вебхуки",
    "syslog": "пересылка журнала действий",
    "upgrade": "обновление",
}
PARTS_EN: Final[Mapping[str, str]] = {
    "relay": "modems and polling ports",
    "local_store": "local store",
    "journal": "event journal",
    "broker": "embedded broker",
    "mqtt": "MQTT connection",
    "database": "database",
    "web": "web and REST",
    "disk": "disk space",
    "uplink": "uplink",
    "certificate": "certificate",
    "sim": "the hub's SIM",
    "gsm_modem": "local modem",
    "audit": "audit",
    "outbox": "messages for people",
    "budget": "budget of messages",
    "heartbeat": "the sign of life",
    "automation": "automations",
    "smtp": "mail",
    "telegram": "Telegram",
    "webhook": "webhooks",
    "syslog": "forwarding of the audit",
    "upgrade": "upgrade",
}


def phrase_of_part(part: str, state: str, detail: str) -> str:
    """Return the key of the phrases about a part of the hub, by how it is and what it says."""
    said = know(detail)
    form = "balance" if said is not None and said.code == LOW_BALANCE else part
    if f"hub_part.{form}" in PARTS_PHRASES_EN:
        return f"hub_part.{form}"
    return "hub_part.degraded" if state == "degraded" else "hub_part"


def said_of_part(detail: str, language: str) -> str:
    """Return what a part says of itself; what has no words in that language is returned as it came."""
    return in_words(detail, language)
