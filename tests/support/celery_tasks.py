"""Print the tasks that Celery registers for each of some folders, as JSON: the oracle of a static reading.

`python -m tests.support.celery_tasks FOLDER...`: each folder is a project of its own, imported in a child
process, every module of it; `main.py` or `*/main.py` in it has the `app`, or there is none of its own.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import celery


def tasks_of(folder: Path, app: str) -> dict[str, list[list[Any]]]:
    """Each registered name -> its parameters: name, kind, whether it has a default."""
    sys.path.insert(0, str(folder))
    modules = sorted(
        ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        for path in folder.rglob("*.py")
    )
    found: Any = import_module(app).app if app else celery.Celery("own")
    for module in modules:
        import_module(module)
    found.finalize()
    return {
        name: [
            [each.name, each.kind.description, each.default is not each.empty]
            for each in inspect.signature(task.run).parameters.values()
        ]
        for name, task in found.tasks.items()
        if not name.startswith("celery.")
    }


def main() -> None:
    """Import each folder in a child of its own, and print what it said."""
    said: dict[str, Any] = {}
    for folder in sys.argv[1:]:
        reading, writing = os.pipe()
        if not os.fork():
            mains = ["main"] if Path(folder, "main.py").exists() else []
            mains += [f"{path.parent.name}.main" for path in Path(folder).glob("*/main.py")]
            text = json.dumps(tasks_of(Path(folder), mains[0] if mains else ""))
            os.write(writing, text.encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as stream:
            text = stream.read()
        os.wait()
        said[folder] = json.loads(text) if text else None
    print(json.dumps(said))


if __name__ == "__main__":
    main()
