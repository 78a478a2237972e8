"""What many tests share."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser

from tests.hub_server import Hub

# The same examples in every run; `pytest --hypothesis-profile=default` looks for new ones.
settings.register_profile("same", derandomize=True, deadline=None)
settings.load_profile("same")

# The Hub's client reads these when it is imported, Gradio imports it too, and no
# test may ever reach the real Hub.
_HUB = Hub()
os.environ |= {
    "HF_ENDPOINT": _HUB.url,
    "HF_HOME": tempfile.mkdtemp(prefix="harf-hub-"),
    "HF_HUB_DISABLE_XET": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}
for _name in ("HF_TOKEN", "HF_HUB_CACHE", "HF_HUB_OFFLINE", "HF_TOKEN_PATH", "HARF_MODEL"):
    os.environ.pop(_name, None)
for _name in ("HARF_FEEDBACK_DIR", "HARF_FEEDBACK_REPO"):
    os.environ.pop(_name, None)

from recognizer import Recognizer  # noqa: E402
from tests.page_server import running_page  # noqa: E402
from tests.strangers import Stranger  # noqa: E402


@pytest.fixture(scope="session")
def recognizer() -> Recognizer:
    """The recognizer with the model that ships: loading it takes seconds."""
    return Recognizer.load()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all: only one driver can run at a time."""
    from tests.browser.visitor import chromium

    with chromium() as browser:
        yield browser


@pytest.fixture
def stranger() -> Stranger:
    """Somebody who talks to the page over plain HTTP."""
    return Stranger(running_page())


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    """An empty Hub, and an empty cache of what was fetched from it."""
    from huggingface_hub import constants
    from huggingface_hub.utils import close_session

    _HUB.reset()
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    yield _HUB
    _HUB.reset()  # a page that is started next shall find it in order
    close_session()
