"""Defaults, then YAML, then the environment, then the command line: one `Settings`, or all errors at once."""

import difflib
import json
import logging
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import voluptuous as vol

from irzhub.config.build import build_settings
from irzhub.config.environment import overlay_environment
from irzhub.config.integrations import (
    SECTION,
    IntegrationSchemas,
    NoIntegrations,
    integration_keys,
    judge_integration,
    unknown_integrations,
    wanted_schemas,
)
from irzhub.config.rules import check_together
from irzhub.config.schema import SCHEMA
from irzhub.config.schema_map import KeyIndex, hub_keys, known_keys
from irzhub.config.settings import Settings
from irzhub.config.tree import KeyPath, Place, Problem, Tree, find_value
from irzhub.config.validators import KEY_ERROR
from irzhub.config.yaml_file import FindSecret, Unreadable, read_yaml_file
from irzhub.core.exceptions import ConfigError

MAIN_FILE: Final = "irzhub.yaml"
SECRETS_FILE: Final = "secrets.yaml"
_EXTRA_KEY: Final = "extra keys not allowed"  # what voluptuous says of a key that the schema does not have
_MISSING_KEY: Final = "required key not provided"
_SHOWN: Final = 60

_log = logging.getLogger(__name__)


def load_settings(
    config_dir: Path,
    environ: Mapping[str, str],
    overrides: Mapping[str, object] | None = None,
    schemas: IntegrationSchemas | None = None,
) -> Settings:
    """Return the settings of `CONFIG/irzhub.yaml`, the environment and the command line.

    Args:
        config_dir: need not exist; every missing file means defaults.
        environ: `IRZHUB__SECTION__KEY` and `..._FILE` are taken from it.
        overrides: values by dotted key, e.g. `{"web.port": 8081}`; they win over everything.
        schemas: what integrations take; without it what is written for them is taken as it stands.

    Raises:
        ConfigError: its text names for each error the file and line, the key, what was expected and what came.
    """
    tree, problems = read_main_file(config_dir)
    schemas = schemas or NoIntegrations()
    wanted = wanted_schemas(tree.value, environ, schemas)
    keys = hub_keys().beside(integration_keys(wanted))
    problems += overlay_environment(tree, environ, keys)
    for name, value in (overrides or {}).items():
        tree.overlay(tuple(name.split(".")), Tree(value, {(): Place("command line")}))
    values = _validate(tree, config_dir / MAIN_FILE, problems, keys, wanted, schemas)
    if problems:
        raise ConfigError(_report(problems))
    return build_settings(config_dir, values)


def read_main_file(config_dir: Path) -> tuple[Tree, list[Problem]]:
    """Return what `irzhub.yaml` says, its secrets filled in; a file that cannot be read is a problem too."""
    name = str(config_dir / MAIN_FILE)
    try:
        find_secret = read_secrets(config_dir)
        tree, problems = read_yaml_file(config_dir / MAIN_FILE, name, find_secret)
    except Unreadable as error:
        raise ConfigError(_report([error.problem])) from error
    if tree.value is None:
        tree.value = {}
    return tree, problems


def read_secrets(config_dir: Path) -> FindSecret:
    """Return the function that finds a secret of `secrets.yaml` by its name.

    Raises:
        Unreadable: there is such a file, but it does not hold names and texts.
    """
    file = config_dir / SECRETS_FILE
    tree, problems = read_yaml_file(file, str(file))
    if problems:
        raise Unreadable(problems[0])
    secrets = {} if tree.value is None else tree.value
    if not isinstance(secrets, dict):
        raise Unreadable(Problem(Place(str(file)), (), "expected names and their secrets"))
    if tree.value is not None and file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        _log.warning("%s can be read by others on this machine: chmod 600 it", file)

    def find_secret(name: str) -> str:
        if name not in secrets:
            near = difflib.get_close_matches(name, secrets, 1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            raise KeyError(f"expected a secret named `{name}` in {file}, there is none{hint}")
        if not isinstance(secrets[name], str):
            raise KeyError(f"expected the secret `{name}` in {file} as a text in quotes")
        return str(secrets[name])

    return find_secret


def _validate(
    tree: Tree,
    file: Path,
    problems: list[Problem],
    keys: KeyIndex,
    wanted: Mapping[str, Mapping[Any, Any] | None],
    schemas: IntegrationSchemas,
) -> dict[str, Any]:
    told = {problem.path for problem in problems}
    complaints: list[tuple[KeyPath, str]] = []
    values: dict[str, Any] = {}
    try:
        values = SCHEMA(_without_empty_sections(tree.value))
    except vol.MultipleInvalid as error:
        complaints = [_complaint(each, tree, keys) for each in error.errors]
    else:
        complaints = [(path, f"{text}, came {_came(tree, path, keys)}") for path, text in check_together(values)]
        complaints += unknown_integrations(values[SECTION], schemas.names())
        for name, schema in wanted.items():
            if schema is not None and name in values[SECTION]:
                values[SECTION][name], errors = judge_integration(name, schema, values[SECTION][name])
                complaints += [_complaint(each, tree, keys) for each in errors]
    for path, text in complaints:
        if path not in told:
            problems.append(Problem(tree.place(path) or Place(str(file)), path, text))
    return values


def _without_empty_sections(value: Any, path: KeyPath = ()) -> Any:
    """Leave out sections with nothing in them: `web:` with all its keys commented out means defaults."""
    if not isinstance(value, dict):
        return value
    return {
        key: _without_empty_sections(inner, (*path, key))
        for key, inner in value.items()
        if inner is not None or not known_keys((*path, key))
    }


def _complaint(error: vol.Invalid, tree: Tree, keys: KeyIndex) -> tuple[KeyPath, str]:
    path: KeyPath = tuple(part if isinstance(part, int) else str(part) for part in error.path)
    if error.error_message == _EXTRA_KEY:
        return path, _unknown_key(path, keys)
    if error.error_type == KEY_ERROR:
        return path, error.error_message
    if error.error_message == _MISSING_KEY:
        return path, "expected this key too, it is missing"
    message = error.error_message if error.error_message.startswith("expected") else f"expected {error.error_message}"
    if error.error_message == "expected a dictionary":
        message = f"expected a mapping with {', '.join(keys.known(path)) or 'names as keys'}"
    return path, f"{message}, came {_came(tree, path, keys)}"


def _unknown_key(path: KeyPath, keys: KeyIndex) -> str:
    known = keys.known(path[:-1])
    near = difflib.get_close_matches(str(path[-1]), known, 1)
    if near:
        return f"unknown key; did you mean `{near[0]}`?"
    return f"unknown key; known here: {', '.join(known)}"


def _came(tree: Tree, path: KeyPath, keys: KeyIndex) -> str:
    facts = keys.find(path)
    if tree.is_hidden(path) or (facts is not None and facts.is_secret):
        return "something else (a secret, not shown)"
    value = find_value(tree.value, path)
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _report(problems: list[Problem]) -> str:
    lines = [f"  {problem}" for problem in problems]
    count = "1 error" if len(lines) == 1 else f"{len(lines)} errors"
    return "\n".join([f"{count} in the configuration:", *lines])
