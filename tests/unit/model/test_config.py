"""What `[tool.taskcontract]` may say, and what it answers to a mistake."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from taskcontract.errors import ConfigError
from taskcontract.model.acceptance import Acceptance
from taskcontract.model.config import Config, read_config
from taskcontract.model.config_values import read_option
from taskcontract.model.keys import KEYS


def write(folder: Path, body: str) -> Path:
    file = folder / "pyproject.toml"
    file.write_text(body, encoding="utf-8")
    return file


def test_every_key_is_a_field_with_the_same_default(tmp_path: Path) -> None:
    config = Config(root=tmp_path)
    assert {key.name: key.default for key in KEYS.values()} == {
        each.name: getattr(config, each.name)
        for each in fields(Config)
        if each.name not in ("root", "file", "name", "services")
    }


def test_every_key_is_in_the_documentation() -> None:
    text = (Path(__file__).parents[3] / "docs/cli.md").read_text("utf-8")
    assert [key.name for key in KEYS.values() if f"| `{key.name}` | {key.help} |" not in text] == []


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    assert read_config(tmp_path).contracts == ("contracts",)


def test_the_nearest_file_above_is_read(tmp_path: Path) -> None:
    file = write(tmp_path, '[tool.taskcontract]\nbindings = ["bindings"]\nstartup_timeout = 5\n')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    config = read_config(below)
    assert (config.file, config.root, config.bindings) == (file, tmp_path, ("bindings",))
    assert config.startup_timeout == 5.0
    assert config.folders == (tmp_path / "contracts",)


def test_a_file_of_another_tool_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, "[tool.black]\nline-length = 3\n")
    assert read_config(tmp_path) == Config(root=tmp_path)


def test_tables_are_read(tmp_path: Path) -> None:
    write(
        tmp_path,
        """
        [tool.taskcontract]
        call_styles = { send = "keyword" }
        severity = { queue-changed = "safe" }
        [[tool.taskcontract.accept]]
        rule = "task-removed"
        task = "old"
        reason = "nobody calls it"
        expires = 2027-06-30
        """,
    )
    config = read_config(tmp_path)
    assert config.call_styles == {"send": "keyword"}
    assert config.severity == {"queue-changed": "safe"}
    assert config.accept == (
        Acceptance(reason="nobody calls it", rule="task-removed", task="old", expires=date(2027, 6, 30)),
    )


@pytest.mark.parametrize(
    ("body", "where", "said"),
    [
        ("broker 3", "pyproject.toml", "not TOML"),
        ("brokr = 'embedded'", "[tool.taskcontract] brokr", "'broker'"),
        ("fail-on = 'safe'", "[tool.taskcontract] fail-on", "'fail_on'"),
        ("broker = 3", "[tool.taskcontract] broker", "a string"),
        ("broker = ''", "[tool.taskcontract] broker", "a string"),
        ("pool = 'eventlets'", "[tool.taskcontract] pool", "threads, prefork, solo"),
        ("contracts = 'contracts'", "[tool.taskcontract] contracts", "an array of strings"),
        ("contracts = [1]", "[tool.taskcontract] contracts", "a string"),
        ("concurrency = 0", "[tool.taskcontract] concurrency", "whole number"),
        ("concurrency = true", "[tool.taskcontract] concurrency", "whole number"),
        ("timeout = -1", "[tool.taskcontract] timeout", "seconds"),
        ("timeout = inf", "[tool.taskcontract] timeout", "seconds"),
        ("timeout = nan", "[tool.taskcontract] timeout", "seconds"),
        ("severity = 'safe'", "[tool.taskcontract] severity", "a table"),
        ("severity = { x = 'fatal' }", "[tool.taskcontract] severity.x", "breaking, dangerous, safe"),
        ("accept = 3", "[tool.taskcontract] accept", "an array of tables"),
        ("accept = [3]", "[tool.taskcontract] accept[0]", "a table"),
        ("accept = [{ rule = 'r', task = 't' }]", "accept[0]", "reason"),
        ("accept = [{ reason = 'x' }]", "accept[0]", "fingerprint"),
        ("accept = [{ reason = 'x', rule = 'r', fingerprint = 'f' }]", "accept[0]", "either"),
        ("accept = [{ reason = 'x', rule = 'r' }]", "accept[0]", "its task"),
        ("accept = [{ reason = 'x', rule = 'r', until = 3 }]", "accept[0].until", "expires"),
        ("accept = [{ reason = 'x', rule = 'r', expires = '2027' }]", "accept[0].expires", "a date"),
    ],
)
def test_a_mistake_names_the_file_the_key_and_what_is_allowed(
    tmp_path: Path, body: str, where: str, said: str
) -> None:
    file = write(tmp_path, f"[tool.taskcontract]\n{body}\n")
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    assert str(file) in caught.value.where
    assert where in caught.value.where
    assert said in str(caught.value)


@pytest.mark.parametrize("body", ["tool = 'taskcontract'", "[tool]\ntaskcontract = 3"])
def test_what_is_no_table_is_refused(tmp_path: Path, body: str) -> None:
    write(tmp_path, body)
    with pytest.raises(ConfigError, match="not a table"):
        read_config(tmp_path)


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("broker", "redis://localhost", "redis://localhost"),
        ("contracts", "a, b", ("a", "b")),
        ("concurrency", "2", 2),
        ("timeout", "0.5", 0.5),
    ],
)
def test_an_option_gives_what_the_file_would(key: str, text: str, value: Any) -> None:
    assert read_option(KEYS[key], text, where="--option") == value


@pytest.mark.parametrize(("key", "text"), [("concurrency", "two"), ("timeout", "soon"), ("pool", "x")])
def test_a_wrong_option_is_named(key: str, text: str) -> None:
    with pytest.raises(ConfigError, match="--option"):
        read_option(KEYS[key], text, where="--option")
