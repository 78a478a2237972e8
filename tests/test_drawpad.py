"""What the page makes of a drawing before the recogniser sees it."""

from typing import Any

import pytest

from page.drawpad import PEN_WIDTH, Drawing, DrawPad

LINE = [[200, 500, 800, 500]]


@pytest.fixture(scope="module")
def pad() -> DrawPad:
    return DrawPad()


def test_a_drawing_arrives_as_it_was_drawn(pad: DrawPad) -> None:
    payload = {"strokes": LINE, "pen": 0.06, "turn": 3}
    assert pad.preprocess(payload) == Drawing(LINE, pen_width=0.06, turn=3)


def test_a_blank_sheet_is_no_drawing(pad: DrawPad) -> None:
    assert pad.preprocess(None) is None


@pytest.mark.parametrize("payload", ["text", 7, [], [LINE], True])
def test_what_is_no_frame_is_no_drawing(pad: DrawPad, payload: Any) -> None:
    assert pad.preprocess(payload) is None


@pytest.mark.parametrize("pen", [None, 0.0, -0.1, 1.0, 5, "0.1", float("nan"), [], {}])
def test_an_impossible_pen_is_replaced_by_ours(pad: DrawPad, pen: Any) -> None:
    drawing = pad.preprocess({"strokes": LINE, "pen": pen})
    assert drawing == Drawing(LINE, PEN_WIDTH, turn=0)


def test_gradio_keeps_no_strokes_in_its_memory_of_the_session(pad: DrawPad) -> None:
    payload = {"strokes": LINE, "pen": PEN_WIDTH, "turn": 1}
    pad.preprocess(payload)
    assert "strokes" not in payload
