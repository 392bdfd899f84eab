"""What settings say of tasks is read as Celery applies it when the same project is imported."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.diff.bump import find_deploy_order
from taskcontract.diff.changes import find_changes
from taskcontract.extract.static.project import read_project
from tests.support.source_trees import Texts

if TYPE_CHECKING:
    from pathlib import Path

    from taskcontract.model.service import ServiceSpec

HEAD = "import re\nfrom celery import Celery, shared_task\nfrom kombu import Queue\n"
TASKS = """
@app.task
def a(x): ...
@app.task(queue="own", serializer="yaml", acks_late=False, ignore_result=False,
          time_limit=9, rate_limit="1/s")
def b(x): ...
@shared_task
def c(x): ...
class Base(app.Task):
    queue = "base"
@app.task(base=Base)
def d(x): ...
"""
NAMES = "task_serializer='pickle', task_ignore_result=True, task_acks_late=True, task_default_queue='work'"
OLD = "CELERY_TASK_SERIALIZER = 'pickle'\nCELERY_IGNORE_RESULT = True\nCELERY_DEFAULT_QUEUE = 'old'\n"
ROUTES = "{'main.a': {'queue': 'slow'}, 'main.*': 'rest'}"


def _main(text: str, app: str = "app = Celery('proj')\n", tasks: str = TASKS) -> str:
    return HEAD + app + text + tasks


PROJECTS: dict[str, dict[str, str]] = {
    "nothing set": {"main.py": _main("")},
    "attributes": {"main.py": _main("app.conf.task_serializer = 'pickle'\napp.conf.task_acks_late = True\n")},
    "items": {"main.py": _main("app.conf['task_default_queue'] = 'work'\n")},
    "update": {"main.py": _main(f"app.conf.update({NAMES})\n")},
    "update with a dict": {"main.py": _main("app.conf.update({'task_routes': {'main.c': 'x'}})\n")},
    "keywords of the app": {"main.py": _main("", f"app = Celery('proj', task_routes={ROUTES}, {NAMES})\n")},
    "limits": {"main.py": _main("app.conf.task_time_limit = 60\napp.conf.task_soft_time_limit = 50\n")},
    "rates and priorities": {
        "main.py": _main("app.conf.task_default_rate_limit = '5/m'\napp.conf.task_default_priority = 3\n")
    },
    "losing workers": {
        "main.py": _main(
            "app.conf.update(task_reject_on_worker_lost=True, task_acks_on_failure_or_timeout=False)\n"
        )
    },
    "annotations": {
        "main.py": _main(
            "app.conf.task_annotations = {'*': {'rate_limit': '10/s'}, 'main.b': {'time_limit': 5,"
            " 'rate_limit': '2/s'}}\n"
        )
    },
    "annotations in a list": {
        "main.py": _main(
            "app.conf.task_annotations = [{'main.a': {'time_limit': 5}}, {'main.a': {'time_limit': 6}}]\n"
        )
    },
    "routes": {"main.py": _main(f"app.conf.task_routes = {ROUTES}\n")},
    "routes as pairs": {
        "main.py": _main(
            "app.conf.task_routes = ([(re.compile(r'main\\.[ab]'), {'queue': 'ab'}), ('main.*', 'z')],)\n"
        )
    },
    "routes in tables": {
        "main.py": _main("app.conf.task_routes = [{'main.c': {'queue': 'c'}}, {'*.a': {'queue': 'a'}}]\n")
    },
    "routes without a queue": {
        "main.py": _main(
            "app.conf.update(task_default_queue='work', task_routes={'main.a': {'priority': 3}})\n"
        )
    },
    "routes that are empty": {
        "main.py": _main("app.conf.update(task_default_queue='work', task_routes={'main.a': {}, '*': 'z'})\n")
    },
    "routes to queues": {
        "main.py": _main("SLOW = Queue('slow')\napp.conf.task_routes = {'main.a': {'queue': SLOW}}\n")
    },
    "a module by name": {
        "main.py": _main("app.config_from_object('celeryconfig')\n"),
        "celeryconfig.py": f"task_routes = {ROUTES}\ntask_ignore_result = True\n"
        "if True:\n    task_acks_late = True\n",
    },
    "a module": {
        "main.py": _main("import celeryconfig\napp.config_from_object(celeryconfig)\n"),
        "celeryconfig.py": "task_default_queue = 'work'\n",
    },
    "a class": {
        "main.py": _main(
            "class Config:\n    task_acks_late = True\nclass Prod(Config):\n    task_default_queue = 'work'\n"
            "app.config_from_object(Prod)\n"
        )
    },
    "an instance": {
        "main.py": _main(
            "class Config:\n    task_acks_late = True\n    def __init__(self):\n"
            "        self.task_serializer = 'yaml'\n"
            "app.config_from_object(Config())\n"
        )
    },
    "a class by name": {
        "main.py": _main("app.config_from_object('settings.conf:Prod')\n"),
        "settings/__init__.py": "",
        "settings/conf.py": "class Prod:\n    task_ignore_result = True\n",
    },
    "the app's own source": {
        "main.py": _main("", "app = Celery('proj', config_source='celeryconfig')\n"),
        "celeryconfig.py": "task_default_queue = 'work'\n",
    },
    "old names": {
        "main.py": _main("app.config_from_object('celeryconfig')\n"),
        "celeryconfig.py": OLD + f"CELERY_ROUTES = {ROUTES}\nCELERYD_TASK_TIME_LIMIT = 7\n",
    },
    "set before and after": {
        "main.py": _main(
            "app.conf.task_default_queue = 'before'\napp.config_from_object('celeryconfig')\n"
            "app.conf.task_serializer = 'yaml'\n"
        ),
        "celeryconfig.py": "task_default_queue = 'file'\ntask_serializer = 'pickle'\n",
    },
    "a namespace": {
        "main.py": _main("app.config_from_object('conf', namespace='CELERY')\n"),
        "conf.py": "CELERY_TASK_DEFAULT_QUEUE = 'work'\nCELERY_TASK_ACKS_LATE = True\n"
        f"CELERY_TASK_ROUTES = {ROUTES}\ntask_ignore_result = True\nCELERY_DEFAULT_QUEUE = 'no'\n",
    },
    "old names beside a namespace": {
        "main.py": _main("app.config_from_object('conf', namespace='CELERY')\n"),
        "conf.py": "CELERY_TASK_ACKS_LATE = True\n" + OLD,
    },
    "another namespace": {
        "main.py": _main("app.config_from_object('conf', namespace='SHOP')\n"),
        "conf.py": "SHOP_TASK_ACKS_LATE = True\nCELERY_TASK_IGNORE_RESULT = True\n"
        "SHOP_IGNORE_RESULT = True\n",
    },
    "settings in parts": {
        "main.py": _main("app.config_from_object('conf.prod', namespace='CELERY')\n"),
        "conf/__init__.py": "",
        "conf/base.py": "CELERY_TASK_DEFAULT_QUEUE = 'base'\nCELERY_TASK_ACKS_LATE = True\n",
        "conf/prod.py": "from .base import *\nCELERY_TASK_DEFAULT_QUEUE = 'prod'\n",
    },
    "Django's": {
        "main.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site_.settings.prod')\n"
        + _main("app.config_from_object('django.conf:settings', namespace='CELERY')\n"),
        "site_/__init__.py": "",
        "site_/settings/__init__.py": "",
        "site_/settings/base.py": f"CELERY_TASK_ROUTES = {ROUTES}\nCELERY_TASK_SERIALIZER = 'pickle'\n",
        "site_/settings/prod.py": "from .base import *\nCELERY_TASK_IGNORE_RESULT = True\n",
    },
    "routes changed in place": {
        "main.py": _main(
            "app.conf.task_routes = {'main.a': {'queue': 'slow'}}\n"
            "app.conf.task_routes['main.b'] = 'b'\napp.conf['task_routes']['main.c'] = {'queue': 'c'}\n"
            "app.conf.task_routes['main.a']['queue'] = 'fast'\n"
        )
    },
    "routes updated": {
        "main.py": _main(
            "app.conf.task_routes = {'main.a': 'old', 'main.c': 'gone'}\n"
            "app.conf.task_routes.update({'main.a': {'queue': 'new'}}, **{'main.d': 'd'})\n"
            "app.conf.task_routes |= {'main.*': 'rest'}\ndel app.conf.task_routes['main.c']\n"
        )
    },
    "routes that are a list, longer": {
        "main.py": _main(
            "app.conf.task_routes = [{'main.c': 'c'}]\napp.conf.task_routes.append({'main.a': 'a'})\n"
            "app.conf.task_routes += [{'main.d': 'no', 'main.*': 'z'}]\n"
            "app.conf.task_routes.insert(0, {'main.c': 'first'})\n"
        )
    },
    "routes of a module, changed there and by the app": {
        "main.py": _main("app.config_from_object('conf')\napp.conf.task_routes['main.c'] = 'c'\n"),
        "conf.py": "task_routes = {'main.a': 'x'}\ntask_routes['main.a'] = 'a'\n"
        "task_routes.setdefault('main.a', 'no')\ntask_routes |= {'main.d': 'd'}\n",
    },
    "routes of another module, changed there": {
        "main.py": _main("app.config_from_object('conf', namespace='CELERY')\n"),
        "conf.py": "from base import CELERY_TASK_ROUTES, MORE\nCELERY_TASK_ROUTES['main.c'] = 'c'\n"
        "CELERY_TASK_ROUTES.update(MORE)\n",
        "base.py": "CELERY_TASK_ROUTES = {'main.a': 'x'}\nCELERY_TASK_ROUTES['main.a'] = 'a'\nMORE = {}\n"
        "MORE['main.d'] = 'd'\n",
    },
    "a name that is changed in place": {
        "main.py": _main(
            "from routes import ROUTES\nROUTES['main.a'] = 'a'\napp.conf.task_routes = ROUTES\n"
            "app.conf.update(task_annotations=EVERY)\n",
            "app = Celery('proj')\nEVERY = {'main.a': {}}\nEVERY['main.a'].update(time_limit=4)\n",
        ),
        "routes.py": "ROUTES = {}\nROUTES['main.c'] = 'c'\n",
    },
    "annotations changed in place": {
        "main.py": _main(
            "app.conf.task_annotations = {'*': {'time_limit': 9}}\n"
            "app.conf.task_annotations['main.a'] = {'time_limit': 3}\n"
            "app.conf.task_annotations['*'].pop('time_limit')\n"
        )
    },
    "an app made in a function": {
        "main.py": HEAD
        + "def make():\n    app = Celery('proj')\n    app.conf.update(task_default_queue='work')\n"
        + "    return app\n"
        + "app = make()\n"
        + TASKS
    },
    "two apps": {
        "main.py": _main("app.conf.task_default_queue = 'one'\n", tasks="@app.task\ndef a(x): ...\n"),
        "other.py": "from celery import Celery\nother = Celery('other', set_as_current=False)\n"
        "other.conf.task_default_queue = 'two'\n",
    },
}


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Each project -> how Celery delivers its tasks; all of them in one process."""
    folders: dict[str, Path] = {name: tmp_path_factory.mktemp("settings") for name in PROJECTS}
    for name, folder in folders.items():
        Texts(PROJECTS[name]).write(folder)
    command = [sys.executable, "-m", "tests.support.celery_delivery", *map(str, folders.values())]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    said = json.loads(done.stdout)
    return {name: said[str(folder)] for name, folder in folders.items()}


