"""Gradio's Blocks, but whoever sends what no component takes is told so in a sentence."""

import sys
from typing import Any, Final

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.queueing import Event, Queue
from gradio.server_messages import EventMessage
from gradio.state_holder import SessionState, StateHolder
from starlette.requests import Request

from .limits import address_of
from .refusal import Refusal

QUEUED_BYTES: Final = 48 * 2**20  # of calls that wait; in memory each takes a few times its length
UNREAD: Final = 200  # answers that are kept for whoever asked; each takes some 40 KB
LONGEST_NAME: Final = 64  # letters of a session's; Gradio's own have eleven
WAITING: Final = 32  # calls of one address that wait at a time: of a class, or half of the queue

_state_of = StateHolder.__getitem__


class Page(gr.Blocks):
    """Blocks that answer a request of a wrong form.

    Gradio itself would answer null and write a traceback, with paths, into the log.
    """

    async def preprocess_data(
        self,
        block_fn: BlockFunction,
        inputs: list[Any],
        state: SessionState | None,
        explicit_call: bool = False,
    ) -> list[Any]:
        """Let each component take its value.

        Raises:
            gr.Error: If there are too few, or one is not what its component takes.
        """
        if block_fn.fn is None:  # the browser alone does it
            raise _wrong_values()
        # What may be left out, as /gradio_api/info says, Gradio's own clients fill in.
        defaults = [getattr(block, "value", None) for block in block_fn.inputs[len(inputs) :]]
        if None not in defaults:
            inputs = [*inputs, *defaults]
        try:
            taken: list[Any] = await super().preprocess_data(block_fn, inputs, state, explicit_call)
            return taken
        except gr.Error:
            raise
        except Exception:  # whatever a stranger's values make Gradio stumble over
            raise _wrong_values() from None
        finally:
            if state is not None:
                _forget_values(block_fn, state)

    def queue(self, *settings: Any, **named: Any) -> Any:
        """Queue what is asked, as Gradio does, but keep no answers for those who never fetch them.

        Gradio keeps them for ever: 3,000 a minute of one stranger would take 130 MB. It also keeps
        the names of all sessions; and from the 2,000th on it drops the oldest, whether or not that
        one still waits, over which its queue stops for everybody.
        """
        super().queue(*settings, **named)
        StateHolder.__getitem__ = _state_of_short_name  # type: ignore[method-assign]
        self._queue.pending_messages_per_session.max_size = sys.maxsize
        _send_to_who_is_there(self._queue)
        _push_and_forget(self._queue)
        return self


def _state_of_short_name(holder: StateHolder, session: str) -> SessionState:
    """Return what is kept for a session; a name of 2 MB would be kept with it, 32 times."""
    if len(session) > LONGEST_NAME:
        raise ValueError("The session's name is too long.")
    return _state_of(holder, session)


def _send_to_who_is_there(queue: Queue) -> None:
    """Drop what has no place to wait for its reader: over it Gradio's queue would stop, for all."""
    send = queue.send_message

    def send_message(event: Event, event_message: EventMessage) -> None:
        if event.session_hash in queue.pending_messages_per_session:
            send(event, event_message)

    queue.send_message = send_message  # type: ignore[method-assign]


def _push_and_forget(queue: Queue) -> None:
    """Bound what the queue keeps, of those who wait and of those who have their answer."""
    push = queue.push
    waiting: dict[str, tuple[str, int]] = {}  # who asked what is not answered yet, and its bytes

    async def push_and_forget(body: Any, request: Request, username: str | None) -> Any:
        _forget_unread(queue)
        # Gradio names a call that has no session, but then looks for that of an empty name.
        body.session_hash = body.session_hash or None
        if len(body.session_hash or "") > LONGEST_NAME:
            return False, "The session's name is too long: take a shorter one.", "error"
        size = len(await request.body())
        for event in waiting.keys() - queue.event_ids_to_events.keys():
            del waiting[event]
        address = address_of(request.scope)
        is_full = sum(taken for _, taken in waiting.values()) + size > QUEUED_BYTES
        if is_full or [one for one, _ in waiting.values()].count(address) >= WAITING:
            return False, "Queue is full: try again in a moment.", "queue_full"
        is_in, event_id, state = await push(body, request, username)
        if is_in:
            waiting[str(event_id)] = address, size
        return is_in, event_id, state

    queue.push = push_and_forget  # type: ignore[method-assign]


def _wrong_values() -> Refusal:
    return Refusal(
        "These are not the values that this endpoint takes: /gradio_api/info names them."
    )


def _forget_values(block_fn: BlockFunction, state: SessionState) -> None:
    """Take away what Gradio remembers of a request's values, for links that are not made here.

    It keeps the last value of each component for each of the last sessions: of strangers' junk
    that was 33 times 50 MB.
    """
    for block in block_fn.inputs:
        if not block.stateful:
            state._update_value_in_config(block._id, None)


def _forget_unread(queue: Queue) -> None:
    """Drop answers that nobody has fetched once they are many, of those first who leave most.

    And forget the sessions that wait for nothing.
    """
    for session in [name for name, asked in queue.pending_event_ids_session.items() if not asked]:
        del queue.pending_event_ids_session[session]
        queue.pending_messages_per_session.pop(session, None)
    unread = {
        session: left
        for session, asked in queue.pending_event_ids_session.items()
        if (left := asked - queue.event_ids_to_events.keys())
    }
    count = sum(map(len, unread.values()))
    for session, left in sorted(unread.items(), key=lambda one: -len(one[1])):
        if count < UNREAD:
            return
        queue.pending_event_ids_session[session] -= left
        # Emptied and not taken away: answers that are still to come have their place.
        messages = queue.pending_messages_per_session.get(session)
        while messages and not messages.empty():
            messages.get_nowait()
        count -= len(left)
