"""The settings for people: every key of the schema with what was written for it, and no secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from irzhub.config.environment import overlay_environment
from irzhub.config.load import read_main_file
from irzhub.config.reload import is_taken_on_at_once
from irzhub.config.schema_map import KeyFacts, all_keys, hub_keys
from irzhub.config.tree import Place, Tree, find_value, show_path


@dataclass(frozen=True, slots=True)
class ShownKey:
    """One key as people may see it.

    Args:
        value: what holds, as an operator writes it; None for a secret.
        written: where somebody wrote it, in the file or the environment; None: it is as it is by default.
        is_taken_on_at_once: whether a change counts without a restart.
    """

    facts: KeyFacts
    value: Any
    is_secret: bool
    written: Place | None
    is_taken_on_at_once: bool

    @property
    def is_set(self) -> bool:
        """Whether anybody wrote it."""
        return self.written is not None

    @property
    def name(self) -> str:
        """Its name with dots, as in docs/configuration.md."""
        return show_path(self.facts.path)


def shown_keys(config_dir: Path, environ: Mapping[str, str]) -> tuple[ShownKey, ...]:
    """Return the keys of the hub in the order of the schema, those inside of lists left out.

    Raises:
        ConfigError: the file cannot be read.
    """
    tree, _ = read_main_file(config_dir)
    overlay_environment(tree, environ, hub_keys())
    return tuple(_shown(tree, facts) for facts in all_keys() if 0 not in facts.path)


def _shown(tree: Tree, facts: KeyFacts) -> ShownKey:
    written = None if facts.is_section else tree.places.get(facts.path)
    is_secret = facts.is_secret or tree.is_hidden(facts.path)
    value = find_value(tree.value, facts.path) if written is not None else facts.default
    return ShownKey(
        facts=facts,
        value=None if is_secret or facts.is_section else value,
        is_secret=is_secret,
        written=written,
        is_taken_on_at_once=is_taken_on_at_once(show_path(facts.path)),
    )
