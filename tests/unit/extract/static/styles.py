"""Small projects, one for each way in which tasks are written; Celery itself says which tasks they have."""

from __future__ import annotations

from typing import TypeAlias

Files: TypeAlias = dict[str, str]

APP = "from celery import Celery\napp = Celery('proj')\n"

APPS: dict[str, Files] = {
    "an app's task": {
        "main.py": APP
        + "@app.task\ndef a(x, /, y, z=1, *rest, k, l=None, **more): ...\n@app.task()\ndef b(): ...\n"
        + "@app.task(bind=True)\ndef c(self, x): ...\n@app.task\nasync def d(x): ...\n"
    },
    "an app from a subclass, a factory and a subscripted class": {
        "main.py": """
            from celery import Celery
            class Ours(Celery):
                def task(self, *args, **options):
                    options.setdefault("name", "ours.named")
                    return super().task(*args, **options)
            class Plain(Celery): ...
            def make(name):
                made = Plain(name)
                made.conf.update(task_always_eager=True)
                return made
            app = make("proj")
            ours = Ours("ours", set_as_current=False)
            @app.task
            def a(x): ...
        """
    },
    "an app in a package, re-exported": {
        "proj/__init__.py": "from .main import app as celery_app\n__all__ = ['celery_app']\n",
        "proj/main.py": APP,
        "proj/deep/__init__.py": "",
        "proj/deep/work.py": """
            from proj import celery_app
            from .. import main
            from ..main import *
            @celery_app.task
            def a(x): ...
            @main.app.task(name="b.named")
            def b(x): ...
            @app.task
            def c(x): ...
        """,
    },
    "an app made in a function": {
        "main.py": """
            from celery import Celery
            def make():
                app = Celery("proj")
                @app.task
                def inner(x): ...
                def register(app):
                    @app.task(name="handed.over")
                    def other(x, y=1): ...
                register(app)
                return app
            app = make()
        """
    },
}

SHARED: dict[str, Files] = {
    "shared tasks": {
        "main.py": APP,
        "proj/__init__.py": "",
        "proj/work.py": """
            from celery import shared_task
            from celery import shared_task as job
            import celery
            our_task = shared_task
            BASE = {"name": "merged", "bind": False}
            @shared_task
            def a(x): ...
            @job(name="named", bind=True)
            def b(self, x, *, y=2): ...
            @celery.shared_task(ignore_result=True)
            def c(): ...
            @our_task
            def d(): ...
            @shared_task(**{**BASE, **{"bind": True}})
            def e(self, x): ...
            class Group:
                @staticmethod
                @shared_task
                def inner(x): ...
        """,
    },
    "names from constants elsewhere": {
        "main.py": APP,
        "names.py": """
            from enum import Enum
            class Names(str, Enum):
                SYNC = "enum.sync"
            class Plain:
                PREFIX = "plain"
                FULL = PREFIX + ".full"
            PREFIX = "proj"
            OTHER = f"{PREFIX}.other"
            TABLE = {"key": "table.name"}
            def make(name): return f"made.{name}"
        """,
        "work.py": """
            from celery import shared_task
            import names as n
            from names import Names, OTHER
            @shared_task(name=Names.SYNC.value)
            def a(): ...
            @shared_task(name=OTHER)
            def b(): ...
            @shared_task(name=n.PREFIX + ".c")
            def c(): ...
            @shared_task(name="%s.d" % n.PREFIX)
            def d(): ...
            @shared_task(name="{}.{}".format(n.PREFIX, "e"))
            def e(): ...
            @shared_task(name=".".join([n.PREFIX, "f"]))
            def f(): ...
            @shared_task(name=n.TABLE["key"])
            def g(): ...
            @shared_task(name=n.make("h"))
            def h(): ...
            @shared_task(name=n.Plain.FULL)
            def i(): ...
        """,
    },
    "not tasks": {
        "main.py": APP
        + '''
@app.task
def real(): """
    @app.task
    def told(): ...
"""
def task(function): return function
class Thing:
    def task(self, function): return function
thing = Thing()
@task
def own(): ...
@thing.task
def own_too(): ...
# @app.task
# def commented(): ...
'''
    },
}

