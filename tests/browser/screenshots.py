"""Pictures of the page, with the model that ships.

``python -m tests.browser.screenshots`` makes the README's and the preview that
messengers show; with a folder it also leaves there every view by day and night, in
both languages, wide and on a phone.
"""

import sys
from io import BytesIO
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, expect

from page.assets import PAGE
from page.head import PREVIEW
from recognizer import CHARACTERS, LETTERS
from tests.browser.visitor import PHONE, WIDE, Visitor, chromium
from tests.hand import by_hand
from tests.page_server import running_page

README_PICTURE = PAGE / "screenshot.png"
PREVIEW_PICTURE = PAGE / "preview.png"
SIZES = {
    "wide": WIDE,
    "phone": PHONE,
    "preview": ViewportSize(width=PREVIEW[0], height=PREVIEW[1]),
}


def shoot(browser: Browser, view: str, size: str, scheme: str, language: str) -> Image.Image:
    """Return a picture of a view, with an answer in it where it gives answers."""
    me = Visitor(
        browser,
        running_page().url,
        view=view,
        viewport=SIZES[size],
        color_scheme=scheme,
        locale=language,
        reduced_motion="reduce",
    )
    if view == "draw":
        letter = "ج" if language == "ar" else "ب"
        me.draw(by_hand(letter))
        expect(me.letter).to_have_text(letter)
    elif view == "upload":
        me.find(".examples button").nth(2).click()
        expect(me.letter).to_have_text("س")
    elif view == "practise":
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


def _views(browser: Browser) -> list[str]:
    me = Visitor(browser, running_page().url)
    views = me.views()
    me.close()
    return views


def main() -> None:
    """Make the pictures."""
    with chromium() as browser:
        readme_picture(browser).save(README_PICTURE, optimize=True)
        preview = shoot(browser, "draw", "preview", "light", "en")
        preview.quantize(128, dither=Image.Dither.NONE).save(PREVIEW_PICTURE, optimize=True)
        for folder in map(Path, sys.argv[1:]):
            folder.mkdir(parents=True, exist_ok=True)
            kinds = product(_views(browser), ("wide", "phone"), ("light", "dark"), ("en", "ar"))
            for names in kinds:
                shoot(browser, *names).save(folder / f"{'-'.join(names)}.png")


if __name__ == "__main__":
    main()
