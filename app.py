"""Harf: draw one Arabic letter, or upload a picture of it, and read which it is."""

import os
import signal
import sys
from concurrent.futures import Future
from contextlib import ExitStack

from page import State, Status, build_demo, launch, open_keeper
from recognizer import ModelError, Recognizer, RecognizerError
from recognizer.ink import use_one_thread
from recognizer.model import BUNDLED, CHOICE, Model, do_without_onednn, for_good


def main() -> None:
    """Serve the page until it is stopped, and load the model beside it.

    The page answers after 3 s; TensorFlow would keep it waiting for as long again.
    """
    # Nothing is plotted here; where it is installed, Keras would import it for half a second,
    # and Gradio ask it at every call.
    sys.modules["matplotlib"] = None  # type: ignore[assignment]
    use_one_thread()
    do_without_onednn()
    # What is not sent yet is sent before the end. Left alone, Gradio would wait 5 s after Ctrl+C
    # for windows that are open.
    for end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(end, lambda *_: sys.exit())
    model: Future[Model] = Future()
    with ExitStack() as at_the_end:
        keeper = open_keeper(os.environ)
        if keeper:
            at_the_end.callback(keeper.leave)
        demo, status = build_demo(Recognizer(model), keeper), Status("loading")
        # Before the threads end that answer: what is asked from now on is not begun any more.
        at_the_end.callback(demo.close, verbose=False)
        at_the_end.callback(be_deaf)
        launch(demo, status)
        try:
            with for_good():
                recognizer, status.state = load()
        except RecognizerError as error:
            model.set_exception(error)  # whoever waits for an answer
            sys.exit(str(error))
        model.set_result(recognizer.model)
        demo.block_thread()


def be_deaf() -> None:
    """End in peace: told once more to end, the page would leave letters behind."""
    for end in (signal.SIGINT, signal.SIGTERM):
        signal.signal(end, signal.SIG_IGN)


def load() -> tuple[Recognizer, State]:
    """Load the model that HARF_MODEL names; if that fails, the one that comes with Harf.

    Returns:
        Who answers, and what the page says of it.

    Raises:
        ModelError: If not even the model that comes with Harf is sound.
    """
    try:
        return Recognizer.load(), "ready"
    except ModelError as error:
        if not os.environ.get(CHOICE):
            raise
        print(error, file=sys.stderr)
    return Recognizer.load(BUNDLED), "substitute"


if __name__ == "__main__":
    main()
