"""No error about a broker or a result store has a password, however its URL is written."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from celery import Celery
from hypothesis import given
from hypothesis import strategies as st

from taskcontract.brokers.connections import connection_of, reaching
from taskcontract.cli.main import main
from taskcontract.errors import ConfigError, TaskContractError
from taskcontract.model.config import read_config
from taskcontract.servers import check_app, check_backend_url, check_broker_answers, check_broker_url
from taskcontract.urls import hide_in_text, hide_in_value, hide_password, spell_server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PARTS = ("hunter", "tango", "quebec")
"""A password is made of these; none of them may be seen."""

PASSWORDS = {
    "plain": "hunter",
    "slash": "hunter/tango",
    "digits and slash": "12/hunter",
    "hash": "hunter#tango",
    "question": "hunter?tango=quebec",
    "at": "hunter@tango@quebec",
    "colon": "hunter:tango",
    "semicolon": "hunter;tango",
    "percent": "hunter%2Ftango%zz",
    "brackets": "hunter[tango]",
    "spaces": "hunter tango\nquebec",
    "all": "hunter/tango#quebec?@:;",
}
FORMS = {
    "redis": "redis://:{}@127.0.0.1:1/0",
    "a user": "redis://me:{}@127.0.0.1:1/0",
    "amqp": "amqp://me:{}@127.0.0.1:1//",
    "several": "redis://:{0}@127.0.0.1:1/0;redis://:{0}@127.0.0.1:1/1",
    "a database that is none": "redis://:{}@127.0.0.1:1/none",
    "a port that is none": "amqp://me:{}@127.0.0.1:port//",
    "an unknown scheme": "nosuch://me:{}@127.0.0.1",
    "an upper scheme": "REDIS://:{}@127.0.0.1:1",
    "one slash": "redis:/me:{}@127.0.0.1:1",
    "embedded": "embedded://me:{}@127.0.0.1",
    "no scheme": "me:{}@127.0.0.1:1",
    "a prefix": "sqla+postgresql://me:{}@127.0.0.1:1/db",
}
URLS = [form.format(password) for form in FORMS.values() for password in PASSWORDS.values()]


def seen(text: str) -> list[str]:
    return [part for part in PARTS if part in text.lower()]


def said_by(ask: Callable[[], object]) -> str:
    """What is said and shown of a refusal; empty where there is none."""
    try:
        ask()
    except TaskContractError as error:
        shown = [error] if error.__suppress_context__ or error.__cause__ is None else [error, error.__cause__]
        return "".join(f"{each}\n{each!r}" for each in shown) + "".join(traceback.format_exception(error))
    return ""


@pytest.mark.parametrize("url", URLS)
def test_no_password_is_shown_of_a_url(url: str) -> None:
    shown = hide_password(url)
    assert seen(shown) == []
    assert "**" in shown
    assert "127.0.0.1" in shown or "?" in url
    assert hide_password(shown) == shown
    assert hide_password([url, url]) == f"{shown};{shown}"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
        ("redis://", "redis://"),
        ("redis://:6379/0?x=1", "redis://:6379/0?x=1"),
        ("db+sqlite:////srv/a@b/shop?key=hunter", "db+sqlite:////srv/a@b/shop?key=**"),
        ("redis://:hunter@h:1/0?x=1", "redis://:**@h:1/0?x=1"),
        ("redis://h:1/0?password=hunter@tango", "redis://**"),
        ("redis://:12?a=b@hunter", "redis://**"),
        ("redis://:12;redis://hunter@h", "redis://**;redis://**@h"),
        ("redis://:hunter@h;redis://i:1", "redis://:**@h;redis://i:1"),
        ("redis://:hunter@tango:quebec/0", "redis://:**@tango:**"),
        ("amqp://[::1]:5672//", "amqp://[::1]:5672//"),
        ("mongodb://a:1,b:2/db", "mongodb://a:1,b:2/db"),
        ("embedded:///srv/a@b:c/shop", "embedded:///srv/a@b:c/shop"),
        ("embedded", "embedded"),
        ("amqp://guest:x@h//;amqp://guest:y@i//", "amqp://guest:**@h//;amqp://guest:**@i//"),
        ("redis://token@h", "redis://**@h"),
        ("redis://:hunter/0", "redis://:**"),
        ("amqp://guest:hunter", "amqp://guest:**"),
        ("redis://h/0?db=1&password=hunter", "redis://h/0?db=1&password=**"),
        ("redis://h/0?password=hunter#tango&quebec", "redis://h/0?password=**"),
        (None, ""),
        (7, "<int>"),
        (b"redis://:hunter@h", "<bytes>"),
        ({"url": "redis://:hunter@h"}, "<dict>"),
        (("redis://:hunter@h",), "redis://:**@h"),
    ],
)
def test_the_rest_of_a_url_is_shown(url: object, shown: str) -> None:
    assert hide_password(url) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Port could not be cast to integer value as 'hunter'", "as '**'"),
        ("cannot resolve TANGO: no such name", "cannot resolve **:"),
        ("invalid literal for int() with base 10: 'x/y'", "'**/**'"),
        ("example", "example"),
    ],
)
def test_parts_of_a_password_are_hidden_in_what_a_library_says(text: str, shown: str) -> None:
    assert shown in hide_in_text(text, "redis://:hunter/tango#x@y@h")


@pytest.mark.parametrize("url", URLS)
def test_no_refusal_of_a_url_shows_its_password(url: str) -> None:
    app = Celery("asking", broker=url, backend=url, set_as_current=False)
    asked: list[Callable[[], object]] = [
        lambda: check_broker_url(url),
        lambda: check_backend_url(url),
        lambda: check_app(app),
        lambda: connection_of(app),
    ]
    assert [seen(said_by(ask)) for ask in asked] == [[]] * 4
    app.close()


@pytest.mark.process
@pytest.mark.parametrize("form", ["redis", "amqp", "several", "a database that is none", "one slash"])
@pytest.mark.parametrize("password", ["plain", "slash", "hash", "at"])
def test_no_broker_that_is_away_shows_its_password(form: str, password: str) -> None:
    url = FORMS[form].format(PASSWORDS[password])
    app = Celery("asking", broker=url, set_as_current=False)

    def reach() -> None:
        with reaching(app, "the broker"):
            pass

    assert seen(said_by(reach)) == []
    assert seen(said_by(lambda: check_broker_answers(url, seconds=0.2, do=""))) == []
    app.close()


@pytest.mark.parametrize("key", ["broker", "backend", "timeout", "pool", "accept", "call_styles"])
@pytest.mark.parametrize(
    "value",
    [
        '["redis://:hunter/tango@h"]',
        '{ a = "redis://:hunter@h", b = ["me:tango@h"] }',
        '"me:hunter#tango@h"',
        '{ host = "h", password = "hunter" }',
        '[{ password = "hunter" }, ["tango"]]',
    ],
)
def test_no_wrong_configuration_shows_a_password(tmp_path: Path, key: str, value: Any) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.taskcontract]\n{key} = {value}\n")
    if key in ("broker", "backend") and value.startswith('"'):
        assert getattr(read_config(tmp_path), key) == "me:hunter#tango@h"
        return
    with pytest.raises(ConfigError) as refused:
        read_config(tmp_path)
    assert seen(str(refused.value)) == []


@pytest.mark.process
@pytest.mark.parametrize(
    "url", ["redis://:hunter/tango@h", "nosuch://me:hunter@h", "embedded://me:hunter@h", "me:hunter#tango@h"]
)
@pytest.mark.parametrize(
    "command",
    ["quarantine list --broker", "quarantine list --broke", "quarantine", "inspect --timeout", ""],
)
def test_no_command_shows_a_password(command: str, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([*command.split(), url])
    said = "".join(capsys.readouterr())
    assert said
    assert seen(said) == []


IN_QUERIES = ("redis://h:1/0?password={}", "redis://:x@h/0?db=1&password={}", "amqp://h//?auth_token={}&a=b")


@given(
    form=st.sampled_from((*FORMS.values(), *IN_QUERIES)), password=st.text(min_size=1), quotes=st.booleans()
)
def test_no_text_at_all_is_shown_as_a_password(form: str, password: str, quotes: bool) -> None:
    written = quote(password, safe="", errors="replace") if quotes else password
    url = form.format(written)
    shown = [hide_password(url), str(hide_in_value({"broker": [url]}))]
    trivial = form.format("**") + str({"broker": [form.format("**")]})
    assert [text for text in shown if written in text and written not in trivial] == []


@pytest.mark.parametrize("url", ["redis://:12#hunter@127.0.0.1:1", "redis://me:12/hunter@127.0.0.1:1"])
def test_a_part_of_a_password_that_kombu_takes_for_a_port_is_hidden(url: str) -> None:
    app = Celery("asking", broker=url, set_as_current=False)
    connection = connection_of(app)
    assert connection.port == 12
    assert spell_server(connection).endswith(":**@127.0.0.1:1")
    app.close()
