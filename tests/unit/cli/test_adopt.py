"""`adopt` reads tasks that exist and writes the package that their callers install."""

from __future__ import annotations

import json
import sys
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from tests.support.project import Project

if TYPE_CHECKING:
    from pathlib import Path

TASKS = """
from celery import shared_task


@shared_task(queue="mail", ignore_result=True)
def send_receipt(order: int, email: str = "", *, copies: int = 1) -> None:
    \"\"\"Send the receipt of an order.\"\"\"


@shared_task
def refund(order: int) -> None: ...


@shared_task(name="legacy.resend")
def resend(order): ...
"""


@pytest.fixture
def shop(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/__init__.py").touch()
    (tmp_path / "shop/tasks.py").write_text(TASKS)
    return project


def test_the_package_declares_the_tasks_under_their_names(
    shop: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = shop.run("adopt")

    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("3 tasks adopted: shop-bindings, published as ")
    spec = json.loads((shop.root / "contracts/shop/1.0.0.json").read_text())
    assert [task["wire_name"] for task in spec["tasks"]] == [
        "shop.tasks.refund",
        "legacy.resend",
        "shop.tasks.send_receipt",
    ]
    monkeypatch.syspath_prepend(shop.root / "shop-bindings")
    try:
        assert json.loads(shop.run("snapshot", "shop_bindings").stdout) == spec
    finally:
        sys.modules.pop("shop_bindings", None)


def test_a_queue_is_that_of_the_tasks_that_have_none(shop: Project) -> None:
    shop.run("adopt", "--queue", "shop")

    spec = json.loads((shop.root / "contracts/shop/1.0.0.json").read_text())
    assert [task["queue"] for task in spec["tasks"]] == ["shop", "shop", "mail"]


def test_nothing_is_missing_from_the_package_and_nothing_left_beside_it(shop: Project) -> None:
    shop.run("adopt")

    written = {str(path.relative_to(shop.root)) for path in shop.root.rglob("*") if path.is_file()}
    assert written - {"shop/__init__.py", "shop/tasks.py"} == {
        "contracts/shop/1.0.0.json",
        "shop-bindings/pyproject.toml",
        "shop-bindings/shop_bindings/__init__.py",
        "shop-bindings/shop_bindings/delegates.py",
        "shop-bindings/shop_bindings/py.typed",
    }


@pytest.mark.parametrize(
    "wanted", ["shop.tasks.send_receipt", "send_receipt", "tasks.send_receipt", "*.send_*"]
)
def test_a_task_is_known_by_its_name_its_end_or_a_pattern(shop: Project, wanted: str) -> None:
    document = json.loads(shop.run("adopt", wanted, "--service", "mail", "--format", "json").stdout)

    assert document["functions"] == {"shop.tasks.send_receipt": "send_receipt"}
    assert document["service"] == "mail"
    schema = json.loads((files("taskcontract.reporting") / "schemas/adopt.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(document)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sent_receipt"], "./: no task is called 'sent_receipt'\n  Did you mean shop.tasks.send_receipt?"),
        (["--service", "1 shop"], "--service '1 shop'"),
        (["--source", "./nowhere/"], "there is no such folder"),
        (["--source", "./empty/"], "no Celery task was found"),
        (["-o", "shop"], "shop: this folder exists already\n"),
        (["-o", "shop/tasks.py/below"], "cannot be written"),
    ],
)
def test_what_cannot_be_adopted_is_said_and_nothing_written(
    shop: Project, arguments: list[str], said: str
) -> None:
    (shop.root / "empty").mkdir()
    before = sorted(shop.root.rglob("*"))

    done = shop.run("adopt", *arguments)

    assert done.returncode == 2
    assert said in done.stderr
    assert sorted(shop.root.rglob("*")) == before


def test_a_service_that_is_published_is_not_adopted_again(shop: Project) -> None:
    shop.run("adopt", "send_receipt")

    done = shop.run("adopt", "refund", "-o", "more")

    assert done.returncode == 2
    assert "shop is published already" in done.stderr
    assert not (shop.root / "more").exists()
