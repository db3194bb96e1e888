"""A call to the modem is told once."""

from integrations.gsm_modem.ringing import Ringing


def test_told_once_with_its_number() -> None:
    ringing = Ringing()

    assert ringing.heard(None, 0.0) is None
    assert ringing.heard(["+79211234567"], 0.1) == "+79211234567"
    assert ringing.is_to_end
    assert [ringing.heard(None, 4.0), ringing.heard(["+79211234567"], 4.1)] == [None, None]


def test_a_withheld_number_is_told_with_the_second_ring() -> None:
    ringing = Ringing()

    assert [ringing.heard(None, 0.0), ringing.heard(None, 4.0), ringing.heard(None, 8.0)] == [None, "", None]


def test_the_next_call_is_another_one() -> None:
    ringing = Ringing()
    ringing.heard(["+7921"], 0.0)

    assert ringing.heard(["+7921"], 5.0) is None
    assert ringing.heard(["+7921"], 30.0) == "+7921"
    ringing.over()
    assert ringing.heard(["+7921"], 31.0) == "+7921"
