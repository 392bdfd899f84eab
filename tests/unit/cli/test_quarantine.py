"""What `taskcontract quarantine` shows, hides and ends with."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery

from taskcontract import embedded
from taskcontract.safety_net.quarantine import Note, Quarantine
from tests.support.json_documents import read_document

if TYPE_CHECKING:
    from tests.support.project import Project

KEY = "hunter2"

BINDINGS = """
from typing import Annotated
from taskcontract import Secret, Service

shop = Service("shop")

@shop.task(version="1.0.0")
def pay(item: str, token: Annotated[str, Secret]) -> int: ...
"""

APP = """
from celery import Celery
from taskcontract import Provider
from bindings.shop import pay, shop
app = Celery("x", broker="{broker}")
"""


@pytest.fixture
def shop(project: Project) -> Project:
    """A project whose quarantine has a call with a secret, and one of somebody else's task."""
    broker = f"embedded://{project.root}/broker"
    project.write("bindings/shop.py", BINDINGS)
    project.write("bindings/app.py", APP.format(broker=broker))
    project.write(
        "pyproject.toml", "[tool.taskcontract]\nbindings = ['bindings.shop']\napp = 'bindings.app'\n"
    )
    embedded.register()
    with Quarantine(Celery(broker=broker, set_as_current=False)) as quarantine:
        for task, number in (("shop.pay", "1"), ("reports.run", "2")):
            kept: Any = SimpleNamespace(
                headers={"task": task, "id": number, "argsrepr": f"('pen', '{KEY}')"},
                body=json.dumps([["pen", KEY], {}, {}]).encode(),
                content_type="application/json",
                content_encoding="utf-8",
                properties={},
                errors=[],
            )
            quarantine.keep(kept, Note("arguments", f"got {KEY}", queue="shop", do=f"See {KEY}."))
    return project


FORMS = ["list", "list --format json", "show", "show --format json", "show 1"]


@pytest.mark.parametrize("form", FORMS)
def test_secrets_are_shown_where_they_are_asked_for(shop: Project, form: str) -> None:
    hidden = shop.run("quarantine", *form.split(), "--task", "shop.pay")
    assert (hidden.returncode, hidden.stderr) == (0, "")
    assert KEY not in hidden.stdout
    assert "***" in hidden.stdout
    assert KEY in shop.run("quarantine", *form.split(), "--task", "shop.pay", "--reveal").stdout
    assert KEY in shop.run("quarantine", *form.replace("1", "2").split(), "--task", "reports.run").stdout


@pytest.mark.parametrize("action", ["list", "show", "drop"])
def test_what_was_done_is_data_of_a_stated_form(shop: Project, action: str) -> None:
    told = read_document("quarantine", shop.run("quarantine", action, "1", "--format", "json").stdout)
    assert (told["action"], told["already_succeeded"]) == (action, 0)
    assert [(each["id"], each["task"], each["reason"]) for each in told["messages"]] == [
        ("1", "shop.pay", "arguments")
    ]


@pytest.mark.parametrize("action", ["drop", "replay"])
def test_what_was_done_is_told_without_secrets(shop: Project, action: str) -> None:
    broker = ("--broker", f"embedded://{shop.root}/broker")
    done = shop.run("quarantine", action, "1", *broker, "--force", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert KEY not in done.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "no running worker is known to consume the queue 'shop'"),
        (("--to", "typo"), "no running worker is known to consume the queue 'typo'"),
        (("--to", "taskcontract.quarantine", "--force"), "is the quarantine itself"),
        (("--to", "taskcontract.quarantine.3f", "--force"), "is the quarantine itself"),
    ],
)
def test_nothing_is_sent_where_no_worker_reads_it(shop: Project, options: tuple[str, ...], said: str) -> None:
    refused = shop.run("quarantine", "replay", "1", *options)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert "2 messages in quarantine" in shop.run("quarantine", "list").stdout


def test_the_bindings_may_be_the_apps(shop: Project) -> None:
    shop.write("pyproject.toml", "[tool.taskcontract]\napp = 'bindings.app'\n")
    assert KEY in shop.run("quarantine", "show", "1").stdout, "nobody declares anything"
    assert KEY not in shop.run("quarantine", "show", "1", "--bindings", "bindings.shop").stdout
    served = (
        shop.root / "bindings/app.py"
    ).read_text() + "Provider(app, shop).implements(pay)(lambda *_: 1)\n"
    shop.write("bindings/app.py", served)
    assert KEY not in shop.run("quarantine", "show", "1").stdout


CODES = {
    "an empty quarantine": ("list", True, 0),
    "dropping nothing": ("drop --yes", True, 0),
    "a filter that matches nothing there": ("list --reason sunset", True, 1),
    "all": ("list", False, 0),
    "a filter that matches": ("list --reason arguments", False, 0),
    "a reason that nothing has": ("list --reason sunset", False, 1),
    "an ID that nothing has": ("show 9", False, 1),
    "a task that nothing has": ("replay --task shop.sell", False, 1),
    "nothing that is old enough": ("drop --older-than 30d", False, 0),
    "an age that is none": ("drop --older-than 30", False, 2),
    "an age before all calendars": ("drop --older-than 999999d", False, 2),
}


@pytest.mark.parametrize(("arguments", "empty", "code"), CODES.values(), ids=CODES)
def test_nothing_is_an_error_only_where_something_was_named(
    shop: Project, arguments: str, empty: bool, code: int
) -> None:
    if empty:
        assert shop.run("quarantine", "drop", "--yes").returncode == 0
    assert shop.run("quarantine", *arguments.split()).returncode == code


def test_what_is_old_is_dropped_and_what_is_not_stays(shop: Project) -> None:
    broker = f"embedded://{shop.root}/broker"
    with Quarantine(Celery(broker=broker, set_as_current=False)) as quarantine:
        for age, number in ((timedelta(hours=13), "old"), (timedelta(hours=11), "new")):
            kept: Any = SimpleNamespace(
                headers={"task": "reports.run", "id": number},
                body=b"[]",
                content_type="application/json",
                content_encoding="utf-8",
                properties={},
                errors=[],
            )
            at = (datetime.now(UTC) - age).isoformat(timespec="microseconds")
            quarantine.keep(kept, Note("arguments", at=at))
        dropped = shop.run("quarantine", "drop", "--older-than", "12h")
        assert "1 message dropped" in dropped.stdout
        assert {each.id for each in quarantine.look()} == {"1", "2", "new"}
