"""Each rule of `lint`: its own example, what it must find, and what it must leave alone."""

from __future__ import annotations

import re

import pytest

from taskcontract.extract.static.project import read_project
from taskcontract.lint.check import find_problems
from taskcontract.lint.rule_index import LintRuleInfo, list_lint_rule_ids, list_lint_rules
from taskcontract.model.finding import SEVERITIES
from tests.support.source_trees import Texts

HEADINGS = ("## What it does", "## Why it breaks", "## Example")
HEAD = """\
from datetime import date, datetime
from celery import Celery, chain, shared_task
from django.db import models
app = Celery("shop")
class Order(models.Model): ...
"""
TASKS = """\
@app.task
def send_reports(): ...
@app.task
def send_receipt(order): ...
"""


def find(text: str, **others: str) -> list[tuple[str, str]]:
    """The rules that find something in `shop/tasks.py`, and what it is about."""
    files = {"shop/__init__.py": "", "shop/tasks.py": HEAD + text}
    files |= {f"shop/{name}.py": each for name, each in others.items()}
    found = read_project(Texts(files), calls=True)
    return [(each.rule, each.subject) for each in find_problems(found)]


def rules_in(text: str, **others: str) -> list[str]:
    return [rule for rule, _ in find(text, **others)]


@pytest.mark.parametrize("rule", list_lint_rules(), ids=lambda rule: rule.id)
def test_a_rule_explains_itself_with_an_example_that_it_finds(rule: LintRuleInfo) -> None:
    places = [rule.text.index(heading) for heading in HEADINGS]
    assert places == sorted(places)
    assert rule.summary.endswith(".")
    assert rule.severity in SEVERITIES
    found = re.search(r"```diff\n(.*)```", rule.text, re.DOTALL)
    assert found is not None
    lines = found[1].splitlines()
    wrong, right = (
        "".join(f"{line[1:]}\n" for line in lines if line[:1] in (" ", sign, "")) for sign in "-+"
    )
    wrong, right = (
        f"{TASKS}{side}" if re.search("send_reports|send_receipt|task_routes", right) else side
        for side in (wrong, right)
    )
    if "order = " in wrong:
        wrong, right = (
            re.sub(r"(order = .*\n)(.*)\n", r"def pay():\n    \1    \2\n", side) for side in (wrong, right)
        )
    assert rules_in(wrong) == [rule.id]
    assert rules_in(right) == []


def test_a_rule_has_the_id_of_its_file() -> None:
    assert [rule.id for rule in list_lint_rules()] == list(list_lint_rule_ids())


