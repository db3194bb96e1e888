"""The few lines that greet whoever starts the hub, in the language of `hub.language`."""

from collections.abc import Iterator
from typing import Final

from irzhub.config.settings import Settings
from irzhub.const import NAME, VERSION

_WORDS: Final = {
    "en": {
        "modems": "modems dial",
        "programs": "polling programs",
        "page": "page and REST",
        "broker": "MQTT",
        "data": "data",
        "embedded": "own broker",
        "external": "outside broker",
        "token": "the first token: irzhub token add NAME --role admin",
        "account": "the first administrator",
        "once": "works once, for one hour; show it to nobody",
        "only": "automations alone",
        "follows": "follows the hub at",
        "rules": "rules",
    },
    "ru": {
        "modems": "модемы подключаются к",
        "programs": "программы опроса",
        "page": "страница и REST",
        "broker": "MQTT",
        "data": "данные",
        "embedded": "свой брокер",
        "external": "внешний брокер",
        "token": "первый токен: irzhub token add ИМЯ --role admin",
        "account": "первый администратор",
        "once": "действует один раз в течение часа; никому не показывайте",
        "only": "только автоматизации",
        "follows": "сервер через брокер",
        "rules": "правила",
    },
}


def banner(settings: Settings) -> Iterator[str]:
    """Yield the lines that say where everything is."""
    words = _WORDS[settings.hub.language]
    modems, web, mqtt = settings.relay.modems, settings.web, settings.mqtt
    pools = ", ".join(f"{pool.host}:{pool.first}-{pool.last}" for pool in settings.relay.polling.pools)
    yield f"{NAME} {VERSION} ({settings.hub.id})"
    yield f"  {words['modems']:<22} {modems.host}:{modems.port}"
    yield f"  {words['programs']:<22} {pools}"
    yield f"  {words['page']:<22} {'http' if web.tls is None else 'https'}://{web.host}:{web.port}"
    yield f"  {words['broker']:<22} {mqtt.host}:{mqtt.port} ({words[mqtt.broker]}), {mqtt.base_topic}/..."
    yield f"  {words['data']:<22} {settings.hub.data_dir}"
    yield f"  {words['token']}"


def automation_banner(settings: Settings) -> Iterator[str]:
    """Yield the lines that say what automations in a process of their own follow."""
    words, mqtt = _WORDS[settings.hub.language], settings.mqtt
    yield f"{NAME} {VERSION}: {words['only']}"
    yield f"  {words['follows']:<22} {mqtt.host}:{mqtt.port}, {mqtt.base_topic}/..."
    yield f"  {words['rules']:<22} {settings.config_dir / 'automations.yaml'}"
    yield f"  {words['data']:<22} {settings.hub.data_dir}"


def first_account(settings: Settings, link: str) -> str:
    """Return the line with the link to the first administrator's account."""
    words = _WORDS[settings.hub.language]
    return f"  {words['account']:<22} {link} ({words['once']})"
