"""Print how Celery delivers the tasks of some projects, as JSON: the oracle of what settings say of tasks.

`python -m tests.support.celery_delivery FOLDER...`: each folder is a project whose `main.py` has the `app`,
imported in a process of its own with every module of it, as `celery -A main worker` would.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

OPTIONS = {
    "acks_late": "", "acks_on_failure_or_timeout": "", "ignore_result": "", "rate_limit": "", "priority": "",
    "reject_on_worker_lost": "", "time_limit": "task_time_limit", "soft_time_limit": "task_soft_time_limit",
}  # fmt: skip
"""Options, and the setting that a worker asks where the task itself has none."""


def deliveries_of(folder: Path) -> dict[str, Any]:
    """Each registered name -> its queue, its serializer and its options."""
    from importlib import import_module

    from taskcontract.extract.app import read_app

    sys.path.insert(0, str(folder))
    os.chdir(folder)
    app: Any = import_module("main").app
    for path in sorted(folder.rglob("*.py")):
        import_module(".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__"))
    app.finalize()
    imported = {task.name: task for task in read_app("main:app").spec.tasks}
    said = {}
    for name, task in app.tasks.items():
        if name.startswith("celery."):
            continue
        queue = app.amqp.router.route(
            {"queue": task.queue} if getattr(task, "queue", None) else {}, name
        ).get("queue")
        options = {
            option: app.conf[setting] if setting and getattr(task, option) is None else getattr(task, option)
            for option, setting in OPTIONS.items()
        }
        said[name] = {
            "queue": getattr(queue, "name", queue) or "celery",
            "serializer": task.serializer,
            "options": options,
            "imported": [imported[name].queue_name, imported[name].serializer, imported[name].options],
        }
    return said


def main() -> None:
    """Import each folder in a child of its own, and print what it said."""
    said: dict[str, Any] = {}
    for folder in sys.argv[1:]:
        reading, writing = os.pipe()
        if not os.fork():
            os.write(writing, json.dumps(deliveries_of(Path(folder))).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as stream:
            text = stream.read()
        os.wait()
        said[folder] = json.loads(text) if text else None
    print(json.dumps(said))


if __name__ == "__main__":
    import celery  # noqa: F401 - once, for all children

    main()
