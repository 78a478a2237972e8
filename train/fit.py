"""One run of training, from the data to a model folder that the recognizer loads."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tqdm import tqdm

from recognizer.compiled import Answers
from recognizer.ink import INPUT_SIZE, fit_to_input
from recognizer.looks import look_twice
from recognizer.picture import to_ink

from .batches import Batches, synthetic_letters, targets
from .calibrate import (
    calibration_error,
    choose_temperature,
    choose_thresholds,
    predict,
    tempered,
)
from .checkpoint import Checkpoint
from .config import TrainConfig
from .cycles import CycleEnds, CyclicRate, cycle_ends
from .dataset import Scans, load_ahcd, split_by_writer
from .errors import TrainError
from .feedback import Feedback, without_known
from .files import write_json, write_model
from .network import build_network
from .optimizer import ConvolutionMuon
from .pictures import draw_confusion, draw_learning_curve
from .synthesis import HELD_OUT
from .trace import trace

SYNTHETIC_VALIDATION = 28 * 50  # letters in a style that training never uses

WEIGHT_BITS = 11  # significant ones, as in half precision; the file is 2 MB, not 3.7

STATISTICS_BATCHES = 150  # batch normalisation forgets all but 1 % of what was before


@dataclass(frozen=True)
class Validation:
    """Letters that training never uses, to choose by and to measure on.

    Attributes:
        inks: (n, 64, 64, 1) uint8.
        labels: (n,) int64 class index.
        measures: (n,) bool; these show how far confidence holds, the others set it. No
            AHCD writer is on both sides.
    """

    inks: NDArray[np.uint8]
    labels: NDArray[np.int64]
    measures: NDArray[np.bool_]


def train_and_evaluate(
    config: TrainConfig,
    workdir: Path,
    data: Path | None = None,
    feedback: Feedback | None = None,
) -> dict:
    """Train Harf's network, calibrate it and leave a model folder with its history.

    Args:
        config: What to train.
        workdir: Where the run lives. A run begun there goes on where it stopped; a
            finished one is only calibrated and measured anew.
        data: AHCD's zip or folder; None downloads it.
        feedback: Corrections by visitors, to train with too, but for those that show a
            letter which is to be read later; how many are used is printed.

    Returns:
        The metrics on the validation letters, as in ``metrics.json``.

    Raises:
        TrainError: If the data is missing, or the folder holds a run with other settings.
    """
    is_finished = (workdir / "model.json").exists()
    train, test = load_ahcd(data)
    scans, held_out = split_by_writer(train, config.held_out)
    if feedback:
        feedback = without_known(feedback, [*test.cells, *held_out.cells])
        print(feedback)
    else:
        feedback = Feedback()
    claim(workdir, config, feedback)  # now: a folder without data shall take other settings
    validation = validation_letters(held_out, config.measured, config.limit)
    if is_finished:
        network = keras.models.load_model(workdir / "model.keras")
        description = json.loads((workdir / "model.json").read_text(encoding="utf-8"))
        seconds = description["metrics"]["seconds"]
    else:
        checkpoint = Checkpoint(workdir / "backup")
        scans = limited(scans, config.limit)
        network = fitted(config, scans, validation, workdir, feedback, checkpoint)
        seconds = round(checkpoint.seconds)
    calibration, metrics = calibrated(network, validation)
    metrics["seconds"] = seconds
    settings = asdict(config) | feedback.settings
    write_model(workdir, None if is_finished else network, calibration, settings, metrics)
    # Only now: a run that is killed after its last epoch must not begin again.
    shutil.rmtree(workdir / "backup", ignore_errors=True)
    write_json(workdir / "metrics.json", metrics)
    draw_learning_curve(workdir / "history.csv", workdir / "learning_curve.png")
    answers = predict(network, validation.inks)[0].argmax(axis=1)
    draw_confusion(
        validation.labels, answers, workdir / "confusion_matrix.png", "validation letters"
    )
    return metrics


def fitted(
    config: TrainConfig,
    scans: Scans,
    validation: Validation,
    workdir: Path,
    feedback: Feedback,
    checkpoint: Checkpoint,
) -> keras.Model:
    """Train the network, with a checkpoint every epoch, and return the best end of a cycle.

    Args:
        config: What to train.
        scans: The letters to train on.
        validation: The letters that the learning curve shows.
        workdir: Where the history goes.
        feedback: Corrections to train on besides.
        checkpoint: What the run goes on from, and leaves every epoch.
    """
    keras.utils.set_random_seed(config.seed)
    traces = [trace(to_ink(cell)) for cell in tqdm(scans.cells, "tracing", mininterval=2)]
    traces += [trace(ink) for ink in feedback.inks]
    batches = Batches(config, scans, traces, feedback)
    network = compiled(config, len(batches))
    ends = CycleEnds(workdir / "backup", cycle_ends(config.epochs, config.cycles))
    network.fit(
        batches,
        epochs=config.epochs,
        validation_data=(validation.inks, *targets(validation.labels, 0.0)),
        validation_batch_size=256,
        callbacks=[
            ends,  # first: what a checkpoint calls finished is kept
            checkpoint,
            keras.callbacks.LambdaCallback(
                on_epoch_begin=lambda epoch, logs: batches.start_at(epoch)
            ),
            keras.callbacks.CSVLogger(workdir / "history.csv", append=True),
        ],
        verbose=2,
    )
    batches.start_at(config.epochs)  # also where all epochs were over before the run went on
    return best(network, ends.weights(), batches, validation)


def claim(workdir: Path, config: TrainConfig, feedback: Feedback | None = None) -> None:
    """Write the settings down, or make sure that the run there has the same.

    Args:
        workdir: Where the run lives.
        config: What to train.
        feedback: What it is trained with besides.

    Raises:
        TrainError: If the folder holds a run with other settings.
    """
    file = workdir / "config.json"
    given = (feedback or Feedback()).settings
    settings = asdict(config) | given
    if file.exists() and (there := json.loads(file.read_text(encoding="utf-8"))) != settings:
        if given.keys() <= there.keys() and {**there, **given} == settings:
            raise TrainError(
                f"{workdir} holds a run with other corrections, or they have changed since: name "
                "those that it printed, OWNER/NAME@COMMIT, or take another --workdir."
            )
        raise TrainError(f"{workdir} holds a run with other settings: take another --workdir.")
    workdir.mkdir(parents=True, exist_ok=True)
    write_json(file, settings)


def limited(scans: Scans, limit: int) -> Scans:
    """About ``limit`` scans spread over all of them, or all for 0."""
    if not limit or limit >= len(scans):
        return scans
    chosen = np.zeros(len(scans), bool)
    chosen[np.linspace(0, len(scans) - 1, limit).astype(int)] = True
    return scans.where(chosen)


def validation_letters(scans: Scans, measured: Sequence[int], limit: int = 0) -> Validation:
    """Letters to choose by: writers held out and a synthetic style held out.

    Args:
        scans: By the writers held out.
        measured: Which of these writers are not to choose temperature and thresholds.
        limit: About how many of each kind to take; 0 for all.

    Returns:
        Scans and synthetic letters, mixed; of the synthetic ones every other measures.
    """
    cells = limited(scans, limit)
    inks = np.stack([fit_to_input(to_ink(cell)) for cell in cells.cells])[..., np.newaxis]
    count = limit or SYNTHETIC_VALIDATION
    synthetic, labels = synthetic_letters(count, seed=0, style=HELD_OUT)
    measures = np.concatenate([np.isin(cells.writers, measured), np.arange(count) // 28 % 2 == 1])
    order = np.random.default_rng(0).permutation(len(inks) + len(synthetic))
    return Validation(
        np.concatenate([inks, synthetic])[order],
        np.concatenate([cells.labels, labels])[order],
        measures[order],
    )


def compiled(config: TrainConfig, steps_per_epoch: int) -> keras.Model:
    """The network with its optimizer: Muon, cycles of the rate, averaged weights."""
    network = build_network()
    ends = [steps_per_epoch * end for end in cycle_ends(config.epochs, config.cycles)]
    network.compile(
        ConvolutionMuon(
            CyclicRate(config.learning_rate, ends),
            weight_decay=config.weight_decay,
            use_ema=True,
            # In a short run the average must not reach back to the random start.
            ema_momentum=min(config.ema, max(0.0, 1 - 10 / ends[0])),
        ),
        loss={"letters": "categorical_crossentropy", "letterness": "binary_crossentropy"},
        loss_weights={"letters": 1.0, "letterness": 0.5},
        weighted_metrics={"letters": ["accuracy"], "letterness": ["accuracy"]},
        jit_compile=False,  # XLA has convolutions of its own, slower than oneDNN's
    )
    # Optimizer and metrics make their variables now: a step that makes some is traced twice.
    network.optimizer.build(network.trainable_variables)
    blank = np.zeros((1, INPUT_SIZE, INPUT_SIZE, 1), np.uint8)
    network.test_on_batch(blank, *targets(np.zeros(1, np.int64), 0.0))
    return network


def best(
    network: keras.Model,
    ends: Mapping[int, Sequence[NDArray[np.float32]]],
    batches: Batches,
    validation: Validation,
) -> keras.Model:
    """The end of a cycle that reads most of the validation letters, rounded, without optimizer.

    Batch normalisation has followed other weights than these averages, so its statistics
    are taken anew.

    Args:
        network: Takes the weights of each.
        ends: Trainable variables by the number of epochs.
        batches: What the statistics are taken over.
        validation: The letters to choose by.
    """
    seen = [batches[index % len(batches)][0] for index in range(STATISTICS_BATCHES)]
    see = tf.function(lambda inks: network(inks, training=True))  # traced: a sixth of the time
    chosen, most = build_network(), -1.0
    for epochs, weights in ends.items():
        for variable, value in zip(network.trainable_variables, weights, strict=True):
            variable.assign(value)
        for inks in seen:
            see(inks)
        answers = predict(network, validation.inks)[0].argmax(axis=1)
        accuracy = float((answers == validation.labels).mean())
        print(f"after {epochs} epochs: {100 * accuracy:.2f} % of the validation letters")
        if accuracy >= most:
            most = accuracy
            chosen.set_weights([rounded(weights) for weights in network.get_weights()])
    return chosen


def rounded(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Leave each number only its `WEIGHT_BITS` highest bits: zeros can be packed."""
    mantissa, exponent = np.frexp(weights)
    kept = np.ldexp(np.rint(np.ldexp(mantissa, WEIGHT_BITS)), exponent - WEIGHT_BITS)
    return kept.astype(np.float32)


def calibrated(network: keras.Model, validation: Validation) -> tuple[dict, dict]:
    """Choose temperature and thresholds on one side of the letters, measure on the other."""
    labels, measures = validation.labels, validation.measures
    temperature = choose_temperature(
        predict(network, validation.inks[~measures])[0], labels[~measures]
    )

    def infer(batch: NDArray[np.uint8]) -> Answers:
        probabilities, letterness = predict(network, batch[..., np.newaxis])
        probabilities = tempered(probabilities, temperature)
        return probabilities.astype(np.float32), letterness.astype(np.float32)

    probabilities, letterness = look_twice(infer, validation.inks[..., 0])
    right = probabilities.argmax(axis=1) == labels
    confidence = probabilities.max(axis=1)
    calibration = {
        "temperature": temperature,
        "thresholds": choose_thresholds(
            probabilities[~measures], letterness[~measures], labels[~measures]
        ),
    }
    metrics = {
        "validation_accuracy": round(float(right.mean()), 5),
        "validation_calibration_error": round(
            calibration_error(confidence[measures], right[measures]), 5
        ),
    }
    return calibration, metrics
