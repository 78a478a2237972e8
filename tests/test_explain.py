"""What an answer rests on, and that the map says nothing where there is nothing to say."""

import hashlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean, median

import cv2
import numpy as np
import pytest

from recognizer import (
    LETTERS,
    EmptyDrawingError,
    LetterError,
    Recognizer,
    fit_to_input,
    strokes_to_ink,
)
from recognizer.characters import BY_LETTER
from recognizer.explain import Heat, explain, heat_map
from recognizer.ink import INKED, Ink, shown_square
from recognizer.model import BUNDLED, Model, read_card
from recognizer.templates import plain_strokes
from tests.hand import by_hand

PAIRS = "تن تب ثت ثن خح شس زر ذد قف ظط ضص جح غع".split()  # the dots of the first tell


def _ink(letter: str) -> Ink:
    return strokes_to_ink(by_hand(letter), pen_width=0.04)


def _dots(fitted: Ink) -> np.ndarray:
    """Every piece of ink but the largest."""
    inked = (fitted >= INKED).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(inked, connectivity=8)
    return (labels > 0) & (labels != 1 + stats[1:, cv2.CC_STAT_AREA].argmax())


def _lift(heat: Heat, fitted: Ink) -> float:
    """How much more of the map's positive mass than of the ink lies on the dots."""
    dots, positive = _dots(fitted), heat.clip(0)
    share_of_ink = fitted[dots].sum() / fitted.sum()
    return float(positive[dots].sum() / max(positive.sum(), 1e-12) / share_of_ink)


def _lifts(model: Model, pairs: Sequence[str], targets: Sequence[str]) -> list[float]:
    """The lift for each pair, when its drawing is explained as letter against rival."""
    inks = [fit_to_input(_ink(letter)) for letter, _ in pairs]
    maps = [heat_map(model, ink, *target) for ink, target in zip(inks, targets, strict=True)]
    return [_lift(heat, ink) for heat, ink in zip(maps, inks, strict=True)]


def test_what_makes_a_teh_and_not_a_noon_are_its_dots(recognizer: Recognizer) -> None:
    fitted = fit_to_input(_ink("ت"))
    assert _lift(heat_map(recognizer.model, fitted, "ت", "ن"), fitted) > 2


def test_where_dots_alone_tell_letters_apart_the_map_points_at_them(
    recognizer: Recognizer,
) -> None:
    lifts = _lifts(recognizer.model, PAIRS, PAIRS)
    assert fmean(lifts) > 3
    assert sum(lift > 1.5 for lift in lifts) >= 0.8 * len(lifts)


def _untrained(folder: Path) -> Model:
    """The network that ships, with weights that learned nothing."""
    import keras

    keras.utils.set_random_seed(1)
    trained = keras.models.load_model(BUNDLED / "model.keras", compile=False)
    keras.models.clone_model(trained).save(folder / "model.keras")
    shutil.copyfile(BUNDLED / "model.json", folder / "model.json")
    digest = hashlib.sha256((folder / "model.keras").read_bytes()).hexdigest()
    card = (folder / "model.json").read_text(encoding="utf-8")
    card = card.replace(read_card(BUNDLED).sha256, digest)
    (folder / "model.json").write_text(card, encoding="utf-8")
    return Model.load(folder)


def test_a_network_that_learned_nothing_does_not_point_at_the_dots(tmp_path: Path) -> None:
    some = PAIRS[::3]  # it is always in doubt, and looks at each copy five times
    assert fmean(_lifts(_untrained(tmp_path), some, some)) < 1.5


def test_for_shuffled_letters_the_map_does_not_point_at_the_dots(recognizer: Recognizer) -> None:
    chance = np.random.default_rng(0)
    lifts = []
    for _ in range(4):
        others = [[x for x in LETTERS if x not in pair] for pair in PAIRS]
        targets = ["".join(chance.choice(rest, 2, replace=False)) for rest in others]
        lifts += _lifts(recognizer.model, PAIRS, targets)
    assert median(lifts) < 1


def test_the_sentence_names_the_dots_and_their_place(recognizer: Recognizer) -> None:
    told = explain(recognizer.model, _ink("ت"), rival="ن")
    assert (told.letter, told.rival, told.part, told.place) == ("ت", "ن", "dots", "above")
    told = explain(recognizer.model, _ink("خ"), rival="ح")
    assert (told.part, told.place, told.becomes) == ("dot", "above", "ح")
    assert explain(recognizer.model, _ink("س")).part == "body"


