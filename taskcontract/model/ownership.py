"""Whose a configuration file is: it names modules, which are imported from beside it."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["VARIABLE", "find_other_owner"]

VARIABLE = "TASKCONTRACT_SAFE_DIRECTORY"
"""Names folders, separated as in PATH, whose files are read, whichever user owns them. `*` names all."""


def find_other_owner(file: Path) -> int | None:
    """Return the user, other than this one and root, who may have put `file` where it is found; None: nobody.

    That is the owner of it, of its folder, or of the link that it is. The caller of sudo is not another user.
    No one is in a folder that the environment calls safe, and where files have no owner's number (Windows).
    """
    try:
        user = os.geteuid()
    except AttributeError:
        return None
    known = {0, user}
    caller = os.environ.get("SUDO_UID", "")
    if user == 0 and caller.isascii() and caller.isdigit():
        known.add(int(caller))
    for found in (file.lstat(), file.stat(), file.parent.stat()):
        if found.st_uid not in known:
            return None if _is_safe(file.parent) else found.st_uid
    return None


def _is_safe(folder: Path) -> bool:
    """Return whether the environment says that the files in `folder` are read, whichever user owns them."""
    named = os.environ.get(VARIABLE, "").split(os.pathsep)
    folder = folder.resolve()
    safe = (Path(each).resolve() for each in named if Path(each).is_absolute())
    return "*" in named or any(map(folder.is_relative_to, safe))
