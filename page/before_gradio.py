"""What must be set before Gradio is imported; importing this sets it."""

import atexit
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Final

_MODULE: Final = "gradio.component_meta"
_WRITER: Final = "create_or_modify_pyi"


class _Finder(MetaPathFinder):
    """Finds the module that writes stubs for editors, which is then loaded without its writer.

    Whenever a component is defined, Gradio parses its source anew and writes beside it what an
    editor would like to know. Importing it took 3.8 s of processor time; without, 2.2.
    """

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name == _MODULE else None
        if spec and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        setattr(module, _WRITER, lambda *_: None)


def _temporary_folder() -> str:
    try:
        return tempfile.gettempdir()
    except OSError:  # no folder may be written to: make_folder (uploads.py) says what to do
        return os.path.join(os.sep, "tmp")


def _check_port(name: str = "GRADIO_SERVER_PORT") -> None:
    """Let Gradio see a port or none: it would stumble over anything else while it is imported.

    Raises:
        SystemExit: If it is no port.
    """
    port = os.environ.get(name)
    if not port:
        os.environ.pop(name, None)
        return
    try:
        is_port = 1 <= int(port) <= 65535
    except ValueError:
        is_port = False
    if not is_port:
        sys.exit(f"{port!r} is no port: give {name} a whole number from 1 to 65535.")


def _check_root_path(name: str = "GRADIO_ROOT_PATH") -> None:
    """Take a path or an address: below anything else Gradio would refuse every visitor.

    Raises:
        SystemExit: If it is neither.
    """
    root = os.environ.get(name, "")
    if root and not root.startswith(("/", "http://", "https://")):
        sys.exit(f"{root!r} is no path: give {name} one that begins with /, or a whole address.")


_check_port()
_check_root_path()
# Without it every start of the app looks up a foreign host.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
# An MCP tool's call would be told to the Hub.
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
# For a monitor that is closed here Gradio would note 10,000 events, and sum them all up anew
# with each one.
os.environ |= {"GRADIO_ANALYTICS_MAX_EVENTS": "1", "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**9)}
# Uploads lie in a folder of this process alone, so that all that is old in there may be deleted;
# its name cannot be foreseen, so that nobody has put a link to another folder there.
UPLOADS: Final = (
    Path(os.environ.get("GRADIO_TEMP_DIR") or _temporary_folder())
    / f"harf-{os.getpid()}-{secrets.token_hex(8)}"
)
os.environ["GRADIO_TEMP_DIR"] = str(UPLOADS)
atexit.register(shutil.rmtree, UPLOADS, ignore_errors=True)
sys.meta_path.insert(0, _Finder())
