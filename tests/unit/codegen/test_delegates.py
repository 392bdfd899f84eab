"""Generated delegates: what they say, and what type checkers make of them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import taskcontract
from taskcontract.codegen.delegates import write_delegates
from taskcontract.errors import DeclarationError
from taskcontract.extract.bindings import find_service
from tests.support.type_checked import run_mypy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TYPES = '''\
from dataclasses import dataclass


@dataclass
class Result:
    """Named like one of ours."""


@dataclass
class Any:
    """Named like one of typing's."""
'''

BINDINGS = """\
from __future__ import annotations

import datetime
import enum as words
import os.path
import xml.dom.minidom
import xml.sax
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal as L

from taskcontract import Secret, Service

from .types import Any as Everything, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

shop = Service("shop")
Money = dict[str, int]


@dataclass
class Item:
    name: str


@shop.task(version="1.0.0")
def sell(item: "Item", /, price: Money, *more: int, when: datetime.date, gift: bool = False) -> Result: ...


@shop.task(version="1.1.0", name="shop.sell_1_1", supersedes=sell)
def sell_more(
    item: Item, price: "Mapping[str, 'Item']" = {}, **extra: Annotated[str, Secret, 'note']
) -> None: ...


@shop.task(version="2.0.0", supersedes=sell_more)
def sell_v2(
    item: list["Item"], how: L['new', 'used'] | None = None, *, everything: Everything | None = None
): ...


@shop.task(version="1.4.0")
def price(
    item: str, node: xml.dom.minidom.Node | None = None, kind: type[words.Enum] | None = None
) -> int: ...
"""

ROOT = str(Path(taskcontract.__file__).parent.parent)

IMPORTS = """\
if TYPE_CHECKING:
    import datetime
    import enum as words
    import xml.dom.minidom
    import xml.sax
    from collections.abc import Mapping
    from shop.main import Item, Money
    from shop.types import Any as Everything, Result as Result_2
    from taskcontract import Result, Secret
    from typing import Annotated, Literal as L
"""

SELL = """\
@overload
def delegate_sell(
    item: Item, /, price: Money, *more: int, when: datetime.date, gift: bool = ..., version: Literal["1.0.0"]
) -> Result[Result_2]: ...
@overload
def delegate_sell(
    item: Item,
    price: Mapping[str, Item] = ...,
    *,
    version: Literal["1", "1.1.0"] = "1",
    **extra: Annotated[str, Secret, "note"],
) -> Result[None]: ...
@overload
def delegate_sell(
    item: list[Item],
    how: L["new", "used"] | None = ...,
    *,
    everything: Everything | None = ...,
    version: Literal["2", "2.0.0"],
) -> Result[Any]: ...
def delegate_sell(*args: Any, version: str = "1", **kwargs: Any) -> Result[Any]:
    \"\"\"Send `sell` to shop, in version 1.0.0 or 1.1.0 or 2.0.0.\"\"\"
    return shop.choose("sell", version).delay(*args, **kwargs)
"""

CALLS = """\
from datetime import date

from shop.delegates import delegate_price, delegate_sell
from shop.main import Item

item = Item("hat")
reveal_type(delegate_price("hat"))
delegate_price("hat", version="1.4.0")
delegate_sell(item)
delegate_sell(item, {"a": item}, version="1")
delegate_sell(item, note="x")
delegate_sell(item, {"a": 1}, 2, 3, when=date.today(), version="1.0.0")
delegate_sell([item], "new", version="2")
delegate_price(3)  # wrong
delegate_price("hat", version="2")  # wrong
delegate_sell([item])  # wrong
delegate_sell(item, note=3)  # wrong
delegate_sell(item, version="2")  # wrong
delegate_sell(item, {"a": 1}, version="1.0.0")  # wrong
delegate_sell([item], "old", version="2.0.0")  # wrong
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a bindings package `shop`, which is forgotten at the end."""
    package = tmp_path / "shop"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "types.py").write_text(TYPES, encoding="utf-8")
    (package / "main.py").write_text(BINDINGS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield package
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]


def write(module: str = "shop.main") -> str:
    return write_delegates(find_service(module), module, command="make delegates")


def test_names_mean_what_they_mean_in_the_bindings(shop: Path) -> None:
    assert IMPORTS in write()


def test_each_version_has_its_overload(shop: Path) -> None:
    assert SELL in write()


def test_the_same_bindings_give_the_same_text(shop: Path) -> None:
    assert write() == write()
    assert max(map(len, write().splitlines())) <= 110


def run_pyright(folder: Path, *files: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pyright", f"--pythonpath={sys.executable}", *files]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.process
@pytest.mark.parametrize("run", [run_mypy, run_pyright])
def test_type_checkers_know_each_version(
    shop: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    (shop / "delegates.py").write_text(write(), encoding="utf-8")
    (shop.parent / "calls.py").write_text(CALLS, encoding="utf-8")
    (shop.parent / "pyrightconfig.json").write_text(json.dumps({"extraPaths": [ROOT]}), encoding="utf-8")
    done = run(shop.parent, "shop/delegates.py", "calls.py")
    wrong = {number for number, line in enumerate(CALLS.splitlines(), 1) if line.endswith("# wrong")}
    errors = re.findall(r"(calls|delegates)\.py:(\d+)[:\d]* -? ?error", done.stdout)
    assert {(file, int(line)) for file, line in errors} == {("calls", line) for line in wrong}
    assert "Result[int]" in done.stdout


@pytest.mark.process
def test_generated_source_is_clean(shop: Path) -> None:
    (shop / "delegates.py").write_text(write(), encoding="utf-8")
    for command in (
        ["check", "--select", "E,F,I,TC,W", "--line-length=110"],
        ["format", "--check"],
    ):
        subprocess.run([sys.executable, "-m", "ruff", *command, "shop/delegates.py"], check=True, timeout=60)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("@shop.task(version='1.0.0')\ndef sell(version: str) -> None: ...", "parameter named 'version'"),
        ("@shop.task(version='1.0.0')\ndef sell(item: Unknown) -> None: ...", "names 'Unknown'"),
        ("", "declares no task"),
        ("shop.task(version='1.0.0')(eval('lambda item: None'))", "<lambda>"),
    ],
)
def test_what_no_delegate_can_call_is_refused(shop: Path, source: str, said: str) -> None:
    head = "from __future__ import annotations\nfrom taskcontract import Service\nshop = Service('shop')\n"
    (shop / "main.py").write_text(f"{head}{source}\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match=said):
        write()