@pytest.mark.process
@pytest.mark.parametrize("project", PROJECTS)
def test_settings_are_read_as_celery_applies_them(project: str, delivered: dict[str, Any]) -> None:
    assert delivered[project], "Celery cannot import it"
    found = read_project(Texts(PROJECTS[project]))
    assert {task.name for task in found.spec.tasks} == delivered[project].keys()
    for task in found.spec.tasks:
        said = delivered[project][task.name]
        assert (task.name, task.queue_name, task.serializer) == (task.name, said["queue"], said["serializer"])
        usual = {"acks_late": False, "acks_on_failure_or_timeout": True, "ignore_result": False}
        for option, value in said["options"].items():
            assert (task.name, option, task.options.get(option, usual.get(option)) or None) == (
                task.name,
                option,
                value or None,
            )
        queue, serializer, options = said["imported"]
        assert (queue, serializer) == (task.queue_name, task.serializer)
        given = {name: value for name, value in task.options.items() if value != usual.get(name)}
        assert given == options
    assert not found.unresolved


SHOP = """
    from celery import Celery
    app = Celery("shop")
    {settings}
    @app.task{options}
    def pack(order): ...
"""


@pytest.mark.parametrize(
    ("settings", "option", "text"),
    [
        ("app.conf.task_routes = make_routes()", "queue", "make_routes()"),
        ("app.conf.task_routes = ['shop.routing.route']", "queue", "['shop.routing.route']"),
        ("app.conf.task_routes = {'shop.*': {'queue': NAME}}", "queue", "{'shop.*': {'queue': NAME}}"),
        ("app.conf.task_serializer = environ['S']", "serializer", "environ['S']"),
        ("app.conf.update(task_ignore_result=read('i'))", "ignore_result", "read('i')"),
        ("if DEBUG: app.conf.task_default_queue = 'd'", "queue", '"d" or not set'),
        ("app.conf.task_annotations = {'*': {'time_limit': LIMIT}}", "time_limit", "LIMIT"),
        ("app.conf.task_routes = {}; app.conf.task_routes[NAME] = 'q'", "queue", "app.conf.task_routes"),
        ("app.conf.task_routes = {}; app.conf.task_routes.update(load())", "queue", "app.conf.task_routes"),
        ("app.conf.task_routes['shop.pack'] = 'q'", "queue", "app.conf.task_routes"),
        (
            "app.conf.task_routes = {}\n    if DEBUG: app.conf.task_routes['shop.pack'] = 'q'",
            "queue",
            '"q" or not set',
        ),
    ],
)
def test_a_setting_that_only_running_tells_is_an_expression(settings: str, option: str, text: str) -> None:
    source = SHOP.format(settings=settings, options="")
    (task,) = read_project(Texts({"shop.py": source})).spec.tasks
    assert task.options[option] == {"x-expression": text}
    assert (task.queue, task.serializer) == (None, "json")


