"""The tables that README and the model card show, made from the measured figures."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from recognizer.characters import LETTERS

from .config import TrainConfig
from .dataset import EXCLUDED, N_TRAINING
from .files import replace_text

Metrics = dict[str, Any]

README = Path(__file__).parent.parent / "README.md"
CARD = Path(__file__).parent / "card.md"  # the model card, figures left open
TRIED = CARD.with_name("tried.md")  # what the card says of one file of weights alone
BUNDLED = README.parent / "assets" / "model"
BEGIN, END = "<!-- accuracy:begin -->", "<!-- accuracy:end -->"
PUBLISHED_BASELINE = "97.26 % (97.14 % as published)"


def accuracy_table(metrics: Metrics) -> str:
    """README's table: Harf beside the baseline."""
    ours, baseline = metrics["ahcd_test"], metrics.get("baseline", {})
    held_out = metrics["held_out_writers"]
    rows = [
        ("measured on", "Harf", "baseline, trained here", "baseline, its own file"),
        ("---", "---", "---", "---"),
        (
            f"AHCD test set, {ours['letters']:,} letters by the 60 writers of its training set",
            f"**{percent(ours['accuracy'])} %** ± {percent(ours['interval'])}",
            _baseline(baseline, "ahcd_test_accuracy"),
            PUBLISHED_BASELINE,
        ),
    ]
    if "newhands" in metrics:
        people = metrics["newhands"]
        rows.append(
            (
                f"{people['letters']:,} letters by 62 other people",
                f"**{percent(people['accuracy'])} %** ± {percent(people['interval'])}",
                _baseline(baseline, "newhands_accuracy"),
                "63 to 65 %",
            )
        )
    rows += [
        (
            f"AHCD, {held_out['letters']:,} letters by the four writers held out, on whose letters "
            "weights and, on two writers' of them, thresholds were chosen",
            f"{percent(held_out['accuracy'])} %",
            "",
            "",
        ),
        *_folds(metrics),
        (
            "AHCD test letters redrawn with any pen, size and place",
            f"{percent(metrics['ahcd_test_redrawn']['accuracy'])} %",
            "",
            "",
        ),
        ("parameters", f"{metrics['parameters']:,}", "103,014", "103,014"),
    ]
    return table(rows)


def detail_tables(metrics: Metrics) -> str:
    """The model card's further tables: letters, forms, robustness, what is no letter."""
    sections = [
        "### Forms\n\nSynthetic letters in a style that training never uses.\n",
        table(
            [("form", "read rightly"), ("---", "---")]
            + [(name, f"{percent(share)} %") for name, share in metrics["forms"].items()]
        ),
        "\n### Robustness\n\nEvery second AHCD test letter traced, inked on a picture, one thing "
        "changed. A pen is kept within 4 to 7 % of the letter, here 2.4 to 4.2 % of the picture: "
        "a broader one draws as the broadest of these.\n",
        table(
            [("what", "how much", "accuracy"), ("---", "---", "---")]
            + [
                (row["what"], row["amount"], f"{percent(row['accuracy'])} %")
                for row in metrics["robustness"]
            ]
        ),
        *_difficulties(metrics),
        "\n### Confidence\n\n" + _confidence(metrics),
        "\n### What is no letter\n\n" + _nonletters(metrics["nonletters"]),
        "\n### Letter by letter\n",
        table(_letter_rows(metrics)),
        "\n### Worst confusions\n",
        *[_confusions(metrics, name) for name in ("ahcd_test", "newhands") if name in metrics],
    ]
    return "\n".join(sections)


def _difficulties(metrics: Metrics) -> list[str]:
    """The table of other people's letters made difficult, if they were at hand."""
    if "newhands_difficulties" not in metrics:
        return []
    rows = metrics["newhands_difficulties"]
    return [
        "\nEvery third of other people's letters, scans of 100 pixels in black and white.\n",
        table(
            [("what happened to them", "accuracy"), ("---", "---")]
            + [(row["what"], f"{percent(row['accuracy'])} %") for row in rows]
        ),
    ]


def summary(metrics: Metrics) -> str:
    """Everything measured, as ``train evaluate`` prints it."""
    size = (
        f"The file has {metrics['file_megabytes']} MB. One letter takes {metrics['network_ms']} ms "
        f"in the network, {metrics['letter_ms']} ms from picture to answer."
    )
    return "\n\n".join([accuracy_table(metrics), size, detail_tables(metrics)])


def write_reports(folder: Path, metrics: Metrics) -> None:
    """Write the model card and, for the model that ships, README's table."""
    replace_text(folder / "README.md", model_card(folder, metrics))
    if folder.resolve() == BUNDLED:
        content = README.read_text(encoding="utf-8")
        replace_text(README, between_markers(content, accuracy_table(metrics)))


