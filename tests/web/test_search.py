from datetime import UTC, datetime

from irzhub.core.state import ModemState
from irzhub.storage.sites import SiteRow
from irzhub.web.search import SearchTexts, plain_text

SITE = SiteRow(
    "01AAAAAAAAAAAAAAAAAAAAAAAA",
    "Школа № 5",
    datetime(2026, 11, 21, tzinfo=UTC),
    address="Садовая, 7",
    contact="Иванов",
    phones=["+79211234567"],
)
STATE = ModemState(modem="868441036775234", imei="868441036775234", name="Котельная", site=SITE.id, port=20017)


def test_a_modem_is_found_by_all_that_is_said_of_it_and_its_site() -> None:
    text = SearchTexts({SITE.id: SITE}.get).of(STATE)

    for word in ("котельная", "садовая", "иванов", "+7921", "20017", "школа", "8684410"):
        assert word in text
    assert "садовая" not in plain_text(STATE)


def test_a_text_is_made_once_until_something_changes() -> None:
    sites = {SITE.id: SITE}
    texts = SearchTexts(lambda id_: sites.get(id_))
    first = texts.of(STATE)

    import dataclasses

    assert texts.of(dataclasses.replace(STATE, csq=17)) is first
    assert "баня" in texts.of(dataclasses.replace(STATE, name="Баня"))
    sites[SITE.id] = dataclasses.replace(SITE, contact="Петров")
    assert "петров" in texts.of(STATE)
