"""Brokers as servers of an AsyncAPI document."""

from __future__ import annotations

import json
from typing import Any

import pytest

from taskcontract.errors import ConfigError
from taskcontract.export.asyncapi import write_asyncapi
from taskcontract.export.servers import write_servers
from taskcontract.model.service import ServiceSpec
from tests.support.asyncapi import find_faults


@pytest.mark.parametrize(
    ("url", "name", "server"),
    [
        (
            "amqp://rabbitmq.example.com:5672/shop",
            "amqp.rabbitmq.example.com.5672",
            {"host": "rabbitmq.example.com:5672", "protocol": "amqp", "pathname": "/shop"},
        ),
        ("rediss://cache/", "rediss.cache", {"host": "cache", "protocol": "rediss"}),
        (
            "redis://[::1]:6379/0",
            "redis.--3a---3a-1.6379",
            {"host": "[::1]:6379", "protocol": "redis", "pathname": "/0"},
        ),
    ],
)
def test_a_url_says_where_a_server_is(url: str, name: str, server: dict[str, Any]) -> None:
    assert write_servers([url]) == {name: server}


@pytest.mark.parametrize(
    "url",
    [
        "amqp://guest:hush@rabbitmq/?password=hush",
        "redis://:hush@rabbitmq/0?ssl_keyfile=hush",
        "amqp://hush@rabbitmq/#hush",
        "amqp://guest:hush@one/;amqp://guest:hush@rabbitmq/",
    ],
)
def test_a_password_is_left_out_and_that_one_is_needed_is_said(url: str) -> None:
    document = write_asyncapi(ServiceSpec("shop", "1.0.0"), (), [url])
    assert find_faults(document) == []
    assert "hush" not in json.dumps(document)
    assert "rabbitmq" in json.dumps(document["servers"])
    assert all(server["security"] for server in document["servers"].values())


@pytest.mark.parametrize(
    "url",
    [
        "",
        "rabbitmq",
        "memory://",
        "sqs://",
        "amqp://",
        "amqp://u:hush@",
        "amqp://h:port/",
        "redis://[::1/0",
        "amqp://a b/",
    ],
)
def test_what_names_no_host_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError, match="does not say where a server is") as refused:
        write_servers([url])
    assert "hush" not in str(refused.value)
