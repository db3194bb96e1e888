"""Groups change under thousands of modems, and only those are told that it concerns."""

from datetime import UTC, datetime

import pytest

from irzhub.config.overrides import WrongOverrides
from irzhub.fleet.group_desk import GroupInUse, GroupTaken
from irzhub.relay.orders import PutModem
from irzhub.storage.groups import GroupRow
from irzhub.storage.sites import SiteRow
from tests.fleet.conftest import Desk

NOW = datetime(2026, 11, 21, tzinfo=UTC)
FIRST, SECOND, THIRD = (f"86844103677523{number}" for number in range(3))


async def filled(desk: Desk) -> Desk:
    for modem, group in ((FIRST, "Север/Котельные"), (SECOND, "Север"), (THIRD, "Юг")):
        await desk.dial_in(modem)
        await desk.registry.edit(modem, group=group)
        desk.states.update(modem, group=group)
    desk.sent.clear()
    return desk


def told(desk: Desk) -> dict[str, str]:
    """Return which modems were put anew, and how they treat programs while they are away."""
    puts = [message.settings for message in desk.sent if isinstance(message, PutModem)]
    return {settings.modem: settings.offline for settings in puts}


async def test_the_tree_counts_from_the_leaves_up(desk: Desk) -> None:
    await filled(desk)
    await desk.groups.create(GroupRow("Запад/Пустая", NOW))

    tree = desk.groups.tree(desk.states)

    assert [(each.path, each.modems, each.modems_here) for each in tree] == [
        ("Запад", 0, 0),
        ("Запад/Пустая", 0, 0),
        ("Север", 2, 1),
        ("Север/Котельные", 1, 1),
        ("Юг", 1, 1),
    ]
    assert tree[2].states == {"online": 2, "offline": 0, "standby": 0, "quarantined": 0}


async def test_settings_of_a_group_reach_its_modems_and_no_other(desk: Desk) -> None:
    await filled(desk)

    await desk.groups.change(GroupRow("Север", NOW, relay={"offline": "refuse"}))
    assert told(desk) == {FIRST: "refuse", SECOND: "refuse"}

    desk.sent.clear()
    await desk.groups.change(GroupRow("Север/Котельные", NOW, relay={"offline": "wake"}))
    assert told(desk) == {FIRST: "wake"}

    desk.sent.clear()
    await desk.groups.change(GroupRow("Север/Котельные", NOW, "другое слово", {"offline": "wake"}))
    assert told(desk) == {}


async def test_wrong_settings_change_nothing(desk: Desk) -> None:
    await filled(desk)

    with pytest.raises(WrongOverrides, match="expected accept, refuse or wake"):
        await desk.groups.change(GroupRow("Север", NOW, relay={"offline": "perhaps"}))

    assert desk.registry.belongings.group("Север") is None
    assert desk.sent == []


async def test_a_group_moves_with_all_that_is_in_it(desk: Desk) -> None:
    await filled(desk)
    await desk.groups.create(GroupRow("Север/Котельные", NOW, "у реки"))
    await desk.groups.create(GroupRow("Юг", NOW, relay={"offline": "refuse"}))
    desk.sent.clear()

    assert await desk.groups.move("Север", "Юг/Север") == 2

    assert desk.registry.get(FIRST).group == desk.states.get(FIRST).group == "Юг/Север/Котельные"
    assert desk.registry.get(SECOND).group == desk.states.get(SECOND).group == "Юг/Север"
    assert told(desk) == {FIRST: "refuse", SECOND: "refuse"}
    moved = desk.registry.belongings.group("Юг/Север/Котельные")
    assert moved is not None
    assert moved.comment == "у реки"
    assert desk.groups.group("Север") is None


@pytest.mark.parametrize(("old", "new"), [("Север", "Юг"), ("Север", "Север/Котельные/Внутри"), ("Север", "")])
async def test_a_group_cannot_go_where_one_is(desk: Desk, old: str, new: str) -> None:
    await filled(desk)

    with pytest.raises(GroupTaken):
        await desk.groups.move(old, new)

    assert desk.registry.get(SECOND).group == "Север"


async def test_only_an_empty_group_can_be_removed(desk: Desk) -> None:
    await filled(desk)
    await desk.groups.create(GroupRow("Запад/Пустая", NOW))

    with pytest.raises(GroupInUse, match="2 modems are in this group"):
        await desk.groups.delete("Север")
    await desk.groups.delete("Запад")

    assert desk.groups.group("Запад/Пустая") is None


async def test_commissioning_is_told_once_and_shown_by_each_modem_until_it_is_accepted(desk: Desk) -> None:
    await filled(desk)

    await desk.groups.commission("Север", "anna")
    await desk.groups.commission("Север", "boris")
    shown = [desk.states.get(modem).commissioning for modem in (FIRST, SECOND, THIRD)]
    assert shown == [True, True, False]

    assert await desk.groups.accept("Север", "boris") == ["Север"]
    assert await desk.groups.accept("Север", "boris") == []
    assert not desk.states.get(FIRST).commissioning
    assert (await desk.events())[-2:] == [
        {"type": "commissioning_started", "group": "Север", "by": "anna"},
        {"type": "commissioning_ended", "group": "Север", "by": "boris"},
    ]


async def test_an_organisation_has_ports_and_an_address_of_its_own(desk: Desk) -> None:
    await filled(desk)
    await desk.registry.edit(THIRD, organisation="teplo")

    await desk.groups.set_organisation_relay(
        "teplo",
        {
            "pools": [{"host": "127.0.0.1", "first": 20001, "last": 20002}],
            "advertise": [{"name": "VPN", "host": "vpn.example.ru"}],
            "allow": ["192.0.2.0/24"],
        },
    )

    assert desk.states.get(THIRD).address == "vpn.example.ru:20002"
    assert desk.last_sent(PutModem).settings.allow == ("192.0.2.0/24",)
    await desk.lifecycle.delete(THIRD, by="anna", keeps_port=False, is_blocked=False)
    await desk.dial_in("868441036775239")
    assert "868441036775239" not in desk.registry, "the hub's own modems are given no port of an organisation"


async def test_a_site_stays_while_modems_stand_there(desk: Desk) -> None:
    await filled(desk)
    site = SiteRow(desk.groups.new_site_id(), "Котельная 7", NOW)
    await desk.groups.save_site(site)
    await desk.registry.edit(FIRST, site=site.id)

    with pytest.raises(GroupInUse, match="1 modems stand at this site"):
        await desk.groups.delete_site(site.id)
    await desk.registry.edit(FIRST, site="")
    await desk.groups.delete_site(site.id)

    assert desk.registry.belongings.site(site.id) is None
