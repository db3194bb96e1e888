"""What may be said of groups, sites, and modems that come and go."""

import pytest
from pydantic import BaseModel, ValidationError

from irzhub.web.models_fleet import DeleteQuery, GroupEdit, NewGroup, NewModem, NewSite, ReplaceRequest, SiteEdit

IMEI = "868441036775234"


def test_a_path_is_taken_as_people_write_it() -> None:
    assert NewGroup.model_validate({"path": " Север / Котельные /"}).path == "Север/Котельные"


def test_null_empties_and_what_is_left_out_stays() -> None:
    assert SiteEdit.model_validate({"latitude": None, "phones": None}).model_fields_set == {"latitude", "phones"}
    assert GroupEdit.model_validate({"relay": None}).model_fields_set == {"relay"}


def test_a_modem_needs_no_more_than_its_imei() -> None:
    modem = NewModem.model_validate({"imei": IMEI})

    assert modem.model_dump(exclude_defaults=True) == {"imei": IMEI}
    assert (modem.driver, modem.port, modem.organisation) == ("irz", None, None)


@pytest.mark.parametrize("imei", [IMEI[:14], IMEI + "12", f"{IMEI}_2", f"{IMEI}_5", "meter-7", "A" * 32])
def test_modems_of_every_make_have_their_id(imei: str) -> None:
    assert NewModem.model_validate({"imei": imei}).imei == imei


def test_a_deleted_modems_port_waits_and_it_may_return() -> None:
    assert (DeleteQuery().port, DeleteQuery().again) == ("keep", "allow")


@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        (NewGroup, {}),
        (NewGroup, {"path": ""}),
        (NewGroup, {"path": " / "}),
        (NewGroup, {"path": "/".join("abcdefghi")}),
        (NewGroup, {"path": "a\nb"}),
        (NewGroup, {"path": "a", "comment": "x" * 2001}),
        (NewGroup, {"path": "a", "relay": []}),
        (NewGroup, {"path": "a", "relay": {str(number): 1 for number in range(17)}}),
        (NewGroup, {"path": "a", "commissioning": True}),
        (GroupEdit, {"commissioning": False}),
        (NewSite, {}),
        (NewSite, {"name": ""}),
        (NewSite, {"name": None}),
        (SiteEdit, {"name": "x\u202ey"}),
        (SiteEdit, {"latitude": 90.1}),
        (SiteEdit, {"latitude": "59"}),
        (SiteEdit, {"latitude": float("nan")}),
        (SiteEdit, {"longitude": -180.1}),
        (SiteEdit, {"phones": ["+7 921"]}),
        (SiteEdit, {"phones": ["112"] * 21}),
        (SiteEdit, {"time_zone": "../../etc/passwd"}),
        (SiteEdit, {"organisation": "a/b"}),
        (SiteEdit, {"id": "01"}),
        (NewModem, {"imei": "../x"}),
        (NewModem, {"imei": f"{IMEI}_6"}),
        (NewModem, {"imei": f"{IMEI}\n"}),
        (NewModem, {"imei": int(IMEI)}),
        (NewModem, {"imei": IMEI, "channel": 1}),
        (NewModem, {"imei": IMEI, "port": 0}),
        (NewModem, {"imei": IMEI, "port": 65536}),
        (NewModem, {"imei": IMEI, "driver": "other"}),
        (NewModem, {"imei": IMEI, "phone_sim1": "call me"}),
        (ReplaceRequest, {"imei": f"{IMEI}_2"}),
        (ReplaceRequest, {"imei": "٨" * 15}),
        (ReplaceRequest, {"imei": IMEI, "discard": "yes"}),
        (DeleteQuery, {"port": "drop"}),
        (DeleteQuery, {"force": "1"}),
    ],
    ids=str,
)
def test_what_is_none_is_refused(model: type[BaseModel], wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(wrong)
