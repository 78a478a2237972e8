"""The alphabet as JSON: what is true of a letter in every language."""

from dataclasses import asdict
from typing import Any

from recognizer import CHARACTERS


def letter_facts() -> list[dict[str, Any]]:
    """Return what there is to know of each letter, in the order of the alphabet.

    Returns:
        {"letter", "name", "arabic_name", "code_point", "ipa": [...], "body", "dots",
        "place", "forms": {"isolated", "initial", "medial", "final"}} for each.
    """
    return [
        {**asdict(c), "ipa": list(c.ipa), "code_point": c.code_point, "forms": asdict(c.forms)}
        for c in CHARACTERS
    ]
