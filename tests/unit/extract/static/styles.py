"""Small projects, one for each way in which tasks are written; Celery itself says which tasks they have."""

from __future__ import annotations

from typing import TypeAlias

Files: TypeAlias = dict[str, str]

APP = "from celery import Celery\napp = Celery('proj')\n"

STYLES: dict[str, Files] = {
    "app.task": {
        "main.py": APP
        + "@app.task\ndef a(x, /, y, z=1, *rest, k, l=None, **more): ...\n@app.task()\ndef b(): ...\n"
    },
    "shared_task": {
        "main.py": APP,
        "proj/__init__.py": "",
        "proj/work.py": """
            from celery import shared_task
            from celery import shared_task as job
            @shared_task
            def a(x): ...
            @job(name="named", bind=True)
            def b(self, x, *, y=2): ...
            class Group:
                @staticmethod
                @shared_task
                def inner(x): ...
        """,
    },
}
