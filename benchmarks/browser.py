"""From pen-up to the answer in the real browser, drawn with the real page's events."""

from tests.browser.visitor import Visitor, chromium
from tests.hand import by_hand, letters

# Notes when the pen lifts and when the panel has shown an answer.
_WATCH = """() => {
    window.lifted = 0; window.shown = 0; window.done = 0; window.open = 0;
    const pad = document.querySelector('#draw canvas.paper');
    pad.addEventListener('pointerup', () => (window.lifted = performance.now()), true);
    new MutationObserver(() => (window.shown = performance.now()))
        .observe(document.querySelector('#draw .guesses'), {childList: true});
    const ask = window.fetch;
    window.fetch = async (...what) => {
        window.open += 1;
        try { return await ask(...what); }
        finally { window.open -= 1; window.done = performance.now(); }
    };
}"""
# Nothing is under way any more.
_QUIET = """() => window.open === 0
    && performance.now() > 150 + Math.max(window.done, window.shown, window.lifted)"""


def pen_up_to_answer(url: str, count: int) -> list[float]:
    """Draw letters as one visitor, one after the other.

    Args:
        url: Of the page; its model is there.
        count: How many letters.

    Returns:
        Milliseconds from the last pen-up of each letter to its answer on the page.

    Raises:
        RuntimeError: If there was no answer.
    """
    waits = []
    with chromium() as browser:
        visitor = Visitor(browser, url)
        visitor.page.evaluate(_WATCH)
        for number in range(count):
            visitor.draw(by_hand(letters()[number % len(letters())]))
            visitor.page.wait_for_function(_QUIET, timeout=30_000)
            waits.append(visitor.page.evaluate("window.shown - window.lifted"))
            if waits[-1] < 0:
                raise RuntimeError("A letter was not answered after the pen was lifted.")
            visitor.find(".clear").click()
            visitor.page.wait_for_timeout(50)  # until its request is on its way
            visitor.page.wait_for_function(_QUIET, timeout=30_000)
        visitor.close()
    return waits
