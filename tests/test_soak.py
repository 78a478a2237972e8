"""The soak, for seconds instead of half an hour."""

import json
from pathlib import Path

from benchmarks.results import record
from benchmarks.soak import soak
from tests.page_server import running_page


def test_strangers_of_every_kind_leave_the_page_as_it_was(tmp_path: Path) -> None:
    figures = soak(running_page(), seconds=12)
    assert figures["answered"] > 10 and figures["refused"]
    assert (figures["wrong"], figures["failed"], figures["tracebacks"]) == ({}, {}, 0)
    assert len(figures["memory"]) > 10
    assert max(figures["memory"]) - figures["memory"][0] < 200


def test_figures_are_put_beside_those_of_others(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    record({"soak": {"requests": 1}}, results)
    record({"groups": {"a": 1}}, results)
    record({"soak": {"requests": 2}}, results)
    assert json.loads(results.read_text()) == {"groups": {"a": 1}, "soak": {"requests": 2}}
