"""Letters as one person writes them with a mouse or a finger, in pen strokes.

They are not the templates that the network was taught with.
"""

from collections.abc import Sequence

from recognizer.characters import CHARACTERS
from recognizer.templates import Template, control_path, smooth

Strokes = list[list[float]]

# Control points in 0 to 1000 of the surface; "!" after a point is a corner.
_HAND = {
    "ا": ["515,150 505,350 500,560 498,830"],
    "ب": ["815,370 806,470 726,560 520,606 320,584 212,512 190,392", "505,748"],
    "ت": ["818,430 806,520 722,612 520,652 318,632 208,556 186,446", "430,330", "566,322"],
    "ث": [
        "814,450 802,540 720,630 520,668 322,650 214,576 192,470",
        "420,372",
        "556,366",
        "486,262",
    ],
    "ج": [
        "262,318 390,262 540,282 716,336! 540,398 408,506 362,650 412,790 560,858 724,822",
        "560,612",
    ],
    "ح": ["268,302 400,250 540,272 722,330! 540,392 402,500 360,646 410,792 556,862 728,826"],
    "خ": [
        "262,372 390,320 540,340 712,392! 540,452 408,556 368,690 420,816 560,872 716,846",
        "498,196",
    ],
    "د": ["470,282 560,388 620,520 606,640 500,690 366,680"],
    "ر": ["560,318 612,440 596,590 500,712 352,786"],
    "س": [
        "868,372 858,462 806,502 752,468 732,384! 722,466 676,506 618,478 598,398! "
        "596,500 566,628 470,710 338,712 232,640 200,520 222,408"
    ],
    "ص": [
        "470,520 560,420 680,372 790,400 806,470 720,520 560,528 470,516! 452,470! "
        "462,580 430,690 330,752 214,724 160,620 178,500"
    ],
    "ط": [
        "300,610 420,500 560,432 690,450 712,540 620,600 440,616 250,612",
        "318,170 324,400 330,606",
    ],
    "ع": [
        "640,256 530,202 430,250 430,340 520,388 648,372! 490,424 384,530 360,670 430,794 "
        "584,836 742,790"
    ],
    "ف": [
        "716,452 640,462 590,412 612,342 680,332 722,396 716,470 650,560 480,596 300,584 "
        "196,520 180,430",
        "664,196",
    ],
    "ق": [
        "690,420 610,428 566,372 600,300 676,306 704,384 712,500 670,640 540,728 390,716 "
        "286,620 270,490",
        "580,166",
        "700,172",
    ],
    "ك": [
        "726,190 720,360 716,520 690,620 560,664 390,652 276,592",
        "560,330 470,362 540,420 452,466",
    ],
    "ل": ["640,140 648,330 646,520 616,680 500,764 372,720 320,600 330,500"],
    "م": [
        "600,392 540,330 452,352 440,430 520,462 604,400! 520,462 402,470 350,560 346,720 350,880"
    ],
    "ن": ["758,372 790,490 744,636 590,716 410,696 296,592 276,452 300,352", "530,392"],
    "ه": ["520,300 420,370 380,490 430,600 540,620 630,540 620,420 540,330 500,300"],
    "و": ["612,420 530,440 470,380 510,300 590,312 622,400 630,520 570,660 440,752 300,790"],
    "ي": [
        "700,330 590,290 510,340 540,430 630,490 640,580 540,650 380,642 280,560 262,450",
        "420,800",
        "540,806",
    ],
}


# These differ from a letter above by their dots alone.
_DOTTED = {
    "ذ": ("د", ["468,190"]),
    "ز": ("ر", ["556,220"]),
    "ش": ("س", ["700,230", "806,236", "752,160"]),
    "ض": ("ص", ["690,262"]),
    "ظ": ("ط", ["560,300"]),
    "غ": ("ع", ["530,100"]),
}
_HAND |= {letter: [*_HAND[body], *dots] for letter, (body, dots) in _DOTTED.items()}


def by_hand(letter: str) -> Strokes:
    """Return the strokes of a letter: paths [x0, y0, x1, y1, …] in 0 to 1000."""
    return [[round(n, 1) for n in smooth(control_path(p)).ravel()] for p in _HAND[letter]]


def form_by_hand(letter: str) -> Template:
    """Return a letter's body, with its dots still to be added around where this hand has them."""
    character = next(character for character in CHARACTERS if character.letter == letter)
    paths = [control_path(text) for text in _HAND[letter]]
    taps = [path.points[0] for path in paths if len(path.points) == 1]
    center = tuple(map(float, sum(taps) / len(taps))) if taps else None
    body = tuple(path for path in paths if len(path.points) > 1)
    return Template(character, "by hand", 1.0, body, len(taps), center)  # type: ignore[arg-type]


def letters() -> Sequence[str]:
    """Return the letters that this hand writes: all of them."""
    return tuple(_HAND)
