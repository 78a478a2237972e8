"""results.json: what each command measured, beside what the others did."""

import json
from pathlib import Path
from typing import Any

from train.files import write_json

RESULTS = Path(__file__).parent / "results.json"


def record(measured: dict[str, Any], results: Path = RESULTS) -> dict[str, Any]:
    """Put figures beside what else has been measured.

    Args:
        measured: By the name of the group; it takes the place of what has the same name.
        results: The file, which need not be there yet.

    Returns:
        All that is in the file now.
    """
    others = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    together: dict[str, Any] = {**others, **measured}
    write_json(results, together)
    return together
