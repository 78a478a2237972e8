"""The soak, for seconds instead of half an hour."""

import json
from pathlib import Path

from benchmarks.soak import record, soak
from tests.page_server import running_page


def test_strangers_of_every_kind_leave_the_page_as_it_was(tmp_path: Path) -> None:
    figures = soak(running_page(), seconds=4)
    assert figures["answered"] > 10 and figures["refused"]
    assert (figures["wrong"], figures["failed"], figures["tracebacks"]) == ({}, {}, 0)
    assert len(figures["memory"]) > 10
    assert max(figures["memory"]) - figures["memory"][0] < 200


def test_figures_are_put_beside_those_of_others(tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    record({"requests": 1}, results)
    results.write_text(json.dumps({**json.loads(results.read_text()), "groups": {"a": 1}}))
    record({"requests": 2}, results)
    assert json.loads(results.read_text()) == {"groups": {"a": 1}, "soak": {"requests": 2}}
