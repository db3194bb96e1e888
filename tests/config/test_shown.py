"""The settings as people may see them."""

from pathlib import Path

from irzhub.config.shown import ShownKey, shown_keys


def keys_of(folder: Path, text: str, **environ: str) -> dict[str, ShownKey]:
    """The keys by name, of a hub with that file and environment."""
    (folder / "irzhub.yaml").write_text(text)
    return {key.name: key for key in shown_keys(folder, environ)}


def test_what_nobody_wrote_is_the_default(tmp_path: Path) -> None:
    port = keys_of(tmp_path, "hub: {id: north}")["web.port"]
    assert (port.value, port.is_set, port.is_taken_on_at_once) == (8080, False, False)


def test_the_file_and_the_environment_are_shown(tmp_path: Path) -> None:
    keys = keys_of(tmp_path, "web:\n  port: 8081\n", IRZHUB__HUB__LANGUAGE="en")
    port, language = keys["web.port"], keys["hub.language"]
    assert (port.value, port.is_set, str(port.written)) == (8081, True, f"{tmp_path / 'irzhub.yaml'}, line 2")
    assert (language.value, language.is_set, str(language.written)) == (
        "en",
        True,
        "environment IRZHUB__HUB__LANGUAGE",
    )
    assert (keys["web.host"].is_set, keys["web.host"].written) == (False, None)


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "secrets.yaml").write_text('name: "hush"\n')
    keys = keys_of(tmp_path, 'mqtt: {password: "hush", username: !secret name}\ndatabase: {url: "mysql://u:hush@h/d"}')
    assert keys["mqtt.password"].is_set
    assert keys["mqtt.username"].is_secret
    assert "hush" not in repr([(key.name, key.value) for key in keys.values()])


def test_each_key_says_whether_a_running_hub_takes_it_on(tmp_path: Path) -> None:
    keys = keys_of(tmp_path, "")
    assert keys["relay.modems.ask.pins"].is_taken_on_at_once
    assert keys["relay.polling.offline"].is_taken_on_at_once
    assert not keys["relay.polling.pools"].is_taken_on_at_once
    assert not keys["relay.modems.port"].is_taken_on_at_once
