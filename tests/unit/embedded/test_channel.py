"""What AMQP's verbs do on this channel: through two connections, as two programs would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from kombu import Consumer, Exchange, Queue
from kombu.exceptions import ChannelError

from tests.support.messages import drain, publish, receive

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kombu.message import Message

    Connect = Callable[..., Any]


DIRECT, TOPIC, FANOUT = (Exchange(f"test.{kind}", kind) for kind in ("direct", "topic", "fanout"))


@pytest.mark.parametrize(
    ("exchange", "bound_with", "sent_with", "arrives"),
    [
        (DIRECT, "a", "a", True),
        (DIRECT, "a", "b", False),
        (TOPIC, "stock.*.nyse", "stock.usd.nyse", True),
        (TOPIC, "stock.*.nyse", "stock.usd.db", False),
        (TOPIC, "stock.#", "stock.usd.db", True),
        (FANOUT, "", "whatever", True),
    ],
)
def test_exchanges_route(
    connect: Connect, exchange: Exchange, bound_with: str, sent_with: str, arrives: bool
) -> None:
    queue = Queue("q", exchange, bound_with)
    queue(connect().channel()).declare()
    publish(connect(), queue, {"n": 1}, routing_key=sent_with)
    assert receive(connect(), queue) == ([{"n": 1}] if arrives else [])


def test_a_fanout_reaches_every_queue_that_still_exists(connect: Connect) -> None:
    queues = [Queue(f"q{number}", FANOUT) for number in range(3)]
    for queue in queues:
        queue(connect().channel()).declare()
    queues[0](connect().channel()).delete()
    publish(connect(), queues[1], "all")
    assert [receive(connect(), queue) for queue in queues[1:]] == [["all"], ["all"]]
    assert connect().channel().queue_declare("q1", passive=True).message_count == 0


@pytest.mark.parametrize(
    ("body", "options"),
    [
        ({"text": "ü", "list": [1, None]}, {}),
        ({1, 2}, {"serializer": "pickle"}),
        ({"text": "x" * 5000}, {"compression": "zlib"}),
        ("", {}),
    ],
)
def test_bodies_arrive_as_they_were_sent(connect: Connect, body: Any, options: dict[str, Any]) -> None:
    publish(connect(), Queue("q"), body, **options)
    assert receive(connect(), Queue("q")) == [body]


def test_messages_keep_their_order_and_their_priority(connect: Connect) -> None:
    for number, priority in ((1, 0), (2, 9), (3, 0), (4, 9)):
        publish(connect(), Queue("q"), number, priority=priority)
    assert receive(connect(), Queue("q")) == [2, 4, 1, 3]


def test_each_message_goes_to_one_of_two_consumers(connect: Connect) -> None:
    publish(connect(), Queue("q"), *range(20))
    one, other = connect(), connect()
    first = [message.payload for _ in range(7) if (message := one.channel().basic_get("q", no_ack=True))]
    assert sorted(first + receive(other, Queue("q"))) == list(range(20))


def test_prefetch_is_honoured(connect: Connect) -> None:
    publish(connect(), Queue("q"), *range(5))
    connection = connect()
    held: list[Message] = []
    with Consumer(
        connection.channel(),
        [Queue("q")],
        callbacks=[lambda _, message: held.append(message)],
        prefetch_count=2,
    ):
        for expected in (2, 3):
            drain(connection)
            assert len(held) == expected
            held[-1].ack()


@pytest.mark.parametrize(
    ("settle", "left"),
    [
        (lambda message: message.ack(), []),
        (lambda message: message.reject(), []),
        (lambda message: message.requeue(), [True]),
        (lambda _: None, [True]),
    ],
    ids=["ack", "reject", "requeue", "closed without an answer"],
)
def test_what_was_not_settled_comes_again(
    connect: Connect, settle: Callable[[Message], None], left: list[bool]
) -> None:
    publish(connect(), Queue("q"), "one")
    connection = connect()
    message = Queue("q")(connection.channel()).get()
    assert message is not None
    assert message.delivery_info["redelivered"] is False
    settle(message)
    connection.release()
    again = Queue("q")(connect().channel()).get(no_ack=True)
    assert ([again.delivery_info["redelivered"]] if again else []) == left
    assert Queue("q")(connect().channel()).get() is None


def test_an_answer_after_the_connection_closed_is_harmless(connect: Connect) -> None:
    publish(connect(), Queue("q"), "one")
    connection = connect()
    message = Queue("q")(connection.channel()).get()
    assert message is not None
    channel: Any = message.channel
    connection.release()
    channel.basic_ack(message.delivery_tag)
    assert receive(connect(), Queue("q")) == ["one"]


def test_messages_without_acknowledgement_are_gone_when_taken(connect: Connect, folder: Path) -> None:
    publish(connect(), Queue("q"), "one")
    connection = connect()
    seen: list[Any] = []
    with Consumer(
        connection.channel(), [Queue("q")], callbacks=[lambda body, _: seen.append(body)], no_ack=True
    ):
        connection.drain_events(timeout=1)
    assert seen == ["one"]
    assert list((folder / "claims").rglob("*.0")) == []


@pytest.mark.parametrize("name", ["a b", "a/b", "../up", "ü" * 300, "Case", "q\0", "."])
def test_any_queue_name_will_do(connect: Connect, folder: Path, name: str) -> None:
    publish(connect(), Queue(name), name)
    assert receive(connect(), Queue(name)) == [name]
    assert {path.name for path in folder.parent.iterdir()} == {folder.name}


def test_queues_are_counted_purged_and_deleted(connect: Connect) -> None:
    publish(connect(), Queue("q"), *range(3))
    channel = connect().channel()
    assert channel.queue_declare("q", passive=True).message_count == 3
    assert channel.queue_delete("q", if_empty=True) == 0
    assert channel.queue_purge("q") == 3
    assert channel.queue_delete("q") == 0
    with pytest.raises(ChannelError, match="NOT_FOUND"):
        channel.queue_declare("q", passive=True)


def test_a_binding_can_be_undone(connect: Connect) -> None:
    queue = Queue("q", DIRECT, "a")
    queue(connect().channel()).declare()
    assert ("q", "test.direct", "a") in set(connect().channel().list_bindings())
    queue(connect().channel()).unbind_from(DIRECT, "a")
    assert set(connect().channel().list_bindings()) == set()


@pytest.mark.parametrize(
    ("kind", "passive", "complaint"),
    [("topic", False, "is direct, not topic"), ("direct", False, None), ("topic", True, None)],
)
def test_an_exchange_has_one_type(connect: Connect, kind: str, passive: bool, complaint: str | None) -> None:
    connect().channel().exchange_declare("e", "direct")
    channel = connect().channel()
    if complaint:
        with pytest.raises(ChannelError, match=complaint):
            channel.exchange_declare("e", kind, passive=passive)
    else:
        channel.exchange_declare("e", kind, passive=passive)
    assert channel.typeof("e").type == "direct"


def test_an_exchange_that_was_deleted_is_not_found(connect: Connect) -> None:
    channel = connect().channel()
    channel.exchange_declare("e", "topic")
    channel.exchange_delete("e")
    with pytest.raises(ChannelError, match="NOT_FOUND"):
        channel.exchange_declare("e", passive=True)


@pytest.mark.parametrize(
    ("options", "stays"),
    [({}, True), ({"exclusive": True}, False), ({"expires": 10.0}, True), ({"auto_delete": True}, True)],
)
def test_an_exclusive_queue_goes_with_its_channel(
    connect: Connect, options: dict[str, Any], stays: bool
) -> None:
    connection = connect()
    Queue("q", FANOUT, **options)(connection.channel()).declare()
    connection.release()
    assert connect().channel()._has_queue("q") is stays
    assert bool(connect().channel().get_table("test.fanout")) is stays


def test_a_file_that_is_no_message_is_put_out_of_the_way(
    connect: Connect, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publish(connect(), Queue("q"), "one")
    for name, content in (("0-not-json.0", "{"), ("0-not-a-message.0", "[1]")):
        (folder / "queues" / "q" / name).write_text(content)
    assert receive(connect(), Queue("q")) == ["one"]
    assert {path.name for path in (folder / "broken").iterdir()} == {"0-not-json.0", "0-not-a-message.0"}
    assert "not a message" in caplog.text


@pytest.mark.parametrize(
    "fields",
    [
        '"body": "abcde", "headers": {}, "properties": {"body_encoding": "base64", "delivery_info": {}}',
        '"body": "", "headers": ["a"], "properties": {"delivery_info": {}}',
        '"body": 5, "headers": "a", "properties": {"delivery_info": {}}',
    ],
)
def test_a_message_of_any_form_is_delivered(folder: Path, connect: Connect, fields: str) -> None:
    queue = Queue("q", durable=True)
    channel = connect().channel()
    queue(channel).declare()
    (folder / "queues" / "q" / "0-1-1.0").write_text(f"{{{fields}}}")
    message = channel.basic_get("q")
    assert message is not None
    assert b'"delivery_tag"' in message.body, "the whole of it"
    message.ack()
    assert channel.basic_get("q") is None
