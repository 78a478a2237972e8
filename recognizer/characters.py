"""The table of characters: index in the table == class index of the model.

Names are Unicode's. Letters of one body family share a body and differ by their
dots alone.
"""

from dataclasses import dataclass
from typing import Literal

from .errors import LetterError

DotPlace = Literal["above", "below", "inside"]

TATWEEL = "\u0640"  # the stroke that joins letters, on its own
NEVER_JOIN_THE_NEXT = frozenset("ادذرزو")


@dataclass(frozen=True)
class Forms:
    """A letter in each position, joined to a tatweel where it joins a neighbour.

    Attributes:
        isolated: On its own.
        initial: At the start of a word; as isolated if it never joins the next letter.
        medial: Between two letters; as final if it never joins the next letter.
        final: At the end of a word, after a letter that joins.
    """

    isolated: str
    initial: str
    medial: str
    final: str


@dataclass(frozen=True)
class Character:
    """One letter of the Arabic alphabet.

    Attributes:
        letter: The letter in its isolated form, one code point.
        name: Its Unicode name, in lower case, without "Arabic letter".
        arabic_name: Its name in Arabic.
        ipa: Its sounds in Modern Standard Arabic, the consonant before the long vowel
            (but alef, whose own sound is the vowel), in the International Phonetic Alphabet.
        body: The letter that stands for the body family (ب for ب ت ث).
        dots: How many dots it carries, 0 to 3.
        place: Where the dots stand relative to the body; None without dots.
    """

    letter: str
    name: str
    arabic_name: str
    ipa: tuple[str, ...]
    body: str
    dots: int = 0
    place: DotPlace | None = None

    @property
    def code_point(self) -> str:
        """Its place in Unicode, as in U+0628."""
        return f"U+{ord(self.letter):04X}"

    @property
    def forms(self) -> Forms:
        """The letter as it is written alone and within a word."""
        to_next = "" if self.letter in NEVER_JOIN_THE_NEXT else TATWEEL
        return Forms(
            isolated=self.letter,
            initial=self.letter + to_next,
            medial=TATWEEL + self.letter + to_next,
            final=TATWEEL + self.letter,
        )


CHARACTERS = (
    Character("ا", "alef", "ألف", ("aː", "ʔ"), "ا"),
    Character("ب", "beh", "باء", ("b",), "ب", 1, "below"),
    Character("ت", "teh", "تاء", ("t",), "ب", 2, "above"),
    Character("ث", "theh", "ثاء", ("θ",), "ب", 3, "above"),
    Character("ج", "jeem", "جيم", ("d͡ʒ",), "ح", 1, "inside"),
    Character("ح", "hah", "حاء", ("ħ",), "ح"),
    Character("خ", "khah", "خاء", ("x",), "ح", 1, "above"),
    Character("د", "dal", "دال", ("d",), "د"),
    Character("ذ", "thal", "ذال", ("ð",), "د", 1, "above"),
    Character("ر", "reh", "راء", ("r",), "ر"),
    Character("ز", "zain", "زاي", ("z",), "ر", 1, "above"),
    Character("س", "seen", "سين", ("s",), "س"),
    Character("ش", "sheen", "شين", ("ʃ",), "س", 3, "above"),
    Character("ص", "sad", "صاد", ("sˤ",), "ص"),
    Character("ض", "dad", "ضاد", ("dˤ",), "ص", 1, "above"),
    Character("ط", "tah", "طاء", ("tˤ",), "ط"),
    Character("ظ", "zah", "ظاء", ("ðˤ",), "ط", 1, "above"),
    Character("ع", "ain", "عين", ("ʕ",), "ع"),
    Character("غ", "ghain", "غين", ("ɣ",), "ع", 1, "above"),
    Character("ف", "feh", "فاء", ("f",), "ف", 1, "above"),
    Character("ق", "qaf", "قاف", ("q",), "ق", 2, "above"),
    Character("ك", "kaf", "كاف", ("k",), "ك"),
    Character("ل", "lam", "لام", ("l",), "ل"),
    Character("م", "meem", "ميم", ("m",), "م"),
    Character("ن", "noon", "نون", ("n",), "ن", 1, "above"),
    Character("ه", "heh", "هاء", ("h",), "ه"),
    Character("و", "waw", "واو", ("w", "uː"), "و"),
    Character("ي", "yeh", "ياء", ("j", "iː"), "ي", 2, "below"),
)

LETTERS = "".join(character.letter for character in CHARACTERS)
BY_LETTER = {character.letter: character for character in CHARACTERS}


def character_of(letter: str) -> Character:
    """Return the character of a letter.

    Raises:
        LetterError: If it is none of ours.
    """
    # "" and "بت" would be found in LETTERS too, and what cannot be hashed in no table.
    if not isinstance(letter, str) or letter not in BY_LETTER:
        raise LetterError(f"{letter!r} is none of the 28 letters: take one of `LETTERS`.")
    return BY_LETTER[letter]