def test_a_shared_task_belongs_to_every_app() -> None:
    text = """
        from celery import Celery, shared_task
        one, two = Celery("one"), Celery("two")
        one.conf.task_default_queue = "one"
        two.conf.task_default_queue = "two"
        one.conf.task_serializer = two.conf.task_serializer = "pickle"
        @one.task
        def a(): ...
        @two.task
        def b(): ...
        @shared_task
        def c(): ...
    """
    tasks = {task.name: task for task in read_project(Texts({"work.py": text})).spec.tasks}
    assert [tasks[name].queue for name in ("work.a", "work.b", "work.c")] == ["one", "two", None]
    assert tasks["work.c"].options == {"queue": {"x-expression": '"one" or "two"'}}
    assert tasks["work.c"].serializer == "pickle"


@pytest.mark.parametrize(
    "settings", ["app.conf.update(flask_app.config)", "app.config_from_object('elsewhere.conf')"]
)
def test_settings_that_cannot_be_read_are_listed(settings: str) -> None:
    found = read_project(Texts({"shop.py": SHOP.format(settings=settings, options="")}))
    assert [(str(each.place), each.what) for each in found.unresolved] == [
        ("shop.py:4", f"settings of an app are what only running the code tells: {settings}")
    ]
    assert found.spec.tasks[0].options == {}


