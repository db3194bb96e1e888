"""The arguments of a settings job: what is shown, what is forgotten."""

from irzhub.fleet.settings_job import WIPED, forget_secrets, show_args

ARGS = {
    "lines": ["AT$IRZ_PWD={{pwd}}"],
    "values": {"apn": "x"},
    "secrets": {"pwd": "Zaq12345"},
    "modem_secrets": {"pin": "9876"},
    "password": "7531",
    "modem_password": "8642",
}


def test_people_see_names_of_secrets_only() -> None:
    shown = show_args(ARGS)
    assert shown == {"lines": ["AT$IRZ_PWD={{pwd}}"], "values": {"apn": "x"}, "secrets": ["pin", "pwd"]}


def test_what_is_forgotten_is_gone_and_says_so() -> None:
    kept = forget_secrets(ARGS)
    assert kept == {"lines": ["AT$IRZ_PWD={{pwd}}"], "values": {"apn": "x"}, WIPED: True}
    assert forget_secrets({"lines": []}) == {"lines": []}
