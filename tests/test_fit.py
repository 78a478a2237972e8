"""The whole training on a handful of letters, through the command line."""

import csv
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np
import pytest

from recognizer import Recognizer, strokes_to_ink
from recognizer.model import BUNDLED
from tests.ahcd import ahcd_source
from tests.kill import KILL, ROOT, killed
from train.__main__ import main
from train.batches import synthetic_letters
from train.checkpoint import Checkpoint
from train.config import TrainConfig
from train.errors import TrainError
from train.files import alone_in
from train.fit import WEIGHT_BITS, Validation, best, claim, rounded
from train.network import build_network

FEW = ("--limit", "64", "--batch-size", "8", "--validation-writers", "2")
PATIENCE = 600  # seconds; a busy machine takes minutes to build the network


# As `python -m train` does, but with fewer statistics, which take longer than these epochs.
BEGIN = (
    "import train.fit; train.fit.STATISTICS_BATCHES = 2\n"
    "from train.__main__ import main; sys.exit(main(sys.argv[3:]))"
)


def command(workdir: Path, *options: str) -> list[str]:
    data = ("--data", str(ahcd_source().resolve()))
    return ["fit", "--workdir", str(workdir), *FEW, *data, *options]


def epochs(workdir: Path) -> list[int]:
    file = workdir / "history.csv"
    if not file.exists():
        return []
    with file.open(newline="", encoding="utf-8") as lines:
        return [int(row["epoch"]) for row in csv.DictReader(lines)]


