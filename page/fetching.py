"""Nothing is fetched for a caller.

Wherever a value holds the frame of a file with an address in it, Gradio downloads
the address before the component has a say.
"""

from pathlib import Path

from gradio.blocks import Block
from gradio_client.utils import is_http_url_like  # type: ignore[import-untyped]

from .refusal import Refusal


class FetchesNothing(Block):
    """A component that leaves addresses where they are; mixed in before Gradio's own."""

    async def async_move_resource_to_block_cache(
        self, url_or_file_path: str | Path | None
    ) -> str | None:
        """Take an uploaded file over, and refuse an address.

        Raises:
            Refusal: If it is an address.
        """
        if url_or_file_path and is_http_url_like(str(url_or_file_path)):
            raise Refusal("No address is fetched: upload the file.")
        return await super().async_move_resource_to_block_cache(url_or_file_path)
