import voluptuous as vol

from irzhub.config.schema_keys import About, key, section


def test_a_key_left_out_takes_its_default_and_tells_what_it_is() -> None:
    pin = key("pin", "1234", "the pin", "пин", is_secret=True)

    assert vol.Schema({pin: str})({}) == {"pin": "1234"}
    assert pin.description == About("the pin", "пин", is_secret=True)


def test_a_section_left_out_takes_the_defaults_below_it() -> None:
    schema = vol.Schema({section("outer", "outer", "внешний"): {key("inner", 5, "inner", "внутренний"): int}})

    assert schema({}) == {"outer": {"inner": 5}}
