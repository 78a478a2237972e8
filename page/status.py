"""What the page says of its model: still loading, ready, or not the one that was chosen."""

from typing import Final, Literal, TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

State: TypeAlias = Literal["loading", "ready", "substitute"]

PATH: Final = "/page/status"  # notice.js asks beside the folder that it came from


class Status:
    """How the model stands; the app sets it, open windows ask for it.

    Attributes:
        state: "substitute" when another model answers than the one that was chosen.
    """

    def __init__(self, state: State = "ready") -> None:
        """Start as ready, unless told otherwise."""
        self.state: State = state

    def route(self) -> Route:
        """Return the route under which windows ask."""

        async def tell(request: Request) -> Response:
            return JSONResponse({"state": self.state}, headers={"Cache-Control": "no-store"})

        return Route(PATH, tell)
