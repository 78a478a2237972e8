"""Every sentence of the page, in English and in Arabic.

The browser renders the texts, so that the language can change under an answer
that is already there; Python needs few of them.
"""

import json

from . import assets

LANGUAGES = ("en", "ar")

TEXTS: dict[str, dict[str, str]] = {
    language: json.loads(assets.read(f"texts/{language}.json")) for language in LANGUAGES
}
