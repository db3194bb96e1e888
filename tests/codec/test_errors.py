from irzhub.codec.errors import LocalProtocolError, ProtocolError, RemoteProtocolError


def test_who_is_to_blame_is_the_type() -> None:
    assert issubclass(LocalProtocolError, ProtocolError)
    assert issubclass(RemoteProtocolError, ProtocolError)
    assert not issubclass(LocalProtocolError, RemoteProtocolError)
    assert not issubclass(RemoteProtocolError, LocalProtocolError)
