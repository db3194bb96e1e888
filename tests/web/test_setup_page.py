"""The form of the first account."""

from irzhub.web.setup_page import SETUP_TEXTS, render_form


def test_what_comes_from_outside_is_escaped() -> None:
    page = render_form(SETUP_TEXTS["ru"], 'x"><script>', "<b>", "<i>")

    assert "<script>" not in page
    assert "&lt;b&gt;" in page
    assert "&lt;i&gt;" in page
    assert '<html lang="ru">' in page
