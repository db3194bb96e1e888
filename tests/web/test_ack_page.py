"""The page behind a link: texts of incidents are shown as texts, and only a question has a button."""

import pytest

from irzhub.web.ack_page import ACK_TEXTS, render_bad, render_over, render_question, render_taken

EVIL = '<script>alert("x")</script>'


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_question_has_one_button_and_nothing_of_a_name_is_markup(language: str) -> None:
    texts = ACK_TEXTS[language]

    question = render_question(texts, 17, EVIL)

    assert question.count("<button>") == 1
    assert '<form method="post">' in question
    assert EVIL not in question + render_taken(texts, 17, EVIL, EVIL)
    assert "17" in question


@pytest.mark.parametrize("language", ["ru", "en"])
def test_other_pages_ask_for_nothing(language: str) -> None:
    texts = ACK_TEXTS[language]
    pages = [render_taken(texts, 17, "a", "anna"), render_over(texts, 17), render_bad(texts)]

    assert [page.count("<button>") for page in pages] == [0, 0, 0]
    assert "anna" in pages[0]
    assert all(f'lang="{language}"' in page for page in pages)
