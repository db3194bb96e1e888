"""The schema holds together: every default is good, every key says what it is for in both languages."""

import re

from irzhub.config.schema import SCHEMA
from irzhub.config.schema_map import all_keys


def test_nothing_written_means_all_defaults() -> None:
    values = SCHEMA({})

    assert values["relay"]["modems"]["port"] == 5009
    assert values["relay"]["polling"]["pools"] == ({"host": "0.0.0.0", "first": 20000, "last": 32700},)
    assert values["hub"]["start_grace"] == 180.0


def test_every_key_speaks_both_languages() -> None:
    for key in all_keys():
        assert re.search("[a-z]", key.about.english), key.path
        assert re.search("[а-я]", key.about.russian), key.path
        assert key.is_section or key.expected, key.path


def test_a_default_cannot_be_changed_by_who_got_it() -> None:
    SCHEMA({})["contacts"]["duty"] = ()
    SCHEMA({})["relay"]["modems"]["ask"]["pins"] = 1.0

    assert SCHEMA({})["contacts"] == {}
    assert SCHEMA({})["relay"]["modems"]["ask"]["pins"] == 60.0
