"""Drawings to measure by, each made the same way every time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from recognizer.characters import LETTERS
from recognizer.ink import Ink
from recognizer.picture import to_ink
from recognizer.strokes import strokes_to_ink
from recognizer.templates import Template, templates

from .batches import inked
from .dataset import Scans
from .difficulties import Pixels, as_jpeg, boxed, cut_along_ink
from .nonletters import NonLetters
from .synthesis import HELD_OUT, Manner, Points, Rng, Synthesiser, placed
from .trace import trace

SHEET = 400  # pixels a side, for pictures
SHEET_PEN = 0.045  # of the sheet
SHEET_LETTER = 0.6


@dataclass(frozen=True)
class Form:
    """One way to write some letters, for a row of the table of forms.

    Attributes:
        name: What the row is called.
        letters: The letters that are written.
        chosen: Whether a template's form belongs to the row.
        manner: How the dots are written; None as usual.
    """

    name: str
    letters: str
    chosen: Callable[[str], bool] = lambda form: True
    manner: Manner | None = None


def _starts(*beginnings: str) -> Callable[[str], bool]:
    return lambda form: form.startswith(beginnings)


def _lacks(*beginnings: str) -> Callable[[str], bool]:
    return lambda form: not form.startswith(beginnings)


_KNOTTED = ("knotted", "final", "initial")
_FLAT_SEEN = ("flat",)
_JOINED = ("joined", "end bent in")  # the line runs on into the dot
FORMS = (
    Form("ا plain", "ا", _starts("plain")),
    Form("أ", "ا", _starts("hamza above")),
    Form("إ", "ا", _starts("hamza below")),
    Form("آ", "ا", _starts("madda")),
    Form("ه round", "ه", _lacks(*_KNOTTED)),
    Form("هـ knotted", "ه", _starts(*_KNOTTED)),
    Form("ي dotted", "ي", manner="dots"),
    Form("ى undotted", "ي", _lacks("tail back"), manner="none"),
    Form("ك", "ك", _lacks("keheh")),
    Form("ک", "ك", _starts("keheh")),
    Form("ن deep", "ن", _lacks("flat bowl", *_JOINED)),
    Form("ن flat", "ن", _starts("flat bowl")),
    Form("ن joined", "ن", _starts(*_JOINED)),
    Form("س with teeth", "س", _lacks(*_FLAT_SEEN)),
    Form("س flat", "س", _starts(*_FLAT_SEEN)),
    Form("ش with teeth", "ش", _lacks(*_FLAT_SEEN)),
    Form("ش flat", "ش", _starts(*_FLAT_SEEN)),
    Form("three dots apart", "ثش", manner="dots"),
    Form("three dots as a caret", "ثش", manner="caret"),
    Form("three dots as dash and dot", "ثش", manner="dash and dot"),
    Form("two dots apart", "تقي", manner="dots"),
    Form("two dots as a dash", "تقي", manner="dash"),
)


def form_drawings(form: Form, count: int) -> tuple[list[Ink], list[int]]:
    """Draw one form ``count`` times in the style that training never uses."""
    rng = np.random.default_rng([11, FORMS.index(form)])
    synthesiser = Synthesiser(HELD_OUT)
    choice: list[Template] = [
        template
        for template in templates()
        if template.character.letter in form.letters
        and form.chosen(template.form)
        and (template.dots or form.manner is None)
    ]
    drawn = [choice[i] for i in rng.integers(len(choice), size=count)]
    inks = [inked(synthesiser.write(template, rng, form.manner), rng) for template in drawn]
    return inks, [LETTERS.index(template.character.letter) for template in drawn]


def redrawn(scans: Scans) -> Iterator[Ink]:
    """The scans written again with a pen: any width, any size, any place."""
    rng = np.random.default_rng(12)
    for paths in traced(scans):
        pen = float(np.exp(rng.uniform(np.log(0.015), np.log(0.12))))
        yield strokes_to_ink(placed(paths, rng.uniform(0.15, 1), rng), pen_width=pen)


def traced(scans: Scans) -> Iterator[list[Points]]:
    """The pen paths of each scan."""
    for cell in scans.cells:
        yield trace(to_ink(cell))


def nonletter_drawings(count: int) -> Iterator[tuple[str, Pixels]]:
    """What is no letter, by chance, each with its kind.

    One in three is printed, as nothing in training is. The rest is drawn as training's, but
    for the letters and signs in it: they are in the style that training never uses.
    """
    rng = np.random.default_rng(13)
    nonletters = NonLetters(Synthesiser(HELD_OUT))
    for index in range(count):
        yield printed(rng) if index % 3 == 0 else nonletters.draw(rng)


# Without the signs that are written like a letter: ١ l like alef, ٥ o 0 like heh, ٤ ain, ٩ waw.
_PRINTED = (
    *(("printed: Latin letters", sign) for sign in "ABCDEFGHKMNQRTVWXYZadefhkmnrtwxyz"),
    *(("printed: digits", sign) for sign in "2345678٢٣٦٨"),
    *(("printed: punctuation", sign) for sign in "!?;:%&#"),
    *(("printed: ء and لا", text) for text in ("ء", "لا")),
    *(("printed: words and numbers", text) for text in ("كتاب", "من", "hello", "42")),
)


def printed(rng: Rng) -> tuple[str, Pixels]:
    """One sign or word in DejaVu Sans (Bitstream Vera licence), which matplotlib brings.

    Returns:
        Its kind, and (400, 400) uint8, dark on light.
    """
    font_file = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    kind, text = _PRINTED[rng.integers(len(_PRINTED))]
    sheet = Image.new("L", (SHEET, SHEET), 255)
    font = ImageFont.truetype(font_file, int(rng.integers(60, 160)))
    ImageDraw.Draw(sheet).text((SHEET // 2, SHEET // 2), text, 0, font, anchor="mm")
    return kind, np.asarray(sheet.rotate(rng.normal(0, 6), fillcolor=255))


Condition = tuple[str, str, Callable[[list[Points], Rng], Pixels]]


def conditions() -> list[Condition]:
    """Every condition of the table of robustness: what changes, how much, the picture maker."""
    return [
        ("as it is", "", sheet),
        *[("rotation", f"{a:+d}°", partial(sheet, turn=a)) for a in (-15, -10, -5, 5, 10, 15)],
        *[("pen width", f"{w} %", partial(sheet, pen=w / 100)) for w in (1.5, 3, 6, 8)],
        *[("size", f"{s} %", partial(sheet, size=s / 100)) for s in (15, 30, 90)],
        *[("place", where, partial(sheet, corner=at)) for where, at in _CORNERS.items()],
        *[("grey of the pen", str(g), partial(sheet, grey=g)) for g in (80, 140, 180)],
        *[("blur", f"{b} px", partial(sheet, blur=b)) for b in (2, 4, 6)],
        *[("JPEG quality", str(q), partial(sheet, quality=q)) for q in (60, 30, 10)],
        *[("uneven light", f"{u} %", partial(sheet, shade=u / 100)) for u in (30, 60)],
        *[("ruled paper", f"{r} px", partial(sheet, ruling=r)) for r in (30, 50)],
        ("light on dark", "", partial(sheet, inverted=True)),
        ("cut out along the ink", "", partial(sheet, cut_out=True)),
        ("100 pixels, fine pen", "", _SMALL),
        *[("100 pixels, JPEG quality", str(q), partial(_SMALL, quality=q)) for q in (80, 60, 40)],
        *[("100 pixels, specks of dust", str(d), partial(_SMALL, dust=d)) for d in (10, 30)],
        *[("lines of a box", where, partial(sheet, box=sides)) for where, sides in _BOXES.items()],
    ]


_CORNERS = {"top left": (0, 0), "bottom right": (1, 1)}
_BOXES = {"below": "b", "left and below": "lb", "all around": "lbrt"}


def sheet(
    paths: list[Points],
    rng: Rng,
    *,
    turn: float = 0,
    pen: float = SHEET_PEN,
    size: float = SHEET_LETTER,
    corner: tuple[float, float] = (0.2, 0.2),
    grey: int = 20,
    blur: float = 0,
    quality: int = 0,
    shade: float = 0,
    ruling: int = 0,
    inverted: bool = False,
    cut_out: bool = False,
    dust: int = 0,
    box: str = "",
    side: int = SHEET,
) -> Pixels:
    """A picture of a letter on paper, (side, side) uint8, with one thing made difficult.

    Cut out along its ink, it is smaller.
    """
    angle = np.deg2rad(turn)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = [path @ matrix.T for path in paths]
    points = np.concatenate(turned)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    scale = 1000 * size / max(extent.max(), 1e-6)
    # A letter that would run off the sheet is moved onto it.
    place = 1000 * np.clip(corner, pen, max(pen, 1 - pen - size))
    strokes = [((path - low) * scale + place).ravel() for path in turned]
    ink = strokes_to_ink(strokes, pen_width=pen, size=side) / 255
    paper = np.full((side, side), 245.0)
    if ruling:
        paper[:: max(ruling, 2)] = 180
        paper[1 :: max(ruling, 2)] = 180
    picture = paper * (1 - ink) + grey * ink
    if shade:
        slope = np.linspace(1 - shade, 1, side)
        picture = picture * slope[:, np.newaxis] * np.linspace(1, 1 - shade / 3, side)
    if blur:
        picture = cv2.GaussianBlur(picture, (0, 0), blur)
    pixels = (picture + rng.normal(0, 1.5, picture.shape)).clip(0, 255).astype(np.uint8)
    if dust:
        pixels.ravel()[rng.integers(pixels.size, size=dust)] = grey
    if box:
        pixels = boxed(pixels, box)
    if cut_out:
        pixels = cut_along_ink(pixels)
    if quality:
        pixels = as_jpeg(pixels, quality)
    return 255 - pixels if inverted else pixels


_SMALL = partial(sheet, side=100, pen=0.03)
