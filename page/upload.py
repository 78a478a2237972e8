"""SafeImage: a place for a picture from a stranger.

The page sends the picture inside its request, so nothing of it touches the disk;
callers of the API upload a file first, as with any Gradio app. Neither may name
a file of the server or have it fetch an address.
"""

import base64
import binascii
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder

from . import assets
from .part import Part, whole_number
from .refusal import Refusal

MAX_BYTES = 10 * 2**20  # of an uploaded file
PICTURES_AT_A_TIME = 1  # a large one takes up to 170 MB while it is decoded
SMALL_BYTES = 2**20  # the page makes a larger picture smaller before it sends it


@dataclass(frozen=True)
class Upload:
    """A picture file that somebody sent. Nothing but its size has been checked.

    Attributes:
        data: The bytes of the file.
        turn: Which picture it is; the answer carries it back.
    """

    data: bytes
    turn: int = 0


class SafeImage(Part):
    """A picture that is dropped, pasted, chosen or taken as an example."""

    def __init__(self, **settings: Any) -> None:
        """Make an empty place; settings are those of gr.HTML."""
        pictures = [f"{assets.URL}/examples/{name}" for name in assets.examples()]
        super().__init__("picture", examples=pictures, small_bytes=SMALL_BYTES, **settings)

    def preprocess(self, payload: Any) -> Upload | None:  # type: ignore[override]
        """Take the file's bytes out of what the page or a client sent.

        Raises:
            gr.Error: If it is neither an uploaded file nor a picture as data URL.
        """
        if payload is None:
            return None
        if isinstance(payload, str) and payload.startswith("data:"):
            payload = {"url": payload}
        if not isinstance(payload, dict):
            raise Refusal("Send the picture as an uploaded file or as a data URL.")
        # Gradio remembers the last value of every session: taken out, it is forgotten.
        url, path = payload.pop("url", None), payload.get("path")
        if isinstance(url, str) and url.startswith("data:"):
            data = _from_data_url(url)
        else:
            data = _from_upload(path)
        return Upload(data, whole_number(payload, "turn") or 0)

    def api_info(self) -> dict[str, Any]:
        """Describe the value: an uploaded file, as every client sends it, or a data URL.

        Not as Gradio's own FileData: its MCP server would ask for an address, which is
        never fetched, and keep each data URL as a file until it stops.
        """
        data_url = {"type": "string", "description": "data:image/png;base64,…"}
        upload = {
            "type": "object",
            "properties": {"path": {"type": "string", "description": "of an uploaded file"}},
        }
        return {"anyOf": [upload, data_url]}

    def example_payload(self) -> Any:
        """Return one of the example pictures."""
        data = base64.b64encode((assets.EXAMPLES / "4-screen.png").read_bytes()).decode("ascii")
        return f"data:image/png;base64,{data}"


def _from_data_url(url: str) -> bytes:
    header, _, body = url.partition(",")
    if not header.endswith(";base64"):
        raise Refusal("A data URL must be base64: data:image/png;base64,…")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        raise Refusal("The data URL is not valid base64.") from None


def _from_upload(path: Any) -> bytes:
    """Read an uploaded file; any other file of the server is none of the caller's business."""
    try:
        file = Path(path).resolve()
        if not file.is_relative_to(Path(get_upload_folder()).resolve()):
            raise FileNotFoundError
        data = file.read_bytes() if file.stat().st_size <= MAX_BYTES else None
    except (OSError, TypeError, ValueError):
        raise Refusal("Upload the picture first, or send it as a data URL.") from None
    if data is None:
        raise Refusal(f"The file is too large: send at most {MAX_BYTES // 2**20} MB.")
    return data
