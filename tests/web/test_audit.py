"""What handlers note for the audit."""

from aiohttp.test_utils import make_mocked_request

from irzhub.web.audit import CHANGE, OBJECT, note_change, note_object


def test_objects_gather_and_the_last_change_counts() -> None:
    request = make_mocked_request("POST", "/")
    note_object(request, user="anna")
    note_object(request, token="01A")
    note_change(request, None, {"a": 1})
    note_change(request, {"a": 1}, {"a": 2})

    assert request[OBJECT] == {"user": "anna", "token": "01A"}
    assert (request[CHANGE].before, request[CHANGE].after) == ({"a": 1}, {"a": 2})
