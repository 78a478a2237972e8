"""The table of characters: index in the table == class index of the model.

Names are Unicode's. Letters of one body family share a body and differ by their
dots alone.
"""

from dataclasses import dataclass
from typing import Literal

DotPlace = Literal["above", "below", "inside"]


@dataclass(frozen=True)
class Character:
    """One letter of the Arabic alphabet.

    Attributes:
        letter: The letter in its isolated form, one code point.
        name: Its Unicode name, in lower case, without "Arabic letter".
        arabic_name: Its name in Arabic.
        body: The letter that stands for the body family (ب for ب ت ث).
        dots: How many dots it carries, 0 to 3.
        place: Where the dots stand relative to the body; None without dots.
    """

    letter: str
    name: str
    arabic_name: str
    body: str
    dots: int = 0
    place: DotPlace | None = None


CHARACTERS = (
    Character("ا", "alef", "ألف", "ا"),
    Character("ب", "beh", "باء", "ب", 1, "below"),
    Character("ت", "teh", "تاء", "ب", 2, "above"),
    Character("ث", "theh", "ثاء", "ب", 3, "above"),
    Character("ج", "jeem", "جيم", "ح", 1, "inside"),
    Character("ح", "hah", "حاء", "ح"),
    Character("خ", "khah", "خاء", "ح", 1, "above"),
    Character("د", "dal", "دال", "د"),
    Character("ذ", "thal", "ذال", "د", 1, "above"),
    Character("ر", "reh", "راء", "ر"),
    Character("ز", "zain", "زاي", "ر", 1, "above"),
    Character("س", "seen", "سين", "س"),
    Character("ش", "sheen", "شين", "س", 3, "above"),
    Character("ص", "sad", "صاد", "ص"),
    Character("ض", "dad", "ضاد", "ص", 1, "above"),
    Character("ط", "tah", "طاء", "ط"),
    Character("ظ", "zah", "ظاء", "ط", 1, "above"),
    Character("ع", "ain", "عين", "ع"),
    Character("غ", "ghain", "غين", "ع", 1, "above"),
    Character("ف", "feh", "فاء", "ف", 1, "above"),
    Character("ق", "qaf", "قاف", "ق", 2, "above"),
    Character("ك", "kaf", "كاف", "ك"),
    Character("ل", "lam", "لام", "ل"),
    Character("م", "meem", "ميم", "م"),
    Character("ن", "noon", "نون", "ن", 1, "above"),
    Character("ه", "heh", "هاء", "ه"),
    Character("و", "waw", "واو", "و"),
    Character("ي", "yeh", "ياء", "ي", 2, "below"),
)

LETTERS = "".join(character.letter for character in CHARACTERS)
