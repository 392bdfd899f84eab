"""What `lint` says of a call, against Celery itself: the call is made, and its tasks run where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from celery import Celery, chain, chord, group

from taskcontract.extract.static.project import read_project
from taskcontract.lint.check import find_problems
from tests.support.shared_tasks import own_shared_tasks
from tests.support.source_trees import Texts

HEAD = "from celery import Celery, chain, chord, group\n"
APP = "app = Celery('shop')\n"
RULES = ("call-does-not-bind", "option-passed-as-argument")
SIGNATURES = ("", "a", "a, b=1", "a, b", "a, *, b=1", "*a", "**k", "a, /, b=1")
CALLS = (
    "f.delay()",
    "f.delay(1)",
    "f.delay(1, 2)",
    "f.delay(1, 2, 3)",
    "f.delay(a=1)",
    "f.delay(1, a=2)",
    "f.delay(1, b=2)",
    "f.delay(1, countdown=2)",
    "f.apply_async((1,), {'b': 2})",
    "f.apply_async((1,), countdown=0)",
    "f.apply_async(kwargs={'a': 1, 'b': 2})",
    "f.s(1).delay()",
    "f.si(1).apply_async()",
    "(g.s() | f.s()).delay()",
    "(g.s() | f.si()).delay()",
    "(g.s() | f.s(1)).delay()",
    "(g.s() | f.s(a=1)).delay()",
    "chain(g.si(), f.s(), g.si()).apply_async()",
    "chord([g.s(), g.s()], f.s())()",
    "chord([g.s(), g.s()], f.s(1, 2))()",
    "group(f.s(1), f.s(2)).apply_async()",
)


def make_text(signature: str, call: str, *, bound: bool) -> str:
    decorator, first = ("@app.task(bind=True)", "self, ") if bound else ("@app.task", "")
    return (
        f"{decorator}\ndef f({first}{signature}): return 1\n@app.task\ndef g(): return 1\n"
        f"def send():\n    {call}\n"
    )


def is_refused(text: str) -> bool:
    """Whether Celery, or Python, refuses the call with a TypeError; chains run to their end, eagerly."""
    app = Celery("shop", set_as_current=False, broker="memory://", backend="cache+memory://")
    app.conf.update(task_always_eager=True, task_eager_propagates=True, task_store_eager_result=False)
    names: dict[str, Any] = {"app": app, "chain": chain, "chord": chord, "group": group, "__name__": "shop"}
    with own_shared_tasks():
        exec(text, names)
        try:
            names["send"]()
        except TypeError:
            return True
        return False


@pytest.mark.parametrize("bound", [False, True])
def test_a_call_is_reported_exactly_where_celery_refuses_it(bound: bool) -> None:
    wrong = []
    for signature in SIGNATURES:
        for call in CALLS:
            text = make_text(signature, call, bound=bound)
            found = find_problems(read_project(Texts({"shop.py": HEAD + APP + text}), calls=True))
            reported = any(problem.rule in RULES for problem in found)
            if reported != is_refused(text):
                wrong.append((signature, call, [problem.what for problem in found]))
    assert wrong == []


@pytest.mark.parametrize(
    "given",
    [
        "args=(1,), kwargs={}",
        "args=(1, 2), kwargs={}",
        "args=(1, 2, 3), kwargs={}",
        "args=(), kwargs={}",
        "args=(), kwargs={'a': 1}",
        "(1,), {'a': 2}",
        "(1,), {'b': 2}, countdown=0",
        "args=(1,), kwargs={'z': 2}, exc=None",
    ],
)
def test_a_retry_is_reported_exactly_where_its_next_run_fails(given: str) -> None:
    text = (
        "@app.task(bind=True, default_retry_delay=0)\ndef f(self, a, b=1):\n"
        f"    if not self.request.retries: raise self.retry({given})\n    return a\n"
        "def send():\n    from celery.exceptions import Retry\n"
        "    try: f.delay(1)\n    except Retry as again: again.sig.apply(retries=1)\n"
    )
    found = find_problems(read_project(Texts({"shop.py": HEAD + APP + text}), calls=True))
    assert any(problem.rule in RULES for problem in found) == is_refused(text)
