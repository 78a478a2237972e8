"""Killed in the middle of writing: what was there stays whole, and the next start goes on."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from recognizer import ModelError, Recognizer
from recognizer.model import BUNDLED
from tests.clone import MODEL, make_clone
from tests.hub_server import Hub
from tests.kill import KILL, ROOT, killed
from tests.variants import temperature, variant


@pytest.mark.parametrize(
    ("file", "degrees"), [("model.next.json", 1.0), ("model.keras", 1.0), ("model.json", 2.0)]
)
def test_a_model_that_is_replaced_is_the_old_or_the_new(
    tmp_path: Path, file: str, degrees: float
) -> None:
    replace = (
        "import json, shutil; from functools import partial\n"
        "from train.files import replace_model\n"
        "new, shipped = map(Path, sys.argv[3:])\n"
        "replace_model(shipped, partial(shutil.copyfile, new / 'model.keras'),"
        " json.loads((new / 'model.json').read_text()))"
    )
    new, shipped = variant(tmp_path / "new", 2.0), variant(tmp_path / "shipped", 1.0)
    killed(replace, file, str(new), str(shipped))
    assert temperature(shipped) == degrees
    # The next one replaces it as if nothing had been.
    arguments = ["nothing", "1", str(new), str(shipped)]
    subprocess.run([sys.executable, "-c", KILL + replace, *arguments], cwd=ROOT, check=True)
    assert temperature(shipped) == 2.0
    assert {path.name for path in shipped.iterdir()} == {"model.keras", "model.json"}


def test_a_description_left_behind_does_not_excuse_an_altered_network(tmp_path: Path) -> None:
    folder = shutil.copytree(BUNDLED, tmp_path / "model")
    shutil.copyfile(folder / "model.json", folder / "model.next.json")
    with (folder / "model.keras").open("ab") as network:
        network.write(b"?")
    with pytest.raises(ModelError, match="not the file"):
        Recognizer.load(folder)


@pytest.mark.parametrize(("file", "time_of"), [("2.weights.h5", 1), ("training_metadata.json", 2)])
def test_a_run_that_is_killed_while_it_notes_its_state_has_the_state_before(
    tmp_path: Path, file: str, time_of: int
) -> None:
    fit = (
        "import keras, numpy; from train.checkpoint import Checkpoint\n"
        "model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])\n"
        "model.compile('sgd', 'mse'); epochs = []\n"
        "note = keras.callbacks.LambdaCallback(on_epoch_begin=lambda e, logs: epochs.append(e))\n"
        "model.fit(numpy.ones((4, 1)), numpy.ones(4), epochs=3, verbose=0,"
        " callbacks=[Checkpoint(Path(sys.argv[3])), note])\n"
        "print(epochs, int(model.optimizer.iterations))"
    )
    killed(fit, file, str(tmp_path / "backup"), time_of=time_of)
    command = [sys.executable, "-c", KILL + fit, "nothing", "1", str(tmp_path / "backup")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[1, 2] 3"  # one step an epoch
    assert len(list((tmp_path / "backup").iterdir())) == 2


def test_a_publication_that_is_killed_publishes_nothing_and_can_be_repeated(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_writer")
    repository = hub.add("model", "owner/harf", {"notes.txt": b"ours"})
    clone, before = make_clone(tmp_path / "clone"), repository.head
    command = [sys.executable, "-m", "train", "publish", "--repo-id", "owner/harf"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    first = subprocess.Popen(command, cwd=clone, env=environment, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 300
    while not any("/lfs/" in request for request in hub.requests) and time.monotonic() < until:
        assert first.poll() is None
        time.sleep(0.001)
    first.kill()
    first.wait()
    whole = {"model.keras", "model.json", "metrics.json", "README.md"}
    assert repository.head == before or repository.head.files.keys() >= whole
    subprocess.run(command, cwd=clone, env=environment, check=True, capture_output=True)
    assert repository.head.files.keys() >= whole
    shipped = (clone / MODEL / "model.keras").read_bytes()
    assert repository.head.files["model.keras"].data == shipped
