"""Pictures of a run: how it learned and what it takes for what."""

import csv
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from recognizer import fit_to_input, strokes_to_ink
from recognizer.characters import CHARACTERS, LETTERS
from recognizer.ink import Ink
from recognizer.templates import Template, smooth, templates

from .files import replace_file

matplotlib.use("Agg")  # no screen needed
import matplotlib.pyplot as plt  # noqa: E402  the backend has to be chosen first

ERRORS_A_ROW = 12


def draw_learning_curve(history: Path, target: Path) -> None:
    """Plot loss and accuracy by epoch from a run's history CSV."""
    with history.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    for name in rows[0]:
        axes = left if name.endswith("loss") else right if name.endswith("accuracy") else None
        if axes and rows[0][name] != "NA":  # Keras's word for what was not measured
            epochs = [int(row["epoch"]) + 1 for row in rows]
            axes.plot(epochs, [float(row[name]) for row in rows], label=name)
    for axes, title in ((left, "loss"), (right, "accuracy")):
        axes.set(title=title, xlabel="epoch")
        axes.legend(fontsize=8)
    right.set_ylim(0.8, 1.0)
    _save(figure, target, dpi=100)


def draw_confusion(
    labels: NDArray[np.int64], answers: NDArray[np.int64], target: Path, title: str = ""
) -> None:
    """Draw which letter was taken for which.

    Args:
        labels: (n,) class index of what was written.
        answers: (n,) class index of what was read.
        target: The picture to write.
        title: What was measured.
    """
    matrix = np.zeros((len(LETTERS), len(LETTERS)), int)
    np.add.at(matrix, (labels, answers), 1)
    share = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(11, 11), layout="constrained")
    axes.imshow(share**0.4, cmap="Greens")
    names = [f"{character.name} {character.letter}" for character in CHARACTERS]
    axes.set_xticks(range(len(LETTERS)), names, rotation=90)
    axes.set_yticks(range(len(LETTERS)), names)
    axes.set(xlabel="read", ylabel="written", title=title)
    for row, column in zip(*np.nonzero(matrix), strict=True):
        color = "white" if share[row, column] > 0.3 else "black"
        text = str(matrix[row, column])
        axes.text(column, row, text, ha="center", va="center", color=color, size=7)
    _save(figure, target, dpi=90)


def draw_errors(
    cells: NDArray[np.uint8], labels: NDArray[np.int64], answers: NDArray[np.int64], target: Path
) -> None:
    """Show every letter that was misread: what it is, what it was taken for.

    Args:
        cells: (n, h, w) uint8 ink.
        labels: (n,) class index of what was written.
        answers: (n,) class index of what was read.
        target: The picture to write.
    """
    # An Arabic letter at the beginning would turn the line, where the system can turn lines.
    named = [
        (cell, f"is {LETTERS[label]}, read {LETTERS[answer]}")
        for cell, label, answer in zip(cells, labels, answers, strict=True)
    ]
    rows = [named[start : start + ERRORS_A_ROW] for start in range(0, len(named), ERRORS_A_ROW)]
    _save(_sheet(rows or [[]], ERRORS_A_ROW, size=8), target, dpi=80)


def draw_robustness(rows: Sequence[Mapping[str, Any]], target: Path) -> None:
    """Plot the accuracy under each difficulty, the undisturbed one as a line.

    Args:
        rows: ``what``, ``amount`` and ``accuracy`` in 0 to 1; the first is undisturbed.
        target: The picture to write.
    """
    figure, axes = plt.subplots(figsize=(9, 7), layout="constrained")
    names = [f"{row['what']} {row['amount']}" for row in rows]
    axes.barh(names, [100 * row["accuracy"] for row in rows], color="#4a8f7b")
    undisturbed = 100 * rows[0]["accuracy"]
    axes.axvline(undisturbed, color="black", linewidth=1)
    axes.axvline(undisturbed - 1, color="black", linewidth=1, linestyle=":")
    axes.invert_yaxis()
    axes.set(xlim=(min(85.0, undisturbed - 10), 100), xlabel="accuracy in %")
    axes.set_title("AHCD test letters redrawn; dotted: one point less than undisturbed", size=10)
    _save(figure, target, dpi=80)


def draw_templates(target: Path) -> None:
    """Show every form of every letter as its template draws it, a letter a row."""
    rows = [
        [(_template_ink(t), t.form) for t in templates() if t.character == character]
        for character in CHARACTERS
    ]
    _save(_sheet(rows, max(map(len, rows)), size=5), target, dpi=110)


def _sheet(rows: Sequence[Sequence[tuple[Ink, str]]], columns: int, *, size: int) -> Figure:
    """Draw inks with a caption above each; on axes of their own they would take a minute."""
    width, height = 1.0, 1.2  # inches, of an ink with its caption
    figure = plt.figure(figsize=(columns * width, len(rows) * height))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.axis("off")
    for row, named in enumerate(rows):
        top, bottom = row * height + 0.28, (row + 1) * height
        for column, (ink, caption) in enumerate(named):
            place = (column * width + 0.04, (column + 1) * width - 0.04, bottom, top)
            axes.imshow(255 - ink, cmap="gray", vmin=0, vmax=255, extent=place, aspect="auto")
            axes.text((column + 0.5) * width, top - 0.05, caption, ha="center", size=size)
    axes.set(xlim=(0, columns * width), ylim=(len(rows) * height, 0))
    return figure


def _save(figure: Figure, target: Path, dpi: int) -> None:
    """Save as a PNG of 256 colours, a third as large: each is kept for ever in the repository."""
    content = BytesIO()
    figure.savefig(content, dpi=dpi, format="png")
    plt.close(figure)
    picture = Image.open(content).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    replace_file(target, lambda partial: picture.save(partial, "PNG", optimize=True))


def _template_ink(template: Template) -> Ink:
    """The template without a hand's variety, its dots as taps side by side."""
    paths = [smooth(path) for path in template.paths]
    for index in range(template.dots):
        across = 14 * (index - (template.dots - 1) / 2)
        paths.append(np.array([template.dot_center]) + [across, 0])
    points = np.concatenate(paths)
    low, size = points.min(axis=0), np.ptp(points, axis=0).max()
    strokes = [((path - low) * 800 / size + 100).ravel() for path in paths]
    return fit_to_input(strokes_to_ink(strokes))
