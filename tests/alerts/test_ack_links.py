"""Links that acknowledge: only this hub makes them, for one incident, for a while."""

from datetime import timedelta
from pathlib import Path

import pytest

from irzhub.alerts.ack_links import AckLink, AckLinks, LinkOver, load_ack_links
from irzhub.storage.local import LocalStore
from tests.alerts.outbox_rig import NOW

LINKS = AckLinks(b"k" * 32)


def test_a_link_says_who_may_acknowledge_what_until_when() -> None:
    text = LINKS.make(17, "дежурный.смены", NOW, 3600)

    assert LINKS.read(text, NOW) == AckLink(17, "дежурный.смены", NOW + timedelta(hours=1))
    assert text.replace("-", "").replace("_", "").isalnum()
    assert len(text) < 120


@pytest.mark.parametrize("change", ["over", "other key", "changed", "cut", "empty", "no ASCII", "long", "no base64"])
def test_any_other_text_leads_nowhere(change: str) -> None:
    text, now = LINKS.make(17, "anna", NOW, 3600), NOW
    match change:
        case "over":
            now += timedelta(hours=1)
        case "other key":
            text = AckLinks(b"q" * 32).make(17, "anna", NOW, 3600)
        case "changed":
            text = text[:-3] + ("AAA" if text[-3:] != "AAA" else "BBB")
        case "cut":
            text = text[:20]
        case "empty":
            text = ""
        case "no ASCII":
            text = "ж" * 40
        case "long":
            text = "A" * 100_000
        case _:
            text = "!" + text

    with pytest.raises(LinkOver):
        LINKS.read(text, now)


async def test_the_key_stays_with_the_hub(tmp_path: Path) -> None:
    async with LocalStore(tmp_path) as store:
        first, second = await load_ack_links(store), await load_ack_links(store)

    assert first == second
    assert len(first.key) == 32
    assert first.key != LINKS.key
