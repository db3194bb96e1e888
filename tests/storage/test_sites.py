"""Sites come back as they were stored."""

from dataclasses import replace

from irzhub.storage.local import Connection
from irzhub.storage.sites import SiteRow, delete_site, load_sites, save_site
from tests.storage.rows import NOW

BOILER_HOUSE = SiteRow(
    id="01JD0000000000000000000002",
    name="Котельная №5",
    created_at=NOW,
    organisation="north",
    address="Садовая, 31",
    latitude=59.9386301,
    longitude=-30.25,
    contact="Анна",
    phones=["+79211234567", "112"],
    access_notes="ключ у сторожа\nсобака",
    time_zone="Europe/Moscow",
    comment="🔥",
)
BARE = SiteRow("01JD0000000000000000000001", "Насосная", NOW)


def test_a_site_is_kept_replaced_and_removed(local: Connection) -> None:
    for row in (replace(BOILER_HOUSE, latitude=None, phones=[]), BARE, BOILER_HOUSE):
        save_site(local, row)
    assert load_sites(local) == [BARE, BOILER_HOUSE]

    delete_site(local, BOILER_HOUSE.id)
    delete_site(local, "nowhere")
    assert load_sites(local) == [BARE]


def test_what_is_emptied_is_empty_again(local: Connection) -> None:
    save_site(local, BOILER_HOUSE)
    save_site(local, emptied := SiteRow(BOILER_HOUSE.id, "Котельная", NOW))

    assert load_sites(local) == [emptied]
    assert (emptied.latitude, emptied.phones) == (None, [])