@pytest.mark.parametrize("hand", [by_hand, plain_strokes])
@pytest.mark.parametrize("letter", LETTERS)
def test_dots_are_where_the_letter_has_them(
    recognizer: Recognizer, letter: str, hand: Callable[[str], list[list[float]]]
) -> None:
    told = explain(recognizer.model, strokes_to_ink(hand(letter), pen_width=0.04))
    character = BY_LETTER[letter]
    assert told.letter == letter
    assert told.part in ("body", "dot" if character.dots == 1 else "dots", "mark")
    assert told.part == "body" or letter in "اك" or told.place == character.place


@pytest.mark.parametrize(
    ("letter", "hand", "other"), [("ذ", by_hand, "د"), ("غ", plain_strokes, "ع")]
)
def test_what_it_becomes_is_what_the_part_that_is_named_makes_of_it(
    recognizer: Recognizer, letter: str, hand: Callable[[str], list[list[float]]], other: str
) -> None:
    told = explain(recognizer.model, strokes_to_ink(hand(letter), pen_width=0.04))
    assert (told.part, told.place, told.becomes) == ("dot", "above", other)


def _looks_at(*places: tuple[slice, slice]) -> Model:
    """A model whose answer is beh in so far as there is ink in the places, else seen."""

    def infer(batch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ink = [batch[:, rows, columns].sum(axis=(1, 2)) for rows, columns in places]
        beh = np.exp(np.sum(ink, axis=0) / 2000)
        letters = np.full((len(batch), len(LETTERS)), 1e-3, np.float32)
        letters[:, LETTERS.index("ب")] = beh
        letters[:, LETTERS.index("س")] = 1
        return letters, np.ones(len(batch), np.float32)

    return Model(read_card(BUNDLED), infer)


EVERYWHERE, START, END = slice(None), slice(0, 20), slice(44, None)


@pytest.mark.parametrize(
    ("letter", "places", "place"),
    [
        ("س", [(EVERYWHERE, START)], "left"),
        ("س", [(EVERYWHERE, END)], "right"),
        ("س", [(EVERYWHERE, START), (EVERYWHERE, END)], "sides"),
        ("ا", [(START, EVERYWHERE)], "top"),
        ("ا", [(END, EVERYWHERE)], "bottom"),
        ("ا", [(slice(27, 37), EVERYWHERE)], "middle"),
        ("ا", [(EVERYWHERE, EVERYWHERE)], "whole"),
    ],
)
def test_the_sentence_names_the_side_that_the_answer_looks_at(
    letter: str, places: list[tuple[slice, slice]], place: str
) -> None:
    told = explain(_looks_at(*places), _ink(letter))
    assert (told.part, told.place) == ("body", place)


def test_only_ink_is_explained_wherever_it_is_drawn(recognizer: Recognizer) -> None:
    ink = _ink("ج")
    told = explain(recognizer.model, ink)
    assert told.heat.shape == (64, 64)
    assert not told.heat[fit_to_input(ink) == 0].any()
    moved = np.pad(ink, ((70, 10), (20, 5)))
    again = explain(recognizer.model, moved)
    assert np.array_equal(told.heat, again.heat)
    assert again.square.left == told.square.left + 20
    assert again.square.top == told.square.top + 70


def test_an_answer_is_no_rival_of_its_own(recognizer: Recognizer) -> None:
    assert explain(recognizer.model, _ink("س"), rival="س") == explain(recognizer.model, _ink("س"))


@pytest.mark.parametrize("rival", ["", "بت", "x"])
def test_what_is_no_letter_is_no_rival(recognizer: Recognizer, rival: str) -> None:
    with pytest.raises(LetterError):
        explain(recognizer.model, _ink("س"), rival=rival)


def test_a_blank_sheet_is_refused(recognizer: Recognizer) -> None:
    with pytest.raises(EmptyDrawingError):
        explain(recognizer.model, np.zeros((50, 50), np.uint8))


@pytest.mark.parametrize("letter", "اتجطه")
@pytest.mark.parametrize(("size", "pen"), [(256, 0.05), (700, 0.05), (90, 0.08), (900, 0.004)])
def test_the_square_is_where_the_input_was_cut_out(letter: str, size: int, pen: float) -> None:
    ink = strokes_to_ink(by_hand(letter), pen_width=pen, size=size)
    square = shown_square(ink)
    scale = 64 / square.side
    back = np.array([[scale, 0, -square.left * scale], [0, scale, -square.top * scale]])
    cut = cv2.warpAffine(ink, back, (64, 64), flags=cv2.INTER_AREA)
    boxes = [
        cv2.boundingRect((seen >= INKED).astype(np.uint8)) for seen in (cut, fit_to_input(ink))
    ]
    # Rounding moves the letter by a pixel, and grown hairlines are not in the cutting.
    assert np.abs(np.subtract(*boxes)).max() <= 3
