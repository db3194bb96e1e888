"""What the hub says of itself."""

from irzhub.web.models_hub import HubKey, HubKeys


def test_a_key_tells_its_value_and_when_a_change_counts() -> None:
    fields = {
        "key": "web.port",
        "is_section": False,
        "is_secret": False,
        "english": "port",
        "russian": "порт",
        "expected": "a number",
        "value": 8081,
        "usual": 8080,
        "is_set": True,
        "written": {"source": "/etc/irzhub/irzhub.yaml", "line": 12, "is_variable": False},
        "applies": "at_start",
    }
    [key] = HubKeys.model_validate({"items": [fields]}).items
    assert key == HubKey.model_validate(fields)
    assert key.written is not None and key.written.line == 12
