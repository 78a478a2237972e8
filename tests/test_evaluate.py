"""The figures that are published are the figures of the file that ships."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recognizer import LETTERS, ModelError, Recognizer
from tests.ahcd import ahcd, ahcd_source
from tests.inks import drawn
from tests.kill import killed
from tests.variants import temperature, variant
from train.__main__ import main
from train.errors import TrainError
from train.evaluate import evaluate_and_report, load_newhands, with_earlier
from train.measure import auroc, interval_95, measure_difficulties, score
from train.publish import promote
from train.report import BUNDLED, README, accuracy_table, between_markers, model_card
from train.testsets import FORMS, form_drawings

METRICS = json.loads((BUNDLED / "metrics.json").read_text(encoding="utf-8"))


def test_the_shipped_file_scores_what_is_said_on_the_whole_ahcd_test_set(
    recognizer: Recognizer,
) -> None:
    _, test = ahcd()
    measured = score(recognizer.recognize_many(test.cells), test.labels, test.writers)
    assert measured["letters"] == 3360
    assert measured["interval"] == pytest.approx(METRICS["ahcd_test"]["interval"], abs=0.0005)
    # Another processor rounds otherwise: a letter on the border may fall to the other side.
    assert measured["errors"] == pytest.approx(METRICS["ahcd_test"]["errors"], abs=3)
    assert measured["accuracy"] >= 0.983


if "HARF_NEWHANDS" in os.environ:  # nobody may ship these letters: few have them

    def test_the_shipped_file_scores_what_is_said_on_letters_by_other_people(
        recognizer: Recognizer,
    ) -> None:
        images, labels, writers = load_newhands(Path(os.environ["HARF_NEWHANDS"]))
        measured = score(recognizer.recognize_many(images), labels, writers)
        said = METRICS["newhands"]
        assert measured["letters"] == said["letters"]
        assert measured["errors"] == pytest.approx(said["errors"], abs=8)
        assert measured["calibration_error"] == pytest.approx(said["calibration_error"], abs=0.003)
        assert measured["interval"] == pytest.approx(said["interval"], abs=0.001)


def test_the_figures_belong_to_the_shipped_file() -> None:
    weights = (BUNDLED / "model.keras").read_bytes()
    assert METRICS["sha256"] == hashlib.sha256(weights).hexdigest()
    assert len(weights) <= 4e6


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model in a shipped one's place, by a promotion that was killed and is repeated.

    Its figures and card are made from small test sets.
    """
    folder = tmp_path_factory.mktemp("models") / "model"
    shutil.copytree(BUNDLED, folder)
    usual = temperature(folder)
    run = variant(folder.parent / "run", usual + 0.01)
    shutil.copyfile(BUNDLED / "learning_curve.png", run / "learning_curve.png")
    script = "from train.publish import promote; promote(*map(Path, sys.argv[3:]))"
    killed(script, "model.keras", str(run), str(folder), str(ahcd_source().resolve()))
    assert temperature(folder) == usual  # and it answers
    newhands = folder.parent / "newhands.npz"
    scans = [255 * (drawn(letter, 100, 0.03) < 128) for letter in LETTERS]
    numbers = np.arange(len(LETTERS))
    images = np.array(scans).astype(np.uint8)
    np.savez(newhands, images=images, labels=numbers, writers=numbers // 7)
    with pytest.MonkeyPatch.context() as small:
        small.setattr("train.measure.FORM_DRAWINGS", 12)
        small.setattr("train.measure.ROBUSTNESS_SCANS", 12)
        small.setattr("train.measure.NONLETTERS", 60)
        promote(run, folder, ahcd_source(), newhands)
    assert temperature(folder) == usual + 0.01
    return folder


def test_an_evaluation_measures_all_that_it_publishes(evaluated: Path) -> None:
    metrics = json.loads((evaluated / "metrics.json").read_text(encoding="utf-8"))
    weights = (evaluated / "model.keras").read_bytes()
    assert metrics["sha256"] == hashlib.sha256(weights).hexdigest()
    # The folds were those of other weights.
    assert METRICS.keys() - {"folds"} == metrics.keys()
    for name in ("ahcd_test", "ahcd_test_redrawn", "held_out_writers"):
        assert metrics[name]["errors"] == pytest.approx(METRICS[name]["errors"], abs=3)
    assert metrics["newhands"]["letters"] == 28 and metrics["newhands"]["accuracy"] > 0.8
    assert metrics["forms"].keys() == METRICS["forms"].keys()
    assert np.mean(list(metrics["forms"].values())) > 0.85
    assert [row["what"] for row in metrics["robustness"]] == [
        row["what"] for row in METRICS["robustness"]
    ]
    assert np.mean([row["accuracy"] for row in metrics["robustness"]]) > 0.8
    nonletters = metrics["nonletters"]
    assert nonletters["auroc"] > 0.9 and nonletters["nonletters_refused"] > 0.8
    assert sum(kind["drawings"] for kind in nonletters["kinds"]) == 60


def test_an_evaluation_writes_a_card_and_draws_its_pictures(evaluated: Path) -> None:
    metrics = json.loads((evaluated / "metrics.json").read_text(encoding="utf-8"))
    assert (evaluated / "README.md").read_text(encoding="utf-8") == model_card(evaluated, metrics)
    for name in ("confusion_matrix.png", "errors.png", "robustness.png"):
        with Image.open(evaluated / name) as picture:
            assert picture.convert("L").getextrema() != (255, 255)


def test_all_forms_are_pictured_by_one_command(tmp_path: Path) -> None:
    file = tmp_path / "forms.png"
    assert main(["templates", str(file)]) == 0
    with Image.open(file) as picture:
        assert picture.convert("L").getextrema()[0] < 64


def test_the_auroc_is_how_often_a_letter_scores_higher() -> None:
    assert auroc(np.array([0.9, 0.8]), np.array([0.1, 0.2, 0.3])) == 1
    assert auroc(np.array([0.1, 0.5]), np.array([0.5, 0.9])) == pytest.approx(0.5 / 4)


def test_readme_shows_the_measured_table() -> None:
    content = README.read_text(encoding="utf-8")
    assert between_markers(content, accuracy_table(METRICS)) == content


def test_the_model_card_shows_the_measured_figures() -> None:
    assert (BUNDLED / "README.md").read_text(encoding="utf-8") == model_card(BUNDLED, METRICS)


def test_what_was_tried_for_the_shipped_weights_is_not_said_of_others() -> None:
    assert "What ships reads" in model_card(BUNDLED, METRICS)
    other = model_card(BUNDLED, METRICS | {"sha256": "0" * 64})
    assert "What ships reads" not in other and "by hand: no single" not in other
    assert "AVX-512" not in other and "\n\nRemedies were looked for" in other
    for figure in ("95.99 %", "98.51 %", "94.64 %", "98.63 %"):  # of these weights or earlier ones
        assert figure not in other


def test_a_score_counts_errors_and_names_the_worst_confusion(recognizer: Recognizer) -> None:
    inks, _ = form_drawings(FORMS[0], 8)
    predictions = recognizer.recognize_many(inks)
    labels = np.array([LETTERS.index(prediction.letter) for prediction in predictions])
    read = predictions[0].letter
    same = np.nonzero(labels == labels[0])[0][:2]
    written = next(letter for letter in LETTERS if letter not in {p.letter for p in predictions})
    labels[same] = LETTERS.index(written)
    measured = score(predictions, labels)
    assert measured["errors"] == 2
    assert measured["confusions"] == [{"written": written, "read": read, "times": 2}]


def test_an_interval_is_over_writers_for_their_letters_stand_or_fall_together() -> None:
    right = np.array([True] * 90 + [False] * 10)
    independent = 1.96 * (0.9 * 0.1 / 100) ** 0.5
    each_its_own = interval_95(right, np.arange(100))
    assert each_its_own == pytest.approx(independent * (100 / 99) ** 0.5)
    # Ten writers of ten letters, all that is misread by one of them: ten times the variance.
    by_ten = interval_95(right, np.arange(100) // 10)
    assert by_ten == pytest.approx(independent * (10 * 10 / 9) ** 0.5)
    # By hand: residuals 2 - 2 x 0.5 = 1 and 0 - 2 x 0.5 = -1, so 1.96 x sqrt(2 x 2) / 4.
    assert interval_95(np.array([1, 1, 0, 0], bool), np.array([7, 7, 3, 3])) == pytest.approx(0.98)


def test_no_interval_is_told_of_four_writers() -> None:
    assert "interval" not in METRICS["held_out_writers"]
    (row,) = (line for line in accuracy_table(METRICS).splitlines() if "four writers" in line)
    assert "±" not in row


def test_every_form_is_drawn_with_its_own_letters() -> None:
    for form in FORMS:
        inks, labels = form_drawings(form, 5)
        assert {LETTERS[label] for label in labels} <= set(form.letters)
        assert all(ink.max() > 128 for ink in inks)


def other_arrays(file: Path) -> None:
    np.savez(file, other=np.zeros(3))


def one_array(file: Path) -> None:
    with file.open("wb") as content:
        np.save(content, np.zeros(3))


def no_writers(file: Path) -> None:
    np.savez(file, images=np.zeros((9, 9)), labels=np.zeros(9))


def half_of_it(file: Path) -> None:
    np.savez(file, images=np.zeros((9, 9)), labels=np.zeros(9), writers=np.zeros(9))
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("make", [other_arrays, one_array, no_writers, half_of_it, Path.touch])
def test_a_file_that_is_not_newhands_is_refused(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    file = tmp_path / "x.npz"
    make(file)
    with pytest.raises(TrainError, match="not newhands_val.npz"):
        load_newhands(file)


def test_figures_that_were_not_measured_anew_stay_and_go_with_the_file(tmp_path: Path) -> None:
    people, strict, mild = {"accuracy": 0.9}, {"auroc": 0.98}, {"auroc": 0.99}
    file = tmp_path / "metrics.json"
    file.write_text(json.dumps({"sha256": "a", "newhands": people, "nonletters": strict}))
    # Against AHCD's letters what is no letter is told apart more easily.
    again = with_earlier(file, {"sha256": "a", "parameters": 5, "nonletters": mild})
    assert again == {"sha256": "a", "parameters": 5, "newhands": people, "nonletters": strict}
    another = {"sha256": "b", "nonletters": mild}
    assert with_earlier(file, another) == another


def test_the_baselines_figures_outlive_our_weights(tmp_path: Path) -> None:
    file, baseline = tmp_path / "metrics.json", {"ahcd_test_accuracy": 0.96}
    file.write_text(json.dumps({"sha256": "a", "folds": {}, "baseline": baseline}))
    assert with_earlier(file, {"sha256": "b"}) == {"sha256": "b", "baseline": baseline}
    measured = {"sha256": "b", "baseline": {"ahcd_test_accuracy": 0.97}}
    assert with_earlier(file, measured) == measured


def test_a_baseline_measured_on_less_keeps_its_other_figures(tmp_path: Path) -> None:
    file, baseline = tmp_path / "metrics.json", {"ahcd_test_accuracy": 0.96}
    earlier = {**baseline, "newhands_accuracy": 0.77}
    file.write_text(json.dumps({"sha256": "a", "baseline": earlier}))
    again = with_earlier(file, {"sha256": "a", "baseline": {"ahcd_test_accuracy": 0.97}})
    assert again["baseline"] == {"ahcd_test_accuracy": 0.97, "newhands_accuracy": 0.77}


def test_a_baseline_that_is_not_there_is_refused_before_anything_is_measured(
    tmp_path: Path,
) -> None:
    with pytest.raises(TrainError, match="holds no finished run"):
        evaluate_and_report(tmp_path, baseline=tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("figures", "says"),
    [
        ({"validation_accuracy": 0.9, "seconds": 9}, "is no run of the baseline"),  # Harf's own
        ({"config": {"network": "baseline", "limit": 64}}, "a trial on 64 scans"),
    ],
)
def test_a_run_that_is_no_whole_baseline_is_refused_before_anything_is_measured(
    tmp_path: Path, figures: dict[str, object], says: str
) -> None:
    (tmp_path / "metrics.json").write_text(json.dumps(figures))
    with pytest.raises(TrainError, match=says):
        evaluate_and_report(tmp_path / "no model", baseline=tmp_path)
    (tmp_path / "metrics.json").write_text('{"config": {"network": "baseline", "limit": 0}}')
    with pytest.raises(ModelError):  # and not of the baseline
        evaluate_and_report(tmp_path / "no model", baseline=tmp_path)


def test_a_run_of_another_fold_is_not_asked_about_writers_that_it_knows(tmp_path: Path) -> None:
    run = variant(tmp_path / "run", 1.0)
    description = json.loads((run / "model.json").read_text(encoding="utf-8"))
    description["config"]["fold"] = 1
    (run / "model.json").write_text(json.dumps(description), encoding="utf-8")
    with pytest.raises(TrainError, match="would flatter"):
        evaluate_and_report(run, tmp_path / "no data")
    assert not (run / "metrics.json").exists()


def test_scans_are_read_cut_out_and_as_small_jpegs_and_a_refused_one_counts_as_misread(
    recognizer: Recognizer,
) -> None:
    scans = [255 * (drawn(letter, 100, 0.03) < 128) for letter in "بثحخس"]
    blank = np.full((100, 100), 255)
    labels = np.array([LETTERS.index(letter) for letter in "بثحخسا"])
    rows = measure_difficulties(recognizer, np.array([*scans, blank]).astype(np.uint8), labels)
    shares = {row["what"]: row["accuracy"] for row in rows}
    assert {"cut out along the ink", "JPEG, quality 40"} < set(shares)
    assert set(shares.values()) == {round(5 / 6, 5)}
