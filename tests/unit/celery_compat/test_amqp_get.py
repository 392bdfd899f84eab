"""Many messages are taken of RabbitMQ at once, or one by one where its client lacks what that needs."""

from __future__ import annotations

from typing import Any

import pytest
from amqp import Channel, Message, spec
from amqp.exceptions import NotFound

from taskcontract.celery_compat.amqp_get import get_many


class Answering:
    """The parts of a channel that stand between us and a server with the messages `waiting`."""

    def __init__(self, waiting: list[str] | None) -> None:
        self.waiting = waiting
        self.asked: list[Any] = []

    def send_method(self, method: Any, form: str, arguments: Any) -> None:
        assert (method, form, arguments) == (spec.Basic.Get, "Bsb", (0, "q", False))
        self.asked.append(self._answer())

    def wait(self, methods: Any, *, returns_tuple: bool) -> Any:
        assert (methods, returns_tuple) == ([spec.Basic.GetOk, spec.Basic.GetEmpty], True)
        answer = self.asked.pop(0)
        if answer is None:
            raise NotFound
        return answer

    def _answer(self) -> Any:
        if self.waiting is None:
            return None
        if not self.waiting:
            return ("",)
        text = self.waiting.pop(0)
        return (len(text), False, "", "q", len(self.waiting), Message(text))

    def message_to_python(self, message: Any) -> str:
        assert message.delivery_info["routing_key"] == "q"
        return str(message.body)


class Together(Answering):
    _on_get_ok = vars(Channel)["_on_get_ok"]


class OneByOne(Answering):
    def basic_get(self, queue: str, no_ack: bool) -> Any:
        assert (queue, no_ack) == ("q", False)
        answer = self._answer()
        if answer is None:
            raise NotFound
        return vars(Channel)["_on_get_ok"](self, *answer) if len(answer) > 1 else None


@pytest.mark.parametrize("channel", [Together, OneByOne])
def test_messages_are_taken_until_there_are_no_more(channel: Any) -> None:
    texts = [f"m{number}" for number in range(450)]
    assert get_many(channel(list(texts)), "q", 1000) == texts
    assert get_many(channel(list(texts)), "q", 3) == texts[:3]
    assert get_many(channel([]), "q", 3) == []
    assert get_many(channel(None), "q", 3) == [], "no queue"


def test_the_client_has_what_is_needed() -> None:
    assert callable(vars(Channel)["_on_get_ok"])
    assert "returns_tuple" in Channel.wait.__code__.co_varnames
