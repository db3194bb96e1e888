"""Why there is no answer from another server.

OutboundError
├── TargetRefused   this address is never called: the rules forbid it, or nobody can read it
└── NoAnswer        the server could not be reached or did not answer well; `is_sent` says how far the request came
"""

from irzhub.core.exceptions import IrzhubError


class OutboundError(IrzhubError):
    """A request to another server that brought no answer; the text holds neither the URL's path nor its query."""


class TargetRefused(OutboundError):
    """The rules do not let the hub call this address; trying again would change nothing."""


class NoAnswer(OutboundError):
    """The server could not be reached, or its answer did not come whole.

    Attributes:
        is_sent: the request had left; whether the server has acted on it is unknown.
    """

    def __init__(self, text: str, *, is_sent: bool) -> None:
        super().__init__(text)
        self.is_sent = is_sent