ONE = "@app.task\ndef f(a, b=1): ...\n"
BOUND = "@app.task(bind=True)\ndef f(self, a): ...\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ONE + "f.delay()", ["call-does-not-bind"]),
        (ONE + "f.delay(1, 2, 3)", ["call-does-not-bind"]),
        (ONE + "f.delay(1, c=3)", ["call-does-not-bind"]),
        (ONE + "f.delay(1, a=3)", ["call-does-not-bind"]),
        (ONE + "f.delay(*x)\nf.delay(**x)\nf.apply_async(x)\nf.s()\nf.map(x)", []),
        (ONE + "chain(f.s(1), f.s(1))", []),
        (ONE + "chain(f.s(1), f.s(1, 2))", ["call-does-not-bind"]),
        (ONE + "chain(f.s(1), f.s(a=1))", ["call-does-not-bind"]),
        (ONE + "chain(f.s(1), f.si())", ["call-does-not-bind"]),
        ("@app.task\ndef f(): ...\nchain(f.s(), f.s())", ["call-does-not-bind"]),
        ("@app.task\ndef f(): ...\nchain(f.si(), f.si())\nf.s()", []),
        (BOUND + "f.delay(1)", []),
        (BOUND + "f.delay(1, 2)", ["call-does-not-bind"]),
        ("class T(app.Task):\n    def apply_async(self, args=None, kwargs=None, **o): ...\n"
         "@app.task(base=T)\ndef f(a): ...\nf.delay()", []),
        ("class T(app.Task): ...\n@app.task(base=T)\ndef f(a): ...\nf.delay()", ["call-does-not-bind"]),
        ("from elsewhere import T\n@app.task(base=T)\ndef f(a): ...\nf.delay()", []),
        ("if x:\n    @app.task\n    def f(a): ...\nelse:\n    @app.task\n    def f(): ...\nf.s(c=1)", []),
        (ONE + "f.delay(1, countdown=3)", ["option-passed-as-argument"]),
        (ONE + "f.s(1, queue='q')", ["option-passed-as-argument"]),
        ("@app.task\ndef f(a, queue=1): ...\nf.delay(1, queue=2)", []),
        ("@app.task\ndef f(a, **more): ...\nf.delay(1, queue=2)", []),
        (ONE + "f.apply_async((1,), b=2)", ["argument-passed-as-option"]),
        (ONE + "f.apply_async((1,), count_down=2)", ["option-misspelt"]),
        (ONE + "f.apply_async((1,), tenant=2)", []),
        ("@app.task\ndef f(a, queue=1): ...\nf.apply_async((1,), queue=2)", []),
        ("@app.task(max_retry=3, acks_latr=True)\ndef f(): ...", ["option-misspelt"] * 2),
        ("@app.task(autoretry=[OSError])\ndef f(): ...", ["option-misspelt"]),
        ("@app.task(lock_timeout=3, owner='x', unique_on=['a'], once={})\ndef f(): ...", []),
        ("class T(app.Task):\n    ignore_results = 1\n@app.task(base=T, ignore_results=2)\ndef f(): ...", []),
        ("@app.task(bind=True)\ndef f(): ...", ["bind-without-self"]),
        ("@app.task(bind=True)\ndef f(*a): ...", []),
        ("@app.task(bind=True)\ndef f(task, a: int): ...", []),
        ("@app.task(bind=True)\ndef f(a: int): ...", ["bind-without-self"]),
        ("@app.task(**options)\ndef f(self, a): ...", []),
        ("@app.task\ndef f(self, a): ...", ["self-without-bind"]),
        ("@app.task\ndef f(a): ...\n@app.task\ndef f(a, b): ...", ["task-name-twice"]),
        ("try:\n    @app.task\n    def f(a): ...\nexcept E:\n    @app.task\n    def f(a, b): ...", []),
        ("@app.task\ndef f(a=[]):\n    a.append(1)", ["default-shared"]),
        ("@app.task\ndef f(a={}):\n    a['x'] = 1", ["default-shared"]),
        ("@app.task\ndef f(a=[]):\n    return [*a]", []),
        ("@app.task\ndef f(a=[]):\n    a = list(a)\n    a.append(1)", []),
        ("@app.task\ndef f(*, a=datetime.now()): ...", ["default-shared"]),
        ("@app.task\ndef f(a=date(2020, 1, 1)): ...", []),
        ("@app.task\ndef f(a=lambda: 1): ...", ["default-not-sendable"]),
        ("@app.task(serializer='pickle')\ndef f(a=lambda: 1): ...", []),
    ],
)  # fmt: skip
def test_what_is_found_and_what_is_left_alone(text: str, expected: list[str]) -> None:
    assert rules_in(text) == expected


SCHEDULE = "app.conf.beat_schedule = {{'x': {{'task': {task!r}, 'schedule': 3}}}}\n"
ROUTE = "app.conf.task_routes = {{{task!r}: {{'queue': 'q'}}}}\n"


@pytest.mark.parametrize(
    ("task", "is_lacking"),
    [
        ("shop.tasks.f", False),
        ("shop.tasks.g", True),
        ("shop.old.f", True),
        ("celery.backend_cleanup", False),
        ("other.tasks.f", False),
        ("f", False),
    ],
)
@pytest.mark.parametrize(("text", "rule"), [(SCHEDULE, "beat-task-missing"), (ROUTE, "route-task-missing")])
def test_a_task_is_missing_where_it_would_have_to_be(
    text: str, rule: str, task: str, is_lacking: bool
) -> None:
    found = rules_in("@app.task\ndef f(): ...\n" + text.format(task=task))
    assert found == ([rule] if is_lacking else [])


@pytest.mark.parametrize(
    ("pattern", "is_lacking"), [("shop.*", False), ("*.f", False), ("shop.task.*", True), ("other.*", False)]
)
def test_a_route_may_be_a_pattern(pattern: str, is_lacking: bool) -> None:
    found = rules_in("@app.task\ndef f(): ...\n" + ROUTE.format(task=pattern))
    assert found == (["route-task-missing"] if is_lacking else [])


def test_where_a_name_is_computed_no_name_is_missing() -> None:
    text = "@app.task\ndef f(): ...\n@app.task(name=make())\ndef g(): ...\n" + SCHEDULE.format(
        task="shop.tasks.x"
    )
    assert rules_in(text) == []


def test_an_object_of_the_database_is_no_argument() -> None:
    text = ONE + "def pay():\n    order = Order.objects.get(pk=1)\n    f.delay(order)\n"
    assert find(text) == [("model-passed-as-argument", "delay order")]
    assert rules_in(text + "task_serializer = 'pickle'\n") == []


def test_a_problem_keeps_its_fingerprint_where_lines_move() -> None:
    def fingerprints(text: str) -> list[str]:
        tree = Texts({"shop/__init__.py": "", "shop/tasks.py": text})
        return [each.fingerprint for each in find_problems(read_project(tree, calls=True))]

    text = HEAD + ONE + "f.delay()\n"
    assert fingerprints(text) == fingerprints(f"\n\n{text}") != []
