"""A cursor follows what is done without a gap."""

from irzhub.mqtt.open_numbers import OpenNumbers


def test_what_is_done_out_of_order_waits_for_what_is_before_it() -> None:
    open_ = OpenNumbers()
    open_.begin([4, 5, 7])
    open_.begin([8])
    assert [open_.end(number) for number in (7, 5)] == [0, 0]
    assert open_.end(4) == 7
    assert open_.end(8) == 8


def test_what_will_be_handed_out_again_is_open_again() -> None:
    open_ = OpenNumbers()
    open_.begin([1, 2])
    open_.end(2)
    open_.clear()
    open_.begin([1, 2])
    assert open_.end(1) == 1
    assert open_.end(2) == 2
