"""What has to be kept first is counted, and its end is told once."""

from irzhub.automation.burden import Burden


def test_it_is_lifted_when_all_of_it_is_kept() -> None:
    lifted = list[str]()
    burden = Burden(lambda: lifted.append("lifted"))
    burden.add()

    burden.release()
    assert lifted == []
    burden.release()
    assert lifted == ["lifted"]