def test_settings_that_run_in_circles_are_read() -> None:
    files = {
        "shop.py": SHOP.format(settings="app.config_from_object('conf')", options=""),
        "conf.py": "from more import *\ntask_default_queue = 'conf'\n",
        "more.py": "from conf import *\ntask_default_queue = task_default_queue\ntask_serializer = 'yaml'\n",
    }
    (task,) = read_project(Texts(files)).spec.tasks
    assert (task.queue, task.serializer) == ("conf", "yaml")


def test_a_pattern_that_would_run_for_ages_does_not() -> None:
    settings = (
        "import re; app.conf.task_routes = [[(re.compile('(s+)+x(s|h|o|p|.)*(.*)*$'), 'q'), ('*', 'z')]]"
    )
    text = SHOP.format(settings=settings, options="(name='" + "s" * 60 + "')")
    (task,) = read_project(Texts({"shop.py": text})).spec.tasks
    assert task.queue == "z"


def test_the_diff_of_a_route_is_that_of_the_option() -> None:
    def read(settings: str, options: str) -> ServiceSpec:
        source = SHOP.format(settings=settings, options=options)
        return read_project(Texts({"shop.py": source}, "shop")).spec

    routed = list(
        find_changes(read("", ""), read("app.conf.task_routes = {'shop.*': {'queue': 'slow'}}", ""))
    )
    optioned = list(find_changes(read("", ""), read("", "(queue='slow')")))
    assert [each.rule for each in routed] == ["queue-changed"]
    assert routed == optioned
    assert find_deploy_order(routed) == find_deploy_order(optioned)


@pytest.mark.parametrize("named", ["shop_config", "shop.settings", ""])
def test_settings_that_users_write_stand_behind_the_project_s_own(named: str) -> None:
    """An installed project names a module that is not in its tree."""
    head = f"import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', '{named}')\n" if named else ""
    files = {
        "shop/__init__.py": "",
        "shop/celery.py": head
        + "from celery import Celery\napp = Celery('shop')\n"
        + "app.config_from_object('django.conf:settings', namespace='CELERY')\n"
        + "@app.task\ndef pack(order): ...\n",
        "shop/settings.py": "CELERY_TASK_SERIALIZER = 'yaml'\n",
    }
    found = read_project(Texts(files))
    assert [task.serializer for task in found.spec.tasks] == ["yaml"]
    assert not found.unresolved
