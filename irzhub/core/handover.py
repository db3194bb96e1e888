"""What a hub leaves to its successor in the same process: facts by part, and the descriptors among them.

A planned restart replaces the program by `execv`: the process stays, with its children and with every
descriptor that is marked so. The facts travel in an anonymous file whose number stands in the environment.
"""

import contextlib
import json
import os
import socket
from collections.abc import MutableMapping
from typing import Any, Final

from irzhub.core.exceptions import UpgradeRefused

ENV: Final = "IRZHUB_HANDOVER"
FORMAT: Final = 1
"""Another number says that a successor must not read the facts: it closes all and starts anew."""


class Handover:
    """Facts as JSON values, by the name of their part; whoever is named in them is kept open.

    The one who goes calls `keep` and `leave`, the one who comes `take` and `claim`.
    """

    def __init__(self) -> None:
        self._notes: dict[str, Any] = {}
        self._descriptors: set[int] = set()

    def keep(self, descriptor: int) -> int:
        """Duplicate a descriptor and return the number under which the successor finds it."""
        kept = os.dup(descriptor)
        self._descriptors.add(kept)
        return kept

    def leave(self, part: str, note: Any) -> None:
        """Leave a note for the same part of the successor; it must be JSON."""
        self._notes[part] = note

    def take(self, part: str) -> Any:
        """Return the note for a part, once; None when there is none."""
        return self._notes.pop(part, None)

    def claim(self, descriptor: int) -> socket.socket:
        """Return a socket that was kept, which is the caller's from here on."""
        self._descriptors.discard(descriptor)
        sock = socket.socket(fileno=descriptor)
        sock.setblocking(False)
        return sock

    def claim_file(self, descriptor: int) -> int:
        """Return the number of a kept file, which is the caller's from here on."""
        self._descriptors.discard(descriptor)
        return descriptor

    def close(self) -> None:
        """Close what nobody has claimed."""
        while self._descriptors:
            with contextlib.suppress(OSError):
                os.close(self._descriptors.pop())

    def pack(self, environment: MutableMapping[str, str]) -> None:
        """Make all ready for `execv`; nothing may be started between this and that.

        Raises:
            UpgradeRefused: the system has no anonymous file for it.
        """
        facts = {"format": FORMAT, "pid": os.getpid(), "descriptors": sorted(self._descriptors), "notes": self._notes}
        try:
            number = os.memfd_create("irzhub-handover")
            with os.fdopen(os.dup(number), "wb") as file:
                file.write(json.dumps(facts).encode())
        except OSError as error:
            raise UpgradeRefused(f"the facts for the successor cannot be written: {error}") from error
        for descriptor in (number, *self._descriptors):
            os.set_inheritable(descriptor, True)
        environment[ENV] = str(number)


def receive(environment: MutableMapping[str, str]) -> Handover | None:
    """Return what the program before this one in the same process has left; None after an ordinary start.

    Facts that are of another format, or that cannot be read, are not used: their descriptors are closed, which
    ends the workers at their other ends.
    """
    text = environment.pop(ENV, "")
    if not text.isdigit():
        return None
    try:
        with os.fdopen(int(text), "rb") as file:
            file.seek(0)
            facts = json.loads(file.read())
    except (OSError, ValueError):
        return None
    if facts.get("pid") != os.getpid():
        return None  # a child that was given the variable by mistake: the descriptors are not its own
    handover = Handover()
    for descriptor in facts["descriptors"]:
        with contextlib.suppress(OSError):
            os.set_inheritable(descriptor, False)
            handover._descriptors.add(descriptor)  # noqa: SLF001 - its own class
    if facts["format"] != FORMAT:
        handover.close()
        return None
    handover._notes = facts["notes"]  # noqa: SLF001 - its own class
    return handover
