"""Where an `embedded://` URL points, and that folder made ready."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from taskcontract.embedded.private import (
    PRIVATE,
    close_to_others,
    make_folder,
    open_own,
    say_what_to_do,
)
from taskcontract.errors import BrokerError
from taskcontract.urls import hide_password

SCHEME = "embedded://"
QUEUES, CLAIMS, EXCHANGES, ASIDE, BROKEN, RESULTS = (
    "queues",
    "claims",
    "exchanges",
    "aside",
    "broken",
    "results",
)
_PARTS = (QUEUES, CLAIMS, EXCHANGES, ASIDE, BROKEN, RESULTS)

_HOW_TO_NAME = (
    f"Write {SCHEME}/absolute/folder, or {SCHEME} alone for this user's own folder, "
    "which is below XDG_STATE_HOME, else HOME."
)
_served: set[Path] = set()


class FolderLostError(BrokerError):
    """A folder that served before and is away or refuses now: Celery's workers wait for its return."""


def find_state_folder() -> Path | None:
    """Return `$XDG_STATE_HOME/taskcontract`, else that in `~/.local/state`; None without a home folder."""
    home = Path(os.environ.get("XDG_STATE_HOME", ""))
    # The XDG specification has relative paths ignored.
    try:
        return (home if home.is_absolute() else Path.home() / ".local" / "state") / "taskcontract"
    except RuntimeError:
        return None


def default_folder() -> Path:
    """Return this user's own folder, `embedded` in the state folder; FolderRefusedError if there is none."""
    state = find_state_folder()
    if state is None:
        from taskcontract.embedded.refusal import FolderRefusedError

        raise FolderRefusedError(f"{SCHEME}: this user has no home folder", do=_HOW_TO_NAME)
    return state / "embedded"


def read_url(url: str) -> Path:
    """Return the folder that an `embedded://` URL names, percent-decoded; BrokerError when it names none."""
    if not url.startswith(SCHEME):
        raise BrokerError(f"{hide_password(url)!r} is not an {SCHEME} URL", do=_HOW_TO_NAME)
    named = os.fsdecode(unquote_to_bytes(url.removeprefix(SCHEME)))
    if not named or named == "/":
        return default_folder()
    if not named.startswith("/") or "\0" in named:
        raise BrokerError(f"{hide_password(url)!r} names no absolute folder", do=_HOW_TO_NAME)
    return Path(named)


def write_url(folder: Path) -> str:
    """Return the `embedded://` URL of an absolute folder."""
    return SCHEME + quote(os.fsencode(folder))


def prepare(folder: Path) -> None:
    """Create what is missing of a folder, and see that it is this user's alone and can be written.

    Raises FolderRefusedError for a folder that never served this process, FolderLostError for one that did.
    """
    try:
        make_folder(os.fspath(folder))
        with open_own(folder) as handle:
            # A folder with other things in it, such as a home, keeps its mode; what is ours there does not.
            if set(_PARTS).issuperset(os.listdir(handle)):
                close_to_others(handle)
            for part in _PARTS:
                _prepare_part(folder, part, handle)
    except OSError as error:
        if folder in _served:
            raise explain_loss(error) from error
        from taskcontract.embedded.refusal import FolderRefusedError

        raise FolderRefusedError(
            f"the embedded broker cannot use this folder: {error.strerror}",
            where=str(error.filename or folder),
            do=say_what_to_do(error, f"Let this user write it, or name another. {_HOW_TO_NAME}"),
        ) from error
    _served.add(folder)


def _prepare_part(folder: Path, part: str, handle: int) -> None:
    with contextlib.suppress(FileExistsError):
        os.mkdir(part, PRIVATE, dir_fd=handle)
    with open_own(folder, part) as own:
        close_to_others(own)
    if not os.access(folder / part, os.R_OK | os.W_OK | os.X_OK):
        raise PermissionError(13, "Permission denied", str(folder / part))


def has_served(folder: Path) -> bool:
    """Return whether this process has had a folder ready before."""
    return folder in _served


def explain_loss(error: OSError) -> FolderLostError:
    """Return the error that explains what happened to a folder in use."""
    return FolderLostError(
        f"the embedded broker lost its folder: {error.strerror}",
        where=str(error.filename or ""),
        do=say_what_to_do(
            error, "See that the folder exists, that this user may write it, and that its disk is not full."
        ),
    )