WRAPPED: dict[str, Files] = {
    "wrappers that fix options": {
        "main.py": APP,
        "wrappers.py": """
            import functools
            from celery import shared_task
            def plain(**options):
                options["acks_late"] = True
                return shared_task(**options)
            def both(function=None, **options):
                if function is None:
                    return functools.partial(both, **options)
                return shared_task(function, **options)
            def either(*args, **options):
                options.setdefault("bind", True)
                if len(args) == 1 and callable(args[0]):
                    return shared_task(**options)(args[0])
                return shared_task(*args, **options)
            quick = functools.partial(shared_task, ignore_result=True)
            def named(name):
                def decorate(function):
                    @shared_task(name="wrapped." + name)
                    @functools.wraps(function)
                    def inner(*args, **kwargs):
                        return function(*args, **kwargs)
                    return inner
                return decorate
            class Maker:
                def __init__(self, prefix, **options):
                    self.prefix = prefix
                    self.options = options
                def __call__(self, function):
                    return shared_task(name=self.prefix + function.__name__, **self.options)(function)
        """,
        "work.py": """
            from wrappers import plain, both, either, quick, named, Maker
            @plain()
            def a(x): ...
            @both
            def b(x): ...
            @both(name="both.named")
            def c(x): ...
            @either
            def d(self, x): ...
            @either(bind=False)
            def e(x): ...
            @quick
            def f(x): ...
            @quick(name="quick.named")
            def g(x): ...
            @named("h")
            def h(x, y=1): ...
            @Maker("made.", bind=True)
            def i(self, x): ...
        """,
    },
    "decorators above and below": {
        "main.py": APP,
        "work.py": """
            import functools
            from contextlib import contextmanager
            from celery import shared_task
            def polite(function):
                @functools.wraps(function)
                def wrapper(*args, **kwargs):
                    return function(*args, **kwargs)
                return wrapper
            def rude(function):
                def rude_wrapper(*args, **kwargs):
                    return function(*args, **kwargs)
                return rude_wrapper
            def above(task):
                return task
            @shared_task
            @polite
            def a(x, y=1): ...
            @shared_task
            @rude
            def b(x): ...
            @above
            @shared_task
            def c(x): ...
            @shared_task(bind=True)
            @polite
            def d(self, x): ...
            @contextmanager
            def not_a_task(): yield
        """,
    },
    "calls instead of decorators": {
        "main.py": APP
        + "def a(x): ...\nb = app.task(a)\ndef c(x): ...\nd = app.task(name='called')(c)\n"
        + "for kind in ('one', 'two'):\n    @app.task(name=f'loop.{kind}')\n    def each(x): ...\n"
        + "for old, function in {'old.a': a, 'old.c': c}.items():\n    app.task(name=old)(function)\n"
        + "OLD = {'older.a': 'called'}\n"
        + "for old, new in OLD.items():\n    app.tasks[old] = app.tasks[new]\n"
    },
}

CLASSES: dict[str, Files] = {
    "classes that are registered": {
        "main.py": APP
        + """
from celery import Task
from names import NAME

class Base(Task):
    def __init_subclass__(cls, name=None, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.name = name
    def run(self, *args, **kwargs): ...

class A(Base, name=NAME): ...
class B(Task):
    name = "own.name"
    acks_late = True
    def run(self, x, y=1): ...
class C(app.Task):
    def run(self, x): ...
class D(B):
    name = f"{NAME}.d"
class NotRegistered(Task):
    abstract = True
    def run(self): ...
class ForFunctions(Task):
    name = "for.functions"
    def before_start(self, task_id, args, kwargs): ...
class ForClasses(Task):
    name = None
    def run(self): ...
@app.task(base=ForFunctions)
def e(x): ...
a = app.register_task(A())
app.register_task(B())
registered = app.register_task(C())
app.tasks.register(D())
""",
        "names.py": "NAME = 'from.elsewhere'\n",
    },
}

OPTIONAL: dict[str, Files] = {
    f"an optional Celery: {way}": {
        "proj/__init__.py": "",
        "proj/main.py": APP,
        "proj/jobs.py": f"def stand_in(*args, **options):\n    return lambda f: f\n{text}",
        "proj/tasks.py": """
            from proj.jobs import Task, shared_task
            @shared_task(name="first.named")
            def a(x, y=1): ...
            @shared_task(base=Task, bind=True)
            def b(self, x): ...
        """,
    }
    for way, text in {
        "a function in its place": """
try:
    from celery import Task, shared_task
except ImportError:
    Task = object
    def shared_task(func):
        func.delay = func
        return func
""",
        "an assignment in its place": """
try:
    import celery
    from celery import Task
    shared_task = celery.shared_task
except ImportError:
    class Task: ...
    shared_task = stand_in
""",
        "asked for by a name": """
try:
    import celery
except ImportError:
    HAS_CELERY = False
else:
    HAS_CELERY = True
if HAS_CELERY:
    from celery import Task, shared_task
else:
    Task = object
    shared_task = stand_in
""",
        "asked for by None": """
try:
    import celery
except ImportError:
    celery = None
if celery is not None:
    Task, shared_task = celery.Task, celery.shared_task
else:
    Task = object
    shared_task = stand_in
""",
    }.items()
}

ROOTS: dict[str, Files] = {
    "relative imports and packages without __init__": {
        "main.py": APP,
        "top/__init__.py": "from celery import shared_task as job\n",
        "top/inner/work.py": "from .. import job\n@job\ndef a(x): ...\n",
        "top/inner/__init__.py": "",
        "space/work.py": "import space\nfrom celery import shared_task\n@shared_task\ndef b(x): ...\n",
    },
}

STYLES: dict[str, Files] = APPS | SHARED | WRAPPED | CLASSES | OPTIONAL | ROOTS
