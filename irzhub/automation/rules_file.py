"""`automations.yaml` on the disk: read, watched, replaced in one step."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from irzhub.automation.blueprints import FOLDER
from irzhub.automation.desk import RulesChanged
from irzhub.automation.rule_source import AUTOMATIONS_FILE, RuleSet, read_rules_file
from irzhub.config.load import SECRETS_FILE
from irzhub.config.yaml_file import MAX_BYTES

_NOTHING: Final = "none"
_MODE: Final = 0o640
_MOST_FILES: Final = 500

Stamp: TypeAlias = tuple[tuple[str, int, int], ...]
"""Names, sizes and times of the files that rules are made of."""


@dataclass(frozen=True, slots=True)
class RulesFile:
    """The file with rules of one hub, and the blueprints and secrets that it draws on. All calls wait for the disk."""

    config_dir: Path
    name: str = AUTOMATIONS_FILE

    @property
    def path(self) -> Path:
        """Where the rules stand."""
        return self.config_dir / self.name

    def read(self) -> RuleSet:
        """Return the rules, or what is wrong with them."""
        return read_rules_file(self.config_dir)

    def text(self) -> tuple[str, str]:
        """Return the text and its version; a file that does not exist is an empty text.

        Raises:
            OSError: it cannot be read.
        """
        try:
            with self.path.open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return "", _NOTHING
        return content.decode("utf-8", "replace"), _version(content)

    def write(self, text: str, version: str | None) -> None:
        """Replace the text, durably and in one step: whoever reads meanwhile sees the old one or the new one.

        Raises:
            RulesChanged: the present text has another version; None takes any.
            OSError: the disk does not take it.
        """
        if version is not None and self.text()[1] != version:
            raise RulesChanged("the automations were changed by somebody else meanwhile: read them again")
        self.config_dir.mkdir(parents=True, exist_ok=True)
        mode = _MODE
        with contextlib.suppress(FileNotFoundError):
            mode = self.path.stat().st_mode & 0o777
        handle, name = tempfile.mkstemp(prefix=f".{self.name}.", dir=self.config_dir)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(text.encode("utf-8"))
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).chmod(mode)
            Path(name).replace(self.path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def stamp(self) -> Stamp:
        """Return what is another when any of the files is another; one that cannot be looked at counts as away."""
        return tuple(self._stamps())

    def _stamps(self) -> Iterator[tuple[str, int, int]]:
        folder = self.config_dir / FOLDER
        with contextlib.suppress(OSError):
            blueprints = sorted(folder.rglob("*.yaml"))[:_MOST_FILES] if folder.is_dir() else []
            for file in (self.path, self.config_dir / SECRETS_FILE, *blueprints):
                with contextlib.suppress(FileNotFoundError):
                    found = file.stat()
                    yield str(file), found.st_size, found.st_mtime_ns


def _version(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
