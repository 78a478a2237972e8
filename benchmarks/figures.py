"""A measured value, what it should be, and how to measure calls against each other."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

TIMES = "×"
PERCENT = "%"


@dataclass(frozen=True)
class Figure:
    """What was measured, and the goal if there is one.

    Attributes:
        what: In words, as tables show it.
        value: In ``unit``.
        unit: "×", "%", "ms", "s", "MB" or what is counted.
        at_least: The goal, where more is better.
        at_most: The goal, where less is better.
    """

    what: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The figure as it is written down; with a goal, also whether it is met."""
        known = {name: value for name, value in asdict(self).items() if value is not None}
        known["value"] = round(self.value, 4)
        if self.at_least is not None:
            known["met"] = self.value >= self.at_least
        if self.at_most is not None:
            known["met"] = self.value <= self.at_most
        return known


def medians(
    calls: Mapping[str, Callable[[], object]], rounds: int, *, warm_up: int = 3
) -> dict[str, float]:
    """Time calls against each other, in turn: a busy machine slows them alike.

    Forwards and backwards, so that none always finds the caches as one other leaves them.

    Args:
        calls: What to time, by name.
        rounds: How often each is timed.
        warm_up: How often each is called before.

    Returns:
        Median seconds of each call.
    """
    for call in calls.values():
        for _ in range(warm_up):
            call()
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds):
        for name, call in list(calls.items())[:: 1 if number % 2 == 0 else -1]:
            started = time.perf_counter()
            call()
            seconds[name].append(time.perf_counter() - started)
    return {name: median(values) for name, values in seconds.items()}


def quantile(values: list[float], share: float) -> float:
    """The value below which that share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
