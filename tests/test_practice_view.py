"""What the Practise view makes of a question that comes back, and of a letter's strokes."""

from typing import Any

import pytest

from page.practice_view import Question, QuestionPanel
from recognizer import CHARACTERS, Recognizer
from recognizer.coach import coach
from recognizer.templates import plain_strokes


@pytest.fixture(scope="module")
def panel() -> QuestionPanel:
    return QuestionPanel()


def test_a_question_comes_back_as_it_was_asked(panel: QuestionPanel) -> None:
    assert panel.preprocess({"letter": "ب", "turn": 3}) == Question("ب", turn=3)


@pytest.mark.parametrize(
    "payload",
    [None, "ب", 7, [], {}, {"letter": None}, {"letter": "بت"}, {"letter": "x"}, {"letter": ""}],
)
def test_what_the_page_never_asks_is_no_question(panel: QuestionPanel, payload: Any) -> None:
    assert panel.preprocess(payload) is None


@pytest.mark.parametrize("character", CHARACTERS, ids=lambda c: c.name)
def test_who_traces_what_is_shown_is_not_told_of_a_mistake(
    recognizer: Recognizer, character: Any
) -> None:
    feedback = coach(recognizer, plain_strokes(character.letter), character.letter)
    assert feedback.result in ("right", "unclear")
