"""`taskcontract changelog`: the adapters' words, by task and version, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.json_documents import read_document

if TYPE_CHECKING:
    from tests.support.project import Project

SHOP = '''\
from celery import Celery
from taskcontract import Call, Provider, Service

shop = Service("shop")


class SoldOutError(Exception):
    pass


@shop.task(version="1.0.0", deprecated="2026-01-01", sunset="2026-06-30")
def sell(item: str) -> int:
    """Sell one piece.

    This is not for the changelog.
    """


@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str, count: int) -> str: ...


@shop.task(version="10.0.0", supersedes=sell_v2, errors=(SoldOutError,))
def sell_v10(item: str, count: int) -> str: ...


@shop.task(version="1.0.0")
def buy(item: str) -> int: ...


app = Celery("shop", set_as_current=False)
provider = Provider(app, shop)


@provider.upcasts(sell)
def one(item: str) -> Call[str]:
    """One piece.

    Pieces are counted now:
      - by the shop.
    """
    return sell_v2.call(item, 1)


@provider.downcasts(sell)
def number_of(total: str) -> int:
    """A number \\x1b[31mas text."""
    return int(total)


@provider.upcasts(sell_v2)
def as_it_was(item: str, count: int) -> Call[str]:
    """Calls are as they were."""
    return sell_v10.call(item, count)


@provider.maps_error(sell_v2, SoldOutError)
def as_lookup_error(error: SoldOutError) -> LookupError:
    """It was Python's own."""
    return LookupError(*error.args)
'''

TEXT = """\
shop: buy
  1.0.0

shop: sell
  10.0.0
    for callers of 2.0.0, calls:
      Calls are as they were.
    for callers of 2.0.0, `SoldOutError`:
      It was Python's own.
  2.0.0
    for callers of 1.0.0, calls:
      One piece.

      Pieces are counted now:
        - by the shop.
    for callers of 1.0.0, result:
      A number \\x1b[31mas text.
  1.0.0 (deprecated 2026-01-01, sunset 2026-06-30)
    Sell one piece.
"""

MARKDOWN = """\
## `sell` of shop

### 10.0.0

- for callers of 2.0.0, calls: Calls are as they were.
- for callers of 2.0.0, `SoldOutError`: It was Python's own.

### 2.0.0

- for callers of 1.0.0, calls: One piece.

  Pieces are counted now:
    - by the shop.
- for callers of 1.0.0, result: A number \\x1b[31mas text.

### 1.0.0 (deprecated 2026-01-01, sunset 2026-06-30)

Sell one piece.
"""


@pytest.fixture
def shop(project: Project) -> Project:
    project.write("bindings/shop.py", SHOP)
    project.write("pyproject.toml", '[tool.taskcontract]\napp = "bindings.shop"\n')
    return project


def test_the_newest_version_comes_first(shop: Project) -> None:
    done = shop.run("changelog")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == TEXT


def test_an_adapter_is_told_under_the_version_that_it_leads_to(shop: Project) -> None:
    skipping = SHOP.replace("@provider.upcasts(sell)", "@provider.upcasts(sell, to=sell_v10)")
    shop.write("bindings/shop.py", skipping)
    told = read_document("changelog", shop.run("changelog", "sell", "--format", "json").stdout)
    newest, second, _ = told["tasks"][0]["versions"]
    assert [(each["callers"], each["about"]) for each in newest["changes"]] == [
        ("2.0.0", "calls"),
        ("2.0.0", "SoldOutError"),
        ("1.0.0", "calls"),
        ("1.0.0", "result"),
    ]
    assert second["changes"] == []


def test_as_markdown_into_a_file(shop: Project) -> None:
    file = shop.root / "CHANGELOG.md"
    done = shop.run("changelog", "sell", "--format", "markdown", "-o", str(file))
    assert (done.returncode, done.stdout) == (0, "")
    assert file.read_text() == MARKDOWN


def test_as_json(shop: Project) -> None:
    done = shop.run("changelog", "sell", "--format", "json", "--app", "bindings.shop")
    (history,) = read_document("changelog", done.stdout)["tasks"]
    assert [version["version"] for version in history["versions"]] == ["10.0.0", "2.0.0", "1.0.0"]
    assert history["versions"][1]["changes"][0]["about"] == "calls"
    assert history["versions"][2]["sunset"] == "2026-06-30"


@pytest.mark.parametrize(
    ("arguments", "fact"),
    [
        (("send",), "no provider serves a task 'send'\n  There are buy, sell."),
        (("--app", "bindings.none"), "the app 'bindings.none' cannot be imported"),
        (("--app", "bindings.plain"), "the app 'plain' has no provider"),
        (("--app", "bindings.broken"), "a module of the app 'broken' cannot be imported"),
    ],
)
def test_mistakes_are_told(shop: Project, arguments: tuple[str, ...], fact: str) -> None:
    plain = "from celery import Celery\napp = Celery('plain', set_as_current=False)\n"
    shop.write("bindings/plain.py", plain)
    shop.write("bindings/broken.py", plain.replace("'plain'", "'broken', include=['bindings.missing']"))
    done = shop.run("changelog", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert fact in done.stderr
