"""Whatever text a password is, and however its URL is wrong: nothing that is printed has a part of it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

import click
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from kombu import Connection

from taskcontract.cli.command import argument, command
from taskcontract.errors import ConfigError, TaskContractError
from taskcontract.model.config_values import read_value
from taskcontract.model.keys import KEYS
from taskcontract.servers import check_broker_url
from taskcontract.urls import hide_password, spell_server

PARTS = ("hunter", "tango", "48151")
"""A password is made of these and of any other text; one of them reads as a port."""

OTHER = st.text(st.sampled_from("/#?@:;,%&=[]+. \n'\"\\a1"), max_size=3) | st.text(max_size=3)
FORMS = (
    "redis://:{}@127.0.0.1:1/0",
    "redis://me:{}@127.0.0.1:1/0",
    "redis://{}@127.0.0.1",
    "rediss://:{}@127.0.0.1:1/0?ssl_cert_reqs=none",
    "amqp://me:{}@127.0.0.1:1//",
    "amqp://me:{}@127.0.0.1:port//",
    "nosuch://me:{}@[::1",
    "memory+redis://me:{}@127.0.0.1",
    "sentinel://:{0}@127.0.0.1:1;sentinel://:{0}@127.0.0.1:2",
    "redis:/me:{}@127.0.0.1:1",
    "me:{}@127.0.0.1:1",
    "embedded://me:{}@127.0.0.1",
    "redis://127.0.0.1:1/0?password={}",
    "redis://127.0.0.1:1/0?db=1&password={}&x=1",
)


@st.composite
def passwords(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.sampled_from(PARTS) | OTHER, min_size=1, max_size=5))
    password = "".join(parts)
    # One that has a whole URL in it reads as a list of URLs.
    assume(any(part in password for part in PARTS) and not re.search(r"[;,]\s*[A-Za-z][\w+.-]*://", password))
    return quote(password, safe="") if draw(st.booleans()) else password


def write(form: str, password: str) -> str:
    """The URL; what has a colon and stands alone is a user and a password."""
    return form.format(password.replace(":", "") if form.startswith("redis://{}@") else password)


URLS = st.builds(write, st.sampled_from(FORMS), passwords())


def seen(text: str) -> list[str]:
    return [part for part in PARTS if part in text]


@settings(deadline=None)  # the first of them imports a transport's library
@given(URLS)
@example("redis://:48151#hunter@127.0.0.1")
@example("redis://127.0.0.1:1/0?password=hunter@tango")
@example("redis://hunter:@127.0.0.1")
def test_no_url_is_printed_with_a_part_of_its_password(url: str) -> None:
    shown = hide_password(url)
    assert seen(shown) == []
    assert hide_password(shown) == shown
    assert seen(hide_password([url, url]) + hide_password(f"{url};{url}")) == []


@pytest.mark.slow
@settings(deadline=None)  # the first of them imports a transport's library
@given(URLS)
@example("redis://:48151#hunter@127.0.0.1")
@example("redis://me:48151/hunter@127.0.0.1")
def test_no_connection_is_named_with_a_part_of_its_password(url: str) -> None:
    try:
        connection: Any = Connection(url)
    except Exception:  # whatever reading a malformed URL raises
        assume(False)
    assert seen(spell_server(connection, url)) == []


@settings(deadline=None)  # the first of them imports a transport's library
@given(URLS)
def test_no_refusal_of_a_broker_has_a_part_of_its_password(url: str) -> None:
    try:
        check_broker_url(url)
    except TaskContractError as error:
        assert seen(str(error)) == []  # noqa: PT017 - most URLs are taken


@settings(deadline=None)  # the first of them imports a transport's library
@given(URLS)
def test_no_refusal_of_arguments_has_a_part_of_a_password(url: str) -> None:
    @command("inspect", "")
    @argument("action", type=click.Choice(["list"]))
    def inspect(action: str) -> int:
        return len(action)

    for arguments in (
        [url],
        ["list", url],
        ["list", url, url],
        ["list", f"--broke={url}"],
        ["list", "--broke", url],
        ["list", f"-b={url}"],
        ["list", f"-b{url}"],
    ):
        with pytest.raises(ConfigError) as refused:
            inspect.make_context("inspect", arguments)
        assert seen(str(refused.value)) == []


@settings(deadline=None)  # the first of them imports a transport's library
@given(URLS, st.sampled_from(["broker", "backend", "timeout", "pool", "call_styles", "bindings", "accept"]))
def test_no_refusal_of_a_configured_value_has_a_part_of_a_password(url: str, key: str) -> None:
    for value in ([[url]], {"a": url}, {url: 1}, [{url: 1}], url if key in ("timeout", "pool") else 5):
        with pytest.raises(ConfigError) as refused:
            read_value(KEYS[key], value, where="pyproject.toml")
        assert seen(str(refused.value)) == []
