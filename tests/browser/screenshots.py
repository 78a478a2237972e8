"""Pictures of the page.

``python -m tests.browser.screenshots`` makes the README's; with a folder it also
leaves there every view by day and night, in both languages, wide and on a phone.
"""

import sys
from io import BytesIO
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect

from page.assets import PAGE
from recognizer import CHARACTERS, LETTERS
from tests.browser.visitor import PHONE, WIDE, Visitor, chromium
from tests.hand import by_hand
from tests.page_server import running_page

README_PICTURE = PAGE / "screenshot.png"
VIEWS = ("draw", "upload", "practise")
SIZES = {"wide": WIDE, "phone": PHONE}


def shoot(browser: Browser, view: str, size: str, scheme: str, language: str) -> Image.Image:
    """Return a picture of a view with an answer in it."""
    me = Visitor(
        browser,
        running_page().url,
        view=view,
        viewport=SIZES[size],
        color_scheme=scheme,
        locale=language,
        reduced_motion="reduce",
    )
    letter = "ج" if language == "ar" else "ب"
    if view == "draw":
        me.draw(by_hand(letter))
        expect(me.letter).to_have_text(letter)
    elif view == "upload":
        me.find(".examples button").nth(2).click()
        expect(me.letter).to_have_text("س")
    else:
        practise(me, "theh")
    me.page.evaluate("document.fonts.ready")
    picture = Image.open(BytesIO(me.page.screenshot())).convert("RGB")
    me.close()
    return picture


def practise(me: Visitor, name: str) -> None:
    """Write two letters, then forget the last dot of a third."""
    index = [character.name for character in CHARACTERS].index(name)
    for i in (index - 2, index - 1, index):
        me.find(".cells button").nth(i).click()
        strokes = by_hand(LETTERS[i])
        me.draw(strokes[:-1] if i == index else strokes)
        me.find(".go").click()
        expect(me.find(".told")).not_to_be_empty()


def readme_picture(browser: Browser) -> Image.Image:
    """A desk by day and, before it, a phone by night, in the other language."""
    desk = shoot(browser, "draw", "wide", "light", "en")
    phone = shoot(browser, "draw", "phone", "dark", "ar")
    height = desk.height
    phone = phone.resize(
        (round(phone.width * height / phone.height), height), Image.Resampling.LANCZOS
    )
    both = Image.new("RGB", (desk.width + 24 + phone.width, height), "white")
    both.paste(desk, (0, 0))
    both.paste(phone, (desk.width + 24, 0))
    return both.quantize(128, dither=Image.Dither.NONE)


def main() -> None:
    """Make the pictures."""
    with chromium() as browser:
        readme_picture(browser).save(README_PICTURE, optimize=True)
        for folder in map(Path, sys.argv[1:]):
            folder.mkdir(parents=True, exist_ok=True)
            for names in product(VIEWS, SIZES, ("light", "dark"), ("en", "ar")):
                shoot(browser, *names).save(folder / f"{'-'.join(names)}.png")


if __name__ == "__main__":
    main()
