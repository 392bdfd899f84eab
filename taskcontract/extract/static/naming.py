"""The name of a task: the one that it was given, else that of its module and function, as Celery makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.extract.found import Unresolved
from taskcontract.extract.static.values import Class, Constant, External, Instance, TaskValue, Value, text_of

if TYPE_CHECKING:
    from taskcontract.model.place import Place

__all__ = ["name_task"]

MAIN = "__main__"


def name_task(task: TaskValue, module: str, shown: str, place: Place) -> str | Unresolved:
    """Return the name of a task whose function or class is `shown` in `module`; what is not known, if so."""
    given = task.options.items.get("name")
    if given is None or given in (Constant(None), Constant("")):
        return _default(task, module, shown, place)
    name = text_of(given)
    if name is not None:
        return name
    return Unresolved(place, f"the name of the task is computed: {module}.{shown} by default")


def _default(task: TaskValue, module: str, shown: str, place: Place) -> str | Unresolved:
    """Return the name by the module; by the app's where that is what Python runs (`python -m shop`)."""
    if module.rpartition(".")[2] != MAIN:
        return f"{module}.{shown}"
    main = _main_of(task.app)
    if isinstance(main, Constant) and (main.value is None or isinstance(main.value, str)):
        return f"{main.value or MAIN}.{shown}"
    return Unresolved(place, f"the task {shown} of {module} is named by its app, which is not known")


def _main_of(app: Value | None) -> Value | None:
    """Return what an app was given as its `main`; None where that is not seen."""
    if not isinstance(app, Instance) or not isinstance(app.of, External | Class) or not app.passed.whole:
        return None
    if isinstance(app.of, Class) and "__init__" in app.of.body.names:
        return None
    first = app.passed.positional[0] if app.passed.positional else None
    return first or app.passed.keywords.get("main", Constant(None))
