"""Where the files lie that Harf comes with."""

from pathlib import Path

_HERE = Path(__file__).parent

# Inside this package where pip has installed it, beside it in a clone.
ASSETS = _HERE / "assets" if (_HERE / "assets").is_dir() else _HERE.parent / "assets"
