"""The libraries of the hub."""

from irzhub.web.libraries import libraries


def test_each_library_has_a_version_and_a_licence() -> None:
    found = {library.name: library for library in libraries()}
    assert "Apache" in found["aiohttp"].licence
    assert found["aiohttp"].version[0].isdigit()
    assert [name for name, library in found.items() if not library.version] == []
