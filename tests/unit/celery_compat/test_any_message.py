"""A message of any form is one whose text is its body."""

from __future__ import annotations

import json
from typing import Any

import pytest
from kombu import Connection

from taskcontract.celery_compat.any_message import AnyMessage

PROPERTIES: dict[str, Any] = {"delivery_tag": "tag", "delivery_info": {"exchange": "", "routing_key": "q"}}


def read(payload: Any) -> Any:
    with Connection("memory://") as connection:
        return AnyMessage(payload, channel=connection.default_channel)


def test_kombus_own_is_read_as_ever() -> None:
    payload = {
        "body": "[]",
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": {"id": "one"},
        "properties": PROPERTIES,
    }
    message = read(payload)
    assert (message.payload, message.headers, message.delivery_tag) == ([], {"id": "one"}, "tag")


@pytest.mark.parametrize(
    "odd", [{"headers": [1]}, {"properties": {**PROPERTIES, "body_encoding": [7]}, "body": "x"}]
)
def test_another_one_has_its_text_as_its_body(odd: dict[str, Any]) -> None:
    payload = {"properties": PROPERTIES, **odd}
    message = read(payload)
    assert message.delivery_tag == "tag"
    assert json.loads(message.body) == payload
    assert message.content_type == "application/octet-stream"
