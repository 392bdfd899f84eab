"""A live worker as Pact's own verifier sees providers of messages: a server that says what a task returns.

Pact posts an interaction without what it expects: `{"description": ..., "request": {...}, "providerStates":
[...]}`. The reply's body is the result, or the fields of the declared error, whose name Pact reads from the
header `pact-message-metadata`.
"""

from __future__ import annotations

import json
from base64 import b64encode
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from taskcontract.errors import TaskContractError
from taskcontract.model.pact_interactions import read_interaction
from taskcontract.model.reading import Node
from taskcontract.verification.outcome import Reply
from taskcontract.verification.ticket import Ticket

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskcontract.model.contract import Interaction
    from taskcontract.verification.verifier import Verifier

__all__ = ["Answer", "answer_from", "serve_messages"]


class Answer(NamedTuple):
    """What a provider of messages says: the contents as JSON, and the error that was raised, if any."""

    contents: Any
    error: str | None = None


def answer_from(verifier: Verifier) -> Callable[[Interaction], Answer]:
    """Answer with what the worker of `verifier` makes of a call, in the states that it asks for."""

    def answer(interaction: Interaction) -> Answer:
        ticket = Ticket("pact", "provider", interaction)
        verifier.settle(ticket)
        if ticket.faults:
            raise TaskContractError(str(ticket.faults[0].what))
        reply = ticket.reply
        assert isinstance(reply, Reply)
        if reply.status == "SUCCESS":
            return Answer(reply.result)
        if not reply.declared:
            raise TaskContractError(f"the task raised {reply.error}")
        return Answer(reply.result, reply.declared[0])

    return answer


@contextmanager
def serve_messages(answer: Callable[[Interaction], Answer]) -> Iterator[int]:
    """Serve what `answer` says on a port of this machine, and give its number."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            posted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked = {"type": "Synchronous/Messages", "response": [], **posted}
            try:
                contents, error = answer(read_interaction(Node(asked, file="what Pact posted")))
            except TaskContractError as failure:
                self._reply(500, str(failure).encode())
                return
            metadata = {"contentType": "application/json"} | ({} if error is None else {"error": error})
            self._reply(200, json.dumps(contents).encode(), metadata)

        def _reply(self, status: int, body: bytes, metadata: dict[str, str] | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if metadata is not None:
                self.send_header("pact-message-metadata", b64encode(json.dumps(metadata).encode()).decode())
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its base's word
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
