"""The places of a project that send its tasks: each form, and each way to name a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.extract.found import CallSite
from taskcontract.extract.static.project import read_project
from taskcontract.model.place import Place
from tests.support.source_trees import Texts

if TYPE_CHECKING:
    from collections.abc import Mapping

TASKS = """\
from celery import Celery, shared_task
app = Celery("shop")

@app.task
def send(a, b=1): ...

@app.task(bind=True)
def again(self, a):
    self.delay(a)

@shared_task(name="shop.named")
def named(): ...
"""
HEAD = """\
import functools, json
from django_celery_beat.models import PeriodicTask
from celery import chain, chord, group, signature, current_app
from shop import tasks
from shop.tasks import app, send, again, named as other
"""


def read(files: Mapping[str, str], *, of: str = "shop/use.py") -> list[CallSite]:
    tree = Texts({"shop/__init__.py": "", "shop/tasks.py": TASKS, **files})
    return [call for call in read_project(tree, calls=True).calls if call.place.file == of]


def read_lines(*lines: str) -> list[CallSite]:
    return read({"shop/use.py": HEAD + "".join(f"{line}\n" for line in lines)})


def site(form: str, task: str = "shop.tasks.send", **facts: object) -> CallSite:
    return CallSite(task, Place("shop/use.py", 6), form, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("send.delay(1, b=2)", site("delay", positional=1, keywords=("b",))),
        ("send.delay(1, *more)", site("delay", positional=1, more_positional=True)),
        ("send.delay(**more)", site("delay", more_keywords=True)),
        ("send.delay(**{'a': 1, **{'b': 2}})", site("delay", keywords=("a", "b"))),
        ("send.delay_on_commit(1)", site("delay", positional=1)),
        ("send.apply_async()", site("apply_async")),
        ("send.apply_async((1, 2))", site("apply_async", positional=2)),
        ("send.apply_async([1] + [2])", site("apply_async", positional=2)),
        ("send.apply_async((1, *more))", site("apply_async", positional=1, more_positional=True)),
        ("send.apply_async(given)", site("apply_async", more_positional=True)),
        ("send.apply_async(*given)", site("apply_async", more_positional=True, more_keywords=True)),
        ("send.apply_async(None, {'a': 1})", site("apply_async", keywords=("a",))),
        ("send.apply_async(kwargs=dict(a=1))", site("apply_async", keywords=("a",))),
        ("send.apply_async(kwargs={name: 1})", site("apply_async", more_keywords=True)),
        (
            "send.apply_async((1,), countdown=3, queue='q')",
            site("apply_async", positional=1, options=("countdown", "queue")),
        ),
        (
            "send.apply_async((1,), **options)",
            site("apply_async", positional=1, more_keywords=True),
        ),
        ("send.s(1)", site("s", positional=1, leading=None)),
        ("send.si(1)", site("si", positional=1)),
        (
            "later = send.signature((1,), immutable=True)",
            site("signature", positional=1, more_keywords=True, options=("immutable",)),
        ),
        (
            "send.signature((1,), immutable=True).delay()",
            site("signature", positional=1, options=("immutable",)),
        ),
        ("send.subtask((1,))", site("signature", positional=1, leading=None)),
        ("send.map(items)", site("map", positional=1)),
        ("send.starmap(items)", site("starmap", more_positional=True)),
        ("send.chunks(items, 10)", site("chunks", more_positional=True)),
        ("app.send_task('shop.tasks.send', (1,))", site("send_task", positional=1)),
        ("signature('shop.tasks.send', args=(1,))", site("signature", positional=1, leading=None)),
        ("app.signature('shop.tasks.send', args=(1,))", site("signature", positional=1, leading=None)),
        ("tasks.send.delay()", site("delay")),
        ("other.delay()", site("delay", "shop.named")),
        ("again.delay(1)", site("delay", "shop.tasks.again", positional=1)),
        ("current_app.tasks['shop.named'].delay()", site("delay", "shop.named")),
        ("commit.on_commit(lambda: send.delay(1))", site("delay", positional=1)),
        ("commit.on_commit(functools.partial(send.delay, 1))", site("delay", positional=1)),
        (
            "functools.partial(send.delay, 1)",
            site("delay", positional=1, more_positional=True, more_keywords=True),
        ),
        ("app.conf.beat_schedule = {'x': {'task': 'shop.named', 'schedule': 5}}", site("beat", "shop.named")),
        (
            "app.conf.beat_schedule['x'] = {'task': other.name, 'schedule': 5, 'args': (1,)}",
            site("beat", "shop.named", positional=1),
        ),
        (
            "CELERY_BEAT_SCHEDULE = {'x': dict(task='shop.named', schedule=5, options={'expires': 3})}",
            site("beat", "shop.named", options=("expires",)),
        ),
        (
            "app.conf.update(beat_schedule={'x': {'task': 'shop.named', 'schedule': 5, 'kwargs': {'a': 1}}})",
            site("beat", "shop.named", keywords=("a",)),
        ),
        (
            "TEMPLATES = [{'task': 'shop.named', 'schedule': 5}]",
            site("beat", "shop.named", more_positional=True, more_keywords=True),
        ),
        (
            "app.conf.beat_schedule.update({'x': {'task': 'shop.named', 'schedule': 5}})",
            site("beat", "shop.named"),
        ),
        (
            "app.conf.beat_schedule |= {'x': {'task': 'shop.named', 'schedule': 5, 'args': [1]}}",
            site("beat", "shop.named", positional=1),
        ),
        (
            "app.conf.beat_schedule.setdefault('x', {'task': 'shop.named', 'schedule': 5})",
            site("beat", "shop.named"),
        ),
        (
            "app.conf.update({'beat_schedule': {'x': {'task': 'shop.named', 'schedule': 5}}})",
            site("beat", "shop.named"),
        ),
        ("app.conf.task_routes['shop.named'] = {'queue': 'q'}", site("route", "shop.named")),
        ("app.conf.task_routes.update({'shop.named': 'q'})", site("route", "shop.named")),
        ("CELERY_TASK_ROUTES |= {'shop.*': 'q'}", site("route", "shop.*")),
        ("app.conf.update({'task_routes': {'shop.named': 'q'}})", site("route", "shop.named")),
        ("send.retry(args=(1, 2))", site("retry", positional=2, more_keywords=True)),
        ("send.retry((1,), {'b': 2}, exc=error)", site("retry", positional=1, keywords=("b",))),
        (
            "send.retry(kwargs={'a': 1}, countdown=3, max_retries=5)",
            site("retry", keywords=("a",), more_positional=True, options=("countdown",)),
        ),
        ("send.retry(args=None, countdown=3)", None),
        ("send.retry(*given)", None),
        ("unknown.retry(args=(1,))", None),
        (
            "PeriodicTask.objects.create(name='x', task='shop.named', args=json.dumps([1, key]))",
            site("beat", "shop.named", positional=2),
        ),
        (
            "PeriodicTask.objects.update_or_create(name='x', defaults={'task': other.name, "
            "'kwargs': '{\"a\": 1}', 'args': '[2]'})",
            site("beat", "shop.named", positional=1, keywords=("a",)),
        ),
        ("PeriodicTask(task='shop.named', kwargs=load())", site("beat", "shop.named", more_keywords=True)),
        (
            "PeriodicTask.objects.get_or_create(task='shop.named', defaults=given)",
            site("beat", "shop.named", more_positional=True, more_keywords=True),
        ),
        ("PeriodicTask.objects.create(task=name, args='[1')", None),
        ("PeriodicTask.objects.filter(task='shop.named')", None),
        ("app.conf.task_routes = {'shop.named': {'queue': 'q'}}", site("route", "shop.named")),
        ("CELERY_TASK_ROUTES = ([('shop.*', {'queue': 'q'})],)", None),
        ("CELERY_TASK_ROUTES = [('shop.*', {'queue': 'q'})]", site("route", "shop.*")),
        ("unknown.delay(1)", None),
        ("print('send.delay(1)')", None),
    ],
)
def test_a_line_is_read_as_what_it_sends(line: str, expected: CallSite | None) -> None:
    assert read_lines(line) == ([] if expected is None else [expected])


@pytest.mark.parametrize(
    ("line", "leading"),
    [
        ("chain(send.s(1), send.s(2), send.si(3))", [None, 1, 0]),
        ("chain([send.s(1), send.s(2)])", [None, 1]),
        ("chain(*links, send.s(1))", [None]),
        ("chain(send.s(1), send.s(2)).apply_async()", [0, 1]),
        ("chain(send.s(1), send.s(2)).delay(3)", [None, 1]),
        ("send.s(1) | send.s(2).set(queue='q') | send.s(3)", [None, 1, 1]),
        ("(send.s(1) | send.s(2)).delay()", [0, 1]),
        ("chord([send.s(1), send.s(2)], send.s())", [None, None, 1]),
        ("chord(send.s(each) for each in items)(send.s())", [None, 1]),
        ("chain(send.s(1), group(send.s(2), send.s(3)), send.s())", [None, 1, 1, 1]),
        ("send.s(1).delay()", [0]),
        ("send.s(1).apply_async(countdown=3)", [0]),
        ("send.apply_async((1,), link=send.s())", [0, 1]),
        ("send.apply_async((1,), link_error=send.s())", [0, None]),
        ("app.add_periodic_task(5, send.s(1))", [0]),
    ],
)
def test_what_comes_before_a_signatures_own_values(line: str, leading: list[int | None]) -> None:
    found = [call.leading for call in read_lines(line)]
    assert sorted(found, key=str) == sorted(leading, key=str)


@pytest.mark.parametrize(
    ("body", "number"),
    [
        ("def f(send): send.delay(1)", 0),
        ("def f():\n    send = make()\n    send.delay(1)", 0),
        ("def f():\n    for send in many: send.delay(1)", 0),
        ("def f(): [send.delay() for send in many]", 0),
        ("def f(x):\n    task = send if x else other\n    task = other\n    task.delay(1)", 0),
        ("def f():\n    from shop.tasks import send as mine\n    mine.delay(1)", 1),
        ("def f():\n    task = send\n    task.delay(1)", 1),
        ("class View:\n    task = send\n    def get(self): return send.delay(1)", 1),
        ("async def f(): send.delay(1)", 1),
    ],
)
def test_a_name_that_a_function_makes_its_own_is_another(body: str, number: int) -> None:
    assert len(read_lines(body)) == number


def test_a_bound_task_sends_itself() -> None:
    (call,) = read({}, of="shop/tasks.py")
    assert (call.task, call.form, call.positional) == ("shop.tasks.again", "delay", 1)


def test_a_task_that_retries_itself_with_other_arguments_sends_them() -> None:
    text = "from celery import shared_task\n@shared_task(bind=True)\ndef send(self, a, b):\n"
    text += "    raise self.retry(args=[a, b, 1], kwargs={})\n"
    (call,) = read({"shop/use.py": text})
    assert (call.task, call.form, call.positional, call.is_exact) == ("shop.use.send", "retry", 3, True)


MODELS = """\
from django.db import models
from shop.tasks import send
class Base(models.Model): ...
class Order(Base):
    def pay(self):
        send.delay(self)
