import pytest

from irzhub.core.state import ModemState
from irzhub.fleet.gpi_reasons import gpi_reasons


def state(**values: object) -> ModemState:
    return ModemState(modem="868441036775234", imei="868441036775234", **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        ({"link": "online", "gpi": {1: "ON", 2: "OFF", 3: "OFF"}}, []),
        ({"link": "online"}, ["not_asked"] * 3),
        ({"link": "offline", "gpi": {1: "ON"}}, ["offline"] * 3),
        ({"link": "online", "confirmed": False, "gpi": {1: "ON"}}, ["offline"] * 3),
        ({"link": "online", "encapsulated": False}, ["no_encapsulation"] * 3),
        ({"link": "online", "gpi": {1: "ON"}, "gpo": {2: "OFF", 4: "OFF"}}, ["pin_is_output", "sending_not_set"]),
    ],
)
def test_a_grey_input_says_why(values: dict[str, object], reasons: list[str]) -> None:
    assert [each.reason for each in gpi_reasons(state(**values))] == reasons


def test_what_can_be_mended_says_how() -> None:
    second = next(each for each in gpi_reasons(state(link="online", gpi={1: "ON", 3: "ON"}, gpo={2: "OFF"})))

    assert (second.pin, second.mend) == (2, ("AT$GPIO_SET2=0,0", "AT$GPIO_IFNC2=0", "AT$GPIO_SEND2=1"))
