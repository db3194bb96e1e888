"""Which PINs were tried on which card outlives a restart; no PIN can be read from it."""

from pathlib import Path

from integrations.gsm_modem.pin_guard import PinGuard
from irzhub.storage.local import LocalStore
from irzhub.storage.meta import get_meta


async def test_a_wrong_pin_is_tried_once_and_no_third_one_ever(tmp_path: Path) -> None:
    async with LocalStore(tmp_path) as store:
        first, second, third = (PinGuard(store, "main", pin).one_try for pin in ("1111", "2222", "3333"))

        assert [await first.may_try("card"), await first.may_try("card")] == [True, False]
        assert [await second.may_try("card"), await first.may_try("card")] == [True, False]
        assert not await third.may_try("card"), "two wrong ones were tried: the last try belongs to people"

    async with LocalStore(tmp_path) as store:
        assert not await PinGuard(store, "main", "3333").one_try.may_try("card")
        kept = await store.read(lambda connection: get_meta(connection, "gsm_modem.pin_tried.main"))
        assert kept
        assert not {"1111", "2222"} & set(kept.split())


async def test_another_card_and_an_open_one_begin_anew(tmp_path: Path) -> None:
    async with LocalStore(tmp_path) as store:
        guard = PinGuard(store, "main", "1111").one_try
        assert await guard.may_try("card")
        assert await guard.may_try("another card")
        assert not await guard.may_try("another card")
        await guard.succeeded()
        assert await guard.may_try("another card")
        assert await PinGuard(store, "second", "1111").one_try.may_try("another card"), "each modem has its own line"