def model_card(folder: Path, metrics: Metrics) -> str:
    """The model card, its figures filled in from what was measured."""
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    validation = 100 * description["metrics"]["validation_accuracy"]
    tried, earlier, machine = _of_these_weights(metrics["sha256"])
    return (
        CARD.read_text(encoding="utf-8")
        .format(
            labels=LETTERS,
            parameters=metrics["parameters"],
            file_megabytes=metrics["file_megabytes"],
            accuracy=accuracy_table(metrics),
            details=detail_tables(metrics),
            excluded=len(EXCLUDED),
            excluded_points=100 * len(EXCLUDED) / N_TRAINING,
            command=_fit_command(description["config"]),
            minutes=description["metrics"]["seconds"] / 60,
            epochs=description["config"]["epochs"],
            tried=tried.format(validation=validation),
            earlier=earlier,
            machine=machine,
        )
        .replace("## Data and licence", _corrections(description["config"]) + "## Data and licence")
    )


def _of_these_weights(sha256: str) -> tuple[str, str, str]:
    """What was tried, what earlier weights read, and where the run was made.

    All of it was written by hand for the weights whose checksum stands above it: on the card
    of others it would be false, so theirs has none of it.
    """
    known, *parts = TRIED.read_text(encoding="utf-8").rstrip("\n").split("\n---\n")
    tried, earlier, machine = parts if known == sha256 else ("", "", "")
    return tried and f"{tried}\n", earlier, machine


def between_markers(content: str, text: str) -> str:
    """Markdown with the text put between its accuracy markers."""
    before, rest = content.split(BEGIN)
    return f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}"


def table(rows: list[tuple[str, ...]]) -> str:
    """Rows of cells as a Markdown table."""
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def percent(share: float) -> str:
    """A share as a percentage with two decimals."""
    return f"{100 * share:.2f}"


def _corrections(config: Metrics) -> str:
    """Say that visitors' corrections were used, if they were."""
    if "corrections" not in config:
        return ""
    return (
        f"{config['corrections']:,} corrections by visitors were added, each given with consent "
        f"(`--feedback`; SHA-256 of their ink {config['feedback'][:12]}).\n\n"
    )


def _fit_command(config: Metrics) -> str:
    """The command that trains the model again."""
    changed = [
        f"--{setting.name.replace('_', '-')} {config[setting.name]}"
        for setting in fields(TrainConfig)
        if config[setting.name] != setting.default
    ]
    return " ".join(["python -m train fit --workdir runs/1", *changed])


def _folds(metrics: Metrics) -> list[tuple[str, ...]]:
    """The row of the folds by writer, where they have been measured."""
    if not (folds := metrics.get("folds")):
        return []
    what = (
        f"AHCD, {folds['letters']:,} letters in five folds by writer, {folds['epochs']} epochs "
        "each, mean"
    )
    return [(what, f"{percent(folds['accuracy'])} %", "", "")]


def _baseline(baseline: Metrics, name: str) -> str:
    return f"{percent(baseline[name])} %" if name in baseline else "not measured"


def _confidence(metrics: Metrics) -> str:
    nonletters = metrics["nonletters"]
    people, folds, letters = "", "", "letters by AHCD writers held out"
    if "folds" in metrics:
        folds = (
            f" ({percent(metrics['folds']['calibration_error'])} % on such writers in the mean of "
            "the five folds)"
        )
    if "newhands" in metrics:
        letters = "letters by other people"
        people = (
            f", {percent(metrics['newhands']['calibration_error'])} % on other people's letters"
        )
    lines = [
        "Expected calibration error over 15 bins: "
        f"{percent(metrics['measured_writers']['calibration_error'])} % on AHCD writers held out "
        f"who did not choose the temperature{folds}, "
        f"{percent(metrics['ahcd_test']['calibration_error'])} % on the AHCD test set"
        f"{people}.",
        f"\nWhat is no letter, against {letters}: AUROC {nonletters['auroc']:.4f}; at the shipped "
        f"threshold {percent(nonletters['letters_accepted'])} % of the letters are accepted and "
        f"{percent(nonletters['nonletters_refused'])} % of the rest refused.",
    ]
    return "\n".join(lines) + "\n"


def _nonletters(nonletters: Metrics) -> str:
    rows = [("what it is", "drawings", "refused"), ("---", "---", "---")]
    for kind in nonletters["kinds"]:
        rows.append((kind["kind"], str(kind["drawings"]), f"{percent(kind['refused'])} %"))
    return (
        "What is printed is in DejaVu Sans, of which training has nothing; the rest is drawn as "
        "training's is, its\nletters and signs in a style that training never uses. A blank sheet "
        "is refused before the network sees it.\n\n" + table(rows)
    )


def _letter_rows(metrics: Metrics) -> list[tuple[str, ...]]:
    sets = [name for name in ("ahcd_test", "newhands") if name in metrics]
    names = {"ahcd_test": "AHCD test", "newhands": "other people"}
    rows = [("letter", *(names[name] for name in sets)), ("---",) * (1 + len(sets))]
    for letter in metrics["ahcd_test"]["per_letter"]:
        shares = (metrics[name]["per_letter"].get(letter, 0.0) for name in sets)
        rows.append((letter, *(f"{percent(share)} %" for share in shares)))
    return rows


def _confusions(metrics: Metrics, name: str) -> str:
    where = {"ahcd_test": "AHCD test", "newhands": "Other people"}[name]
    pairs = [
        f"{pair['written']} read as {pair['read']} {pair['times']}×"
        for pair in metrics[name]["confusions"]
    ]
    return f"{where}: " + ", ".join(pairs) + ".\n"
