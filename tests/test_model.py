"""A model answers only when it is whole, unaltered and made for our letters."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from recognizer import LETTERS, ModelError, Recognizer, fit_to_input, strokes_to_ink
from recognizer.model import BUNDLED, Model
from tests.hand import by_hand, letters

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the model that ships."""
    return Path(shutil.copytree(BUNDLED, tmp_path / "model"))


@pytest.fixture
def batch() -> NDArray[np.uint8]:
    """(n, 64, 64): each letter that the hand writes, and an empty input."""
    inks = [fit_to_input(strokes_to_ink(by_hand(letter))) for letter in letters()]
    return np.stack([*inks, np.zeros((64, 64), np.uint8)])


def change_card(folder: Path, change: Change) -> None:
    card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    change(card)
    (folder / "model.json").write_text(json.dumps(card), encoding="utf-8")


def replace_network(folder: Path, network: Any) -> None:
    network.save(folder / "model.keras")
    digest = hashlib.sha256((folder / "model.keras").read_bytes()).hexdigest()
    change_card(folder, lambda card: card.update(sha256=digest))


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as refused:
        Model.load(folder)
    text = str(refused.value)
    assert text[0].isupper() and text.endswith(".")
    assert str(folder.parent) not in text or not os.path.exists(folder)
    return text


def test_a_copy_of_the_folder_answers_like_the_bundled_model(
    folder: Path, recognizer: Recognizer
) -> None:
    copy = Recognizer.load(str(folder))
    strokes = by_hand("ب")
    assert copy.recognize_strokes(strokes) == recognizer.recognize_strokes(strokes)


def test_the_answers_are_probabilities(recognizer: Recognizer, batch: NDArray[np.uint8]) -> None:
    probabilities, letterness = recognizer.model(batch)
    assert probabilities.shape == (len(batch), len(LETTERS)) and letterness.shape == (len(batch),)
    assert np.allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    for values in (probabilities, letterness):
        assert values.dtype == np.float32 and values.min() >= 0 and values.max() <= 1


def test_the_temperature_changes_confidence_and_never_the_order(
    folder: Path, recognizer: Recognizer, batch: NDArray[np.uint8]
) -> None:
    sharp, _ = recognizer.model(batch)
    change_card(folder, lambda card: card.update(temperature=3 * card["temperature"]))
    flat, _ = Model.load(folder)(batch)
    assert (flat.max(axis=1) < sharp.max(axis=1)).all()
    assert np.array_equal(flat.argmax(axis=1), sharp.argmax(axis=1))


def test_a_letter_gets_the_same_answer_alone_and_in_a_batch(
    recognizer: Recognizer, batch: NDArray[np.uint8]
) -> None:
    together, letterness = recognizer.model(batch)
    for row, ink in enumerate(batch):
        alone, alone_letterness = recognizer.model(ink[np.newaxis])
        assert np.allclose(alone[0], together[row], atol=1e-4)
        assert alone_letterness[0] == pytest.approx(letterness[row], abs=1e-4)


def test_many_threads_get_the_answers_that_one_gets(
    recognizer: Recognizer, batch: NDArray[np.uint8]
) -> None:
    alone = [recognizer.model(ink[np.newaxis])[0] for ink in batch]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda ink: recognizer.model(ink[np.newaxis])[0], batch))
    assert all(map(np.array_equal, alone, together))


@pytest.mark.parametrize("name", ["model.json", "model.keras"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert f"no {name} in the folder {folder.name!r}" in refusal(folder)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    assert f"no folder {str(tmp_path / 'nowhere')!r}" in refusal(tmp_path / "nowhere")


def test_a_name_that_no_folder_can_have_is_refused() -> None:
    assert "no folder" in refusal(Path("a" * 300))


def test_who_names_a_model_on_the_hub_as_a_folder_is_told_how_to() -> None:
    assert "hf://OWNER/NAME" in refusal(Path("owner/harf"))


def test_an_altered_network_is_refused(folder: Path) -> None:
    data = bytearray((folder / "model.keras").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "model.keras").write_bytes(data)
    assert "not the file" in refusal(folder)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"7", b"\xff\xfe", b"{}"])
def test_a_damaged_card_is_refused(folder: Path, text: bytes) -> None:
    (folder / "model.json").write_bytes(text)
    assert "model.json" in refusal(folder)


@pytest.mark.parametrize(
    "change, says",
    [
        (lambda card: card.update(labels=LETTERS[::-1]), "other letters or another order"),
        (lambda card: card.update(labels=LETTERS + "0"), "other letters or another order"),
        (lambda card: card.update(input_size=32), "32 pixels"),
        (lambda card: card.pop("temperature"), "lacks"),
        (lambda card: card.pop("sha256"), "lacks"),
        (lambda card: card.update(temperature=0), "wrong"),
        (lambda card: card.update(temperature=-1.5), "wrong"),
        (lambda card: card.update(temperature=float("nan")), "wrong"),
        (lambda card: card.update(temperature="hot"), "wrong"),
        (lambda card: card.update(thresholds={"letter": 0.5}), "lacks"),
        (lambda card: card.update(thresholds={"letter": 0.5, "sure": 1.5}), "wrong"),
        (lambda card: card.update(thresholds={"letter": -0.1, "sure": 0.5}), "wrong"),
        (lambda card: card.update(thresholds=[0.5, 0.5]), "wrong"),
    ],
)
def test_a_card_for_something_else_is_refused(folder: Path, change: Change, says: str) -> None:
    change_card(folder, change)
    assert says in refusal(folder)


def test_a_file_that_is_no_network_is_refused_though_its_checksum_is_right(folder: Path) -> None:
    (folder / "model.keras").write_bytes(b"no network")
    digest = hashlib.sha256(b"no network").hexdigest()
    change_card(folder, lambda card: card.update(sha256=digest))
    assert "cannot be opened" in refusal(folder)


def test_a_network_that_brings_its_own_code_is_refused(folder: Path) -> None:
    import keras

    ink = keras.Input((64, 64, 1))
    out = keras.layers.Lambda(lambda x: x[:, 0, 0, :] * 0)(ink)
    replace_network(folder, keras.Model(ink, {"letters": out, "letterness": out}))
    assert "cannot be opened" in refusal(folder)


def test_a_network_with_other_answers_is_refused(folder: Path) -> None:
    import keras

    ink = keras.Input((64, 64, 1))
    flat = keras.layers.GlobalAveragePooling2D()(ink)
    digits = keras.layers.Dense(10, activation="softmax")(flat)
    letterness = keras.layers.Dense(1, activation="sigmoid")(flat)
    replace_network(folder, keras.Model(ink, {"letters": digits, "letterness": letterness}))
    assert "does not answer for Harf's letters" in refusal(folder)
    replace_network(folder, keras.Model(ink, digits))
    assert "does not take or give" in refusal(folder)
    smaller = keras.Input((32, 32, 1))
    flat = keras.layers.GlobalAveragePooling2D()(smaller)
    answers = {"letters": keras.layers.Dense(28)(flat), "letterness": keras.layers.Dense(1)(flat)}
    replace_network(folder, keras.Model(smaller, answers))
    refusal(folder)
