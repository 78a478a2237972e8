"""The benchmarks measure every goal, and README says what they measured."""

import json
import subprocess
import sys
from typing import Any

import pytest

from benchmarks.figures import Figure, medians, quantile
from benchmarks.report import BEGIN, END, GROUPS, README, readme_table
from benchmarks.results import RESULTS

GOALS = 18  # rows with a goal, over all groups


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A trial run of the whole command: what it measures in seconds is not worth quoting."""
    file = tmp_path_factory.mktemp("benchmarks") / "results.json"
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", str(file)],
        cwd=README.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(file.read_text(encoding="utf-8"))) | {"printed": done.stdout}


def test_a_run_measures_every_goal_and_says_whether_it_is_met(results: dict[str, Any]) -> None:
    assert list(results["groups"]) == list(GROUPS) and not results["failed"]
    figures = [figure for group in results["groups"].values() for figure in group]
    with_goal = [figure for figure in figures if "met" in figure]
    assert len(with_goal) == GOALS
    assert all(figure["what"] in results["printed"] for figure in figures)
    assert results["machine"]["cores"] and results["versions"]["tensorflow"]


def test_everybody_who_draws_at_once_gets_the_answer_to_the_own_drawing(
    results: dict[str, Any],
) -> None:
    (wrong,) = (f for f in results["groups"]["running"] if "mixed up" in f["what"])
    assert wrong["value"] == 0 and wrong["met"]


def test_readme_says_what_was_measured() -> None:
    written = json.loads(RESULTS.read_text(encoding="utf-8"))
    shown = README.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0]
    assert shown.strip() == readme_table(written)
    assert not written["quick"]


def test_a_goal_is_met_or_missed() -> None:
    assert Figure("fast", 15, "×", at_least=15).as_json()["met"] is True
    assert Figure("fast", 14.9, "×", at_least=15).as_json()["met"] is False
    assert Figure("slow", 501, "ms", at_most=500).as_json()["met"] is False
    assert "met" not in Figure("known", 1, "ms").as_json()


def test_calls_are_timed_in_turn() -> None:
    calls: list[str] = []
    medians({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 2, warm_up=0)
    assert calls == ["a", "b", "b", "a"]


def test_a_quantile_is_one_of_the_values() -> None:
    values = [float(n) for n in range(1, 101)]
    assert quantile(values, 0.95) == 96 and quantile([7.0], 0.95) == 7
