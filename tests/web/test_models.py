"""What the models take from outside."""

import subprocess
import sys

import pytest

from irzhub.web.models import Modem, ModemEdit


@pytest.mark.parametrize(("given", "seconds"), [(5, 5.0), (0.25, 0.25), ("5s", 5.0), ("00:00:05", 5.0), ("2m", 120.0)])
def test_a_debounce_may_be_seconds_or_a_duration(given: object, seconds: float) -> None:
    edit = ModemEdit.model_validate({"inputs": {"1": {"debounce": given}}})

    assert edit.inputs is not None
    assert (change := edit.inputs["1"]) is not None
    assert change.debounce == seconds


def test_a_name_loses_its_edges_only() -> None:
    assert ModemEdit.model_validate({"name": "  ТП 7  «Север»  "}).name == "ТП 7  «Север»"


def test_a_modem_has_what_the_contract_names() -> None:
    contract = (
        "imei channel name group state address port clients csq rssi_dbm rx_bytes tx_bytes last_seen gpi gpo meters"
    )

    assert set(contract.split()) <= set(Modem.model_fields)


ALL_MODELS = """
import irzhub.bootstrap
from pydantic import BaseModel
from irzhub.web.models import Closed, Told

def below(model):
    yield model
    for each in model.__subclasses__():
        yield from below(each)

print(*[each.__name__ for base in (Closed, Told) for each in below(base) if each.__pydantic_complete__])
print(*[each.__name__ for each in BaseModel.__subclasses__() if each.__module__.startswith("irzhub")])
"""


def test_no_model_is_built_by_a_start() -> None:
    said = subprocess.check_output([sys.executable, "-c", ALL_MODELS], text=True).splitlines()

    # `BuiltAtOnce` is empty: it takes the search for plugins, which reads the disk, out of the first request.
    assert said == ["", "Closed Told BuiltAtOnce"], "built at import; or not from one of the two bases"
