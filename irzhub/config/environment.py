"""`IRZHUB__SECTION__KEY` in the environment, laid over what the files say (docs/contract.md 4).

A value is a YAML word or, for lists and mappings, JSON: `IRZHUB__RELAY__POLLING__ALLOW='["10.0.0.0/8"]'`.
Texts and secrets are taken as they stand, so a password of digits needs no quotes. Any secret may be
given as a file instead: `IRZHUB__MQTT__PASSWORD_FILE=/run/secrets/mqtt`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from irzhub.config.schema_map import KeyFacts, KeyIndex, hub_keys
from irzhub.config.tree import KeyPath, Place, Problem, Tree
from irzhub.config.yaml_file import Unreadable, read_yaml

PREFIX: Final = "IRZHUB__"
VARIABLE: Final = "environment "
"""Before the name of a variable, where a place is one."""
_FILE_SUFFIX: Final = "_file"
_SECRET_BYTES: Final = 64 * 1024


def overlay_environment(tree: Tree, environ: Mapping[str, str], keys: KeyIndex | None = None) -> list[Problem]:
    """Lay the variables of the hub over `tree`; return what is wrong with them.

    Shorter names go first, so that a key wins over the section it belongs to. `keys` are the hub's when not given.
    """
    keys = keys or hub_keys()
    problems: list[Problem] = []
    names = sorted((name for name in environ if name.startswith(PREFIX)), key=lambda name: (name.count("__"), name))
    for name in names:
        place = Place(f"{VARIABLE}{name}")
        try:
            path, found = _read_variable(name, environ, place, keys)
        except Unreadable as error:
            problems.append(error.problem)
        else:
            tree.overlay(path, found)
    return problems


def _read_variable(name: str, environ: Mapping[str, str], place: Place, keys: KeyIndex) -> tuple[KeyPath, Tree]:
    path: KeyPath = tuple(name.removeprefix(PREFIX).lower().split("__"))
    if not all(path):
        raise Unreadable(Problem(place, (), f"expected {PREFIX}SECTION__KEY"))
    text, facts = environ[name], keys.find(path)
    if facts is None and (secret := _secret_path(path, keys)) is not None:
        if name.removesuffix("_FILE") in environ:
            raise Unreadable(Problem(place, secret, "given twice, here and without _FILE"))
        path, facts, text = secret, keys.find(secret), _read_secret(text, secret, place)
        return path, Tree(text, {(): place}, {()})
    if facts is not None and facts.is_text:
        return path, Tree(_plain_text(text, facts), {(): place}, {()} if facts.is_secret else set())
    try:
        found, problems = read_yaml(text, place.source)
    except Unreadable as error:  # a variable has no lines that an operator could count
        raise Unreadable(Problem(place, error.problem.path, error.problem.text)) from error
    if problems:
        raise Unreadable(Problem(place, problems[0].path, problems[0].text))
    return path, Tree(found.value, dict.fromkeys(found.places, place), found.hidden)


def _plain_text(text: str, facts: KeyFacts) -> Any:
    return None if facts.is_nullable and text in ("", "null") else text


def _secret_path(path: KeyPath, keys: KeyIndex) -> KeyPath | None:
    last = str(path[-1])
    if not last.endswith(_FILE_SUFFIX):
        return None
    secret: KeyPath = (*path[:-1], last.removesuffix(_FILE_SUFFIX))
    facts = keys.find(secret)
    is_secret = facts.is_secret if facts is not None else secret[0] == "integrations"
    return secret if is_secret else None


def _read_secret(file: str, path: KeyPath, place: Place) -> str:
    try:
        with Path(file).open("rb") as stream:
            content = stream.read(_SECRET_BYTES + 1)
        text = content.decode().removesuffix("\n").removesuffix("\r")
    except OSError as error:
        raise Unreadable(Problem(place, path, f"the file {file} cannot be read: {error.strerror}")) from error
    except UnicodeDecodeError as error:
        raise Unreadable(Problem(place, path, f"expected a file with UTF-8 text, {file} is none")) from error
    if not text or len(content) > _SECRET_BYTES:
        raise Unreadable(Problem(place, path, f"expected a file with a secret, {file} is empty or too large"))
    return text