@pytest.fixture(scope="module")
def interrupted_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of three epochs, killed after the first and after the last, and then started again."""
    workdir = tmp_path_factory.mktemp("runs") / "a"
    three = command(workdir, "--epochs", "3")
    first = subprocess.Popen([sys.executable, "-m", "train", *three], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + PATIENCE
    while not epochs(workdir) and first.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
    first.send_signal(signal.SIGKILL)
    first.wait()
    killed(BEGIN, "model.keras", *three)
    before = epochs(workdir)
    shutil.move(workdir / ".partial.model.keras", workdir.parent / "cut.keras")
    again = [sys.executable, "-c", KILL + BEGIN, "nothing", "1", *three]
    subprocess.run(again, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    assert epochs(workdir) == before  # nothing was trained again
    return workdir


def test_a_killed_run_goes_on_and_finishes(interrupted_run: Path) -> None:
    assert epochs(interrupted_run)[-1] == 2
    assert len(epochs(interrupted_run)) <= 4  # the epoch that was cut may be there twice
    left = {path.name for path in interrupted_run.iterdir()}
    assert not any(name.startswith(".partial") for name in left) and "backup" not in left


def test_a_run_that_is_killed_after_its_last_epoch_makes_the_same_network_again(
    interrupted_run: Path,
) -> None:
    cut, whole = (
        keras.models.load_model(file, compile=False).get_weights()
        for file in (interrupted_run.parent / "cut.keras", interrupted_run / "model.keras")
    )
    for before, after in zip(cut, whole, strict=True):
        np.testing.assert_allclose(before, after, rtol=1e-3, atol=1e-5)


def test_the_time_before_an_interruption_counts(tmp_path: Path) -> None:
    def run(epochs: int) -> tuple[float, float]:
        """What the checkpoint says that the run took, and what this part of it took."""
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        started = time.monotonic()
        checkpoint = Checkpoint(tmp_path / "backup")
        model.fit(np.ones((4, 1)), np.ones(4), epochs=epochs, verbose=0, callbacks=[checkpoint])
        own = time.monotonic() - started
        return checkpoint.seconds, own

    before, _ = run(epochs=1)
    whole, own = run(epochs=2)
    assert whole > own + before / 2


def test_a_run_leaves_everything_that_it_promises(interrupted_run: Path) -> None:
    for name in ("learning_curve.png", "confusion_matrix.png"):
        assert (interrupted_run / name).read_bytes().startswith(b"\x89PNG")
    metrics = json.loads((interrupted_run / "metrics.json").read_text(encoding="utf-8"))
    assert 0 <= metrics["validation_accuracy"] <= 1
    config = json.loads((interrupted_run / "config.json").read_text(encoding="utf-8"))
    assert config["limit"] == 64


def test_a_run_is_a_model_that_the_recognizer_loads(interrupted_run: Path) -> None:
    ink = strokes_to_ink([[200, 500, 800, 500]])
    prediction = Recognizer.load(interrupted_run).recognize(ink)
    assert sum(prediction.probabilities) == pytest.approx(1, abs=1e-4)


def test_a_finished_run_is_measured_anew_but_not_trained_again(
    interrupted_run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network, description = (interrupted_run / name for name in ("model.keras", "model.json"))
    before, content = epochs(interrupted_run), network.read_bytes()
    written = description.read_text()
    description.write_text(written.replace('"temperature"', '"temperature": 9, "before"'))
    assert main(command(interrupted_run, "--epochs", "3")) == 0
    assert "validation_accuracy" in capsys.readouterr().out
    assert epochs(interrupted_run) == before
    # Figures that were measured go with the file's checksum.
    assert network.read_bytes() == content
    assert json.loads(description.read_text()) == json.loads(written)


def test_a_folder_with_another_run_is_left_alone(
    interrupted_run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (interrupted_run / "model.keras").read_bytes()
    assert main(command(interrupted_run, "--epochs", "4")) == 1
    assert "other settings" in capsys.readouterr().err
    assert (interrupted_run / "model.keras").read_bytes() == before


HOLD = (
    "import sys, time; from pathlib import Path; from train.files import alone_in\n"
    "with alone_in(Path(sys.argv[1])): print('in', flush=True); time.sleep(600)"
)


@pytest.mark.parametrize("network", ["harf", "baseline"])
def test_two_runs_in_one_folder_are_refused_until_the_first_is_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], network: str
) -> None:
    arguments = ["fit", "--network", network, "--workdir", str(tmp_path / "a"), "--data"]
    arguments.append(str(tmp_path / "none"))
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "a")], cwd=ROOT, stdout=subprocess.PIPE
    )
    try:
        assert first.stdout and first.stdout.readline() == b"in\n"
        assert main(arguments) == 1
        said = capsys.readouterr().err
        assert "Another run is at work" in said and said.count("\n") == 1
        with alone_in(tmp_path / "b"):
            pass  # another folder is nobody's
    finally:
        first.kill()
        first.wait()
    assert main(arguments) == 1
    assert "neither AHCD's zip" in capsys.readouterr().err  # let in, and no further
    # A folder in which nothing could begin takes other settings.
    assert not (tmp_path / "a" / "config.json").exists()


def test_the_end_that_reads_most_validation_letters_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("train.fit.STATISTICS_BATCHES", 20)  # enough for the letters to be told
    shipped = keras.models.load_model(BUNDLED / "model.keras", compile=False)
    ends = {
        epochs: [variable.numpy() for variable in network.trainable_variables]
        for epochs, network in enumerate((build_network(), shipped, build_network()))
    }
    inks, labels = synthetic_letters(28, seed=1)
    letters = Validation(inks, labels, np.ones(28, bool))
    chosen = best(build_network(), ends, [(inks,)], letters)
    for kept, end in zip(chosen.trainable_variables, ends[1], strict=True):
        np.testing.assert_allclose(kept, end, rtol=2.0**-WEIGHT_BITS)  # rounded


def test_a_weight_keeps_as_many_digits_as_half_precision_at_any_size() -> None:
    weights = np.random.default_rng(0).normal(size=1000).astype(np.float32)
    assert np.array_equal(rounded(weights), weights.astype(np.float16).astype(np.float32))
    tiny = np.array([3e-12, -7e-30], np.float32)  # nothing, in half precision
    np.testing.assert_allclose(rounded(tiny), tiny, rtol=2.0**-WEIGHT_BITS)


def test_the_weights_are_packed(interrupted_run: Path) -> None:
    file = interrupted_run / "model.keras"
    parameters = keras.models.load_model(file, compile=False).count_params()
    assert file.stat().st_size < 3 * parameters  # 4 bytes each, were they not


def test_the_baseline_trains_through_the_same_command(tmp_path: Path) -> None:
    data = ["--data", str(ahcd_source().resolve()), "--limit", "64"]
    baseline = ["fit", "--network", "baseline", "--workdir", str(tmp_path), *data]
    assert main(baseline) == 0
    metrics = json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))
    assert 0 < metrics["ahcd_test_accuracy"] < 1
    trained = epochs(tmp_path)
    assert main(baseline) == 0
    assert epochs(tmp_path) == trained  # a finished run is only scored anew
    assert json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8")) == metrics


def test_the_baseline_takes_no_schedule_but_its_own_and_is_not_shipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = ["--workdir", str(tmp_path / "run")]
    assert main(["fit", "--network", "baseline", "--epochs", "5", *run]) == 1
    assert "--seed and --limit alone" in capsys.readouterr().err
    assert not (tmp_path / "run" / "config.json").exists()
    claim(tmp_path / "run", TrainConfig(network="baseline"))
    assert main(["promote", *run]) == 1
    assert "only compared with" in capsys.readouterr().err


def test_shares_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(TrainError, match="add up to 1"):
        TrainConfig(scans=0.9)


@pytest.mark.parametrize(
    "setting, says",
    [
        ({"epochs": 0}, "epochs"),
        ({"batch_size": 0}, "batch-size"),
        ({"limit": -1}, "at least 0"),
        ({"seed": -1}, "at least 0"),
        ({"validation_writers": 1}, "2 to 30 writers"),
        ({"validation_writers": 31}, "2 to 30 writers"),
        ({"scans": 1.44, "synthetic": -0.7}, "below 0"),
        ({"scans": float("nan")}, "below 0"),
        ({"learning_rate": 0.0}, "the first above 0"),
        ({"learning_rate": float("nan")}, "from 0 to below 1"),
        ({"weight_decay": -1.0}, "from 0 to below 1"),
        ({"label_smoothing": 5.0}, "from 0 to below 1"),
        ({"ema": 1.0}, "from 0 to below 1"),
    ],
)
def test_settings_that_cannot_work_are_refused(setting: dict, says: str) -> None:
    with pytest.raises(TrainError, match=says):
        TrainConfig(**setting)


def test_an_unknown_network_is_refused() -> None:
    with pytest.raises(TrainError, match="no network"):
        TrainConfig(network="transformer")


@pytest.mark.parametrize("count", [2, 7, 13, 25, 30])
def test_as_many_writers_are_held_out_as_asked_for(count: int) -> None:
    assert len(set(TrainConfig(validation_writers=count).held_out)) == count


def test_held_out_writers_are_spread_over_all() -> None:
    writers = TrainConfig(validation_writers=6, fold=3).held_out
    assert len(writers) == 6
    assert (np.diff(writers) == 10).all()
