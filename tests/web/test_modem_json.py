"""The tag of what people set."""

from typing import Any

import pytest

from irzhub.core.bus import Bus
from irzhub.core.state import StateStore
from irzhub.storage.inputs import InputRow
from irzhub.web.modem_json import edit_tag, newcomer_state
from tests.web.conftest import IMEI, Knocker, PlainRegistry, modem_row


@pytest.fixture
def registry() -> PlainRegistry:
    return PlainRegistry(StateStore(Bus()), {IMEI: modem_row(IMEI, 20000)})


@pytest.mark.parametrize(
    "changes",
    [{"name": "a"}, {"group": "a"}, {"comment": "a"}, {"inputs": {1: InputRow(IMEI, 1, debounce_s=1.0)}}],
)
async def test_each_setting_changes_the_tag(registry: PlainRegistry, changes: dict[str, Any]) -> None:
    registry.states.add(state := newcomer_state(Knocker(IMEI, IMEI)))
    before = edit_tag(state, registry)

    await registry.edit(IMEI, **changes)

    assert edit_tag(state, registry) != before
    assert edit_tag(state, registry) == edit_tag(state, registry)