class Form:
    def save(self):
        send.delay(self)
"""


@pytest.mark.parametrize(
    ("body", "model"),
    [
        ("order = Order.objects.get(pk=1)\n    send.delay(order)", "Order"),
        ("order = Order(1)\n    send.apply_async((order,))", "Order"),
        ("order = Order.objects.create()\n    send.apply_async(kwargs={'a': order})", "Order"),
        ("order = Order.objects.get(pk=1)\n    order = 1\n    send.delay(order)", None),
        ("order = Order.objects.filter(pk=1)\n    send.delay(order)", None),
        ("order = Form()\n    send.delay(order)", None),
        ("order = Order.objects.get(pk=1)\n    send.delay(order.pk)", None),
    ],
)
def test_an_object_of_the_database_is_known_where_it_is_certain(body: str, model: str | None) -> None:
    text = f"from shop.models import Order, Form\nfrom shop.tasks import send\ndef f():\n    {body}\n"
    (call,) = read({"shop/models.py": MODELS, "shop/use.py": text})
    assert [found for _, found in call.models] == ([model] if model else [])


def test_self_is_an_object_of_the_database_in_a_model_alone() -> None:
    calls = read({"shop/models.py": MODELS}, of="shop/models.py")
    assert [call.models for call in calls] == [(("self", "Order"),), ()]


def test_with_another_serializer_objects_may_be_sent() -> None:
    settings = "CELERY_TASK_SERIALIZER = 'pickle'\n"
    calls = read({"shop/models.py": MODELS, "shop/settings.py": settings}, of="shop/models.py")
    assert [call.models for call in calls] == [(), ()]


WRAPPED = """\
import functools
from celery import shared_task
def with_context(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        context = {taken}
        return function(*args, context=context, **kwargs)
    return wrapper
@shared_task
@with_context
def send(a, *, context): ...
"""


@pytest.mark.parametrize(
    ("taken", "parameters"), [("make()", ["a"]), ("kwargs.pop('context', None)", ["a", "context"])]
)
def test_what_a_wrapper_takes_from_its_callers_is_theirs_to_give(taken: str, parameters: list[str]) -> None:
    project = read_project(Texts({"shop.py": WRAPPED.replace("{taken}", taken)}))
    (task,) = project.spec.tasks
    assert [each.name for each in task.parameters] == parameters
