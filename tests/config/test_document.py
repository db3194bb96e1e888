"""docs/configuration.md is made from the schema."""

from irzhub.config.document import render_page
from irzhub.config.schema_keys import About, key
from irzhub.config.schema_map import all_keys
from irzhub.config.validators import OrNull, Text


def test_every_key_is_on_the_page() -> None:
    page = render_page()

    assert [key.path for key in all_keys() if f"`{key.path[-1]}" not in page and f".{key.path[-1]}`" not in page] == []
    assert "| `password` 🔒 | `null` | a text, or null | his password | его пароль |" in page
    assert "| `first` |" not in page
    assert "| `pools[].first` | `20000` |" in page


def test_integrations_stand_behind_the_hub_s_own_keys() -> None:
    schema = {key("port", None, "where it is", "где он", is_secret=True): OrNull(Text())}
    page = render_page({"modem": (About("A modem", "Модем"), schema)})

    assert page.startswith(render_page())
    assert page.removeprefix(render_page()).startswith("\n## `integrations.modem`\n\nA modem / Модем\n")
    assert "| `port` 🔒 | `null` | a text, or null | where it is | где он |" in page
