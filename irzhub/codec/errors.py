"""Who is to blame is the type; what was expected, what came and in which state is the text.

ProtocolError
├── RemoteProtocolError   the peer sent what it must not: close that session
└── LocalProtocolError    we asked for what cannot be sent: a bug or a bad command of ours
"""


class ProtocolError(Exception):
    """Root of the codec's errors; never raised itself."""


class RemoteProtocolError(ProtocolError):
    """The peer broke the protocol; its session ends."""


class LocalProtocolError(ProtocolError):
    """We tried to send something that the protocol cannot carry, or at the wrong time."""
