"""Where an `embedded://` URL points, and that folder made ready."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from taskcontract.errors import BrokerError

SCHEME = "embedded://"
QUEUES, CLAIMS, EXCHANGES, ASIDE, BROKEN, RESULTS = (
    "queues",
    "claims",
    "exchanges",
    "aside",
    "broken",
    "results",
)

_HOW_TO_NAME = f"Write {SCHEME}/absolute/folder, or {SCHEME} alone for this user's own folder."
_served: set[Path] = set()


class FolderLostError(BrokerError):
    """A folder that served before and is away or refuses now: Celery's workers wait for its return."""


def default_folder() -> Path:
    """Give this user's own folder: `$XDG_STATE_HOME/taskcontract/embedded`, else below `~/.local/state`."""
    home = Path(os.environ.get("XDG_STATE_HOME", ""))
    # The XDG specification has relative paths ignored.
    state = home if home.is_absolute() else Path.home() / ".local" / "state"
    return state / "taskcontract" / "embedded"


def read_url(url: str) -> Path:
    """Give the folder that an `embedded://` URL names, percent-decoded; BrokerError when it names none."""
    if not url.startswith(SCHEME):
        raise BrokerError(f"{url!r} is not an {SCHEME} URL", do=_HOW_TO_NAME)
    named = os.fsdecode(unquote_to_bytes(url.removeprefix(SCHEME)))
    if not named or named == "/":
        return default_folder()
    if not named.startswith("/") or "\0" in named:
        raise BrokerError(f"{url!r} names no absolute folder", do=_HOW_TO_NAME)
    return Path(named)


def write_url(folder: Path) -> str:
    """Give the `embedded://` URL of an absolute folder."""
    return SCHEME + quote(os.fsencode(folder))


def prepare(folder: Path) -> None:
    """Create what is missing of a folder, private to this user, and see that it can be written.

    Raises FolderRefusedError for a folder that never served this process, FolderLostError for one that did.
    """
    try:
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for part in (QUEUES, CLAIMS, EXCHANGES, ASIDE, BROKEN, RESULTS):
            (folder / part).mkdir(exist_ok=True)
            if not os.access(folder / part, os.R_OK | os.W_OK | os.X_OK):
                raise PermissionError(13, "Permission denied", str(folder / part))
    except OSError as error:
        if folder in _served:
            raise explain_loss(error) from error
        from taskcontract.embedded.refusal import FolderRefusedError

        raise FolderRefusedError(
            f"the embedded broker cannot use this folder: {error.strerror}",
            where=str(error.filename or folder),
            do=f"Let this user write it, or name another. {_HOW_TO_NAME}",
        ) from error
    _served.add(folder)


def has_served(folder: Path) -> bool:
    """Say whether this process has had a folder ready before."""
    return folder in _served


def explain_loss(error: OSError) -> FolderLostError:
    """Give the error that tells a user what happened to a folder in use."""
    return FolderLostError(
        f"the embedded broker lost its folder: {error.strerror}",
        where=str(error.filename or ""),
        do="See that the folder exists, that this user may write it, and that its disk is not full.",
    )
