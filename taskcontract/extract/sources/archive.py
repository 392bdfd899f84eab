"""The files of a wheel or an sdist, read where they are: nothing is unpacked to the disk."""

from __future__ import annotations

import lzma
import tarfile
import tempfile
import weakref
import zipfile
import zlib
from contextlib import ExitStack, contextmanager
from functools import cached_property
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, NamedTuple, Protocol, cast

from taskcontract.errors import SpecError
from taskcontract.extract.sources.source import ARCHIVES, MOST_BYTES, is_python_link, leads_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["ArchiveTree"]

ZIPS = (".whl", ".zip")
MOST_FILES = 200_000
MOST_UNPACKED = 2 * 2**30
IN_MEMORY = 32 * 2**20
PIECE = 2**20
LINK_TYPE = 0xA000
FILE_TYPES = (0, 0x8000)
BROKEN = (zipfile.BadZipFile, tarfile.TarError, lzma.LZMAError, zlib.error, EOFError, OSError, ValueError)
"""What the readers raise for bytes that are no archive, or half of one."""
UNREADABLE = (*BROKEN, NotImplementedError, RuntimeError)
"""The same, and what zipfile says of a compression that it lacks and of encryption."""


class ArchiveTree:
    """A wheel's files as it would install them; an sdist's, below the one folder that it has at its top."""

    def __init__(self, file: Path, origin: str) -> None:
        self.file = file
        self.origin = origin
        self._opened = ExitStack()
        weakref.finalize(self, self._opened.close)

    def files(self) -> Mapping[str, str]:
        """Return the paths of the regular files, without ids."""
        return self._content.ids

    def left_out(self) -> Mapping[str, str]:
        """Return the links."""
        return self._content.left_out

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; a SpecError where the archive does not give them."""
        content = self._content
        try:
            with content.archive.open(content.names[path]) as file:
                data = file.read(MOST_BYTES + 1)
        except UNREADABLE as error:
            raise SpecError(f"cannot be unpacked: {error}", where=f"{self.origin}: {path}") from None
        if len(data) > MOST_BYTES:
            raise SpecError(
                f"the file has more than {MOST_BYTES // 2**20} MB", where=f"{self.origin}: {path}"
            )
        return data

    @cached_property
    def _content(self) -> _Content:
        with self._explained():
            archive: _Archive = (
                _Zip(self.file, self._opened) if self.file.suffix in ZIPS else _Tar(self.file, self._opened)
            )
            members = archive.list()
            if len(members) > MOST_FILES:
                raise ValueError(f"it has more than {MOST_FILES:,} files")
            if sum(member.size for member in members) > MOST_UNPACKED:
                raise ValueError(f"its files have more than {MOST_UNPACKED // 2**30} GB")
        for member in members:
            if leads_out(member.name):
                raise SpecError(
                    f"the archive names a file outside of itself: {member.name!r}",
                    where=self.origin,
                    do="No build of a wheel or an sdist writes such names: do not install it.",
                )
        is_wheel = self.file.name.endswith(".whl")
        names: dict[str, str] = {}
        left_out: dict[str, str] = {}
        shorten = _shorten_installed if is_wheel else _make_shortener(members)
        for member in members:
            path = shorten(member.name)
            if member.is_file:
                names[path] = member.name
            elif is_python_link(path):
                left_out[path] = "a link, which is not followed"
        ids = dict.fromkeys(sorted(names), "")
        return _Content(archive, names, MappingProxyType(ids), MappingProxyType(left_out))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise SpecError("there is no such file", where=self.origin) from None
        except UNREADABLE as error:
            raise SpecError(
                f"this is no wheel or sdist that can be read: {error}",
                where=self.origin,
                do=f"It must be one of {', '.join(ARCHIVES)}.",
            ) from None


class _Member(NamedTuple):
    name: str
    is_file: bool
    size: int


class _Archive(Protocol):
    def list(self) -> list[_Member]: ...

    def open(self, name: str) -> IO[bytes]: ...


class _Content(NamedTuple):
    archive: _Archive
    names: Mapping[str, str]
    ids: Mapping[str, str]
    left_out: Mapping[str, str]


class _Zip:
    """A zip's files and links; a name that is given twice is the last one's, as when it is unpacked."""

    def __init__(self, file: Path, opened: ExitStack) -> None:
        self._zip = opened.enter_context(zipfile.ZipFile(file))

    def list(self) -> list[_Member]:
        members = []
        for info in self._zip.infolist():
            kind = (info.external_attr >> 16) & 0xF000
            if not info.is_dir() and kind in (*FILE_TYPES, LINK_TYPE):
                members.append(_Member(info.filename, kind != LINK_TYPE, info.file_size))
        return members

    def open(self, name: str) -> IO[bytes]:
        return self._zip.open(name)


class _Tar:
    """A tar's files and links. What is compressed is expanded once, as far as the bound allows."""

    def __init__(self, file: Path, opened: ExitStack) -> None:
        expanded = opened.enter_context(tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 - entered here
        _expand(file, expanded)
        self._tar = opened.enter_context(tarfile.open(fileobj=expanded, mode="r:"))  # noqa: SIM115 - entered here

    def list(self) -> list[_Member]:
        members = []
        for info in self._tar:
            if info.isfile() or info.issym() or info.islnk():
                members.append(_Member(info.name, info.isfile(), info.size))
            if len(members) > MOST_FILES:
                break
        return members

    def open(self, name: str) -> IO[bytes]:
        opened = self._tar.extractfile(name)
        if opened is None:
            raise tarfile.TarError(f"{name} is no file")
        return opened


def _expand(file: Path, expanded: IO[bytes]) -> None:
    """Write the uncompressed tar to `expanded`, which is in memory until it is large."""
    with _open_packed(file) as packed:
        size = 0
        while piece := packed.read(PIECE):
            size += len(piece)
            if size > MOST_UNPACKED:
                raise ValueError(f"it expands to more than {MOST_UNPACKED // 2**30} GB")
            expanded.write(piece)
    expanded.seek(0)


def _open_packed(file: Path) -> IO[bytes]:
    import bz2
    import gzip

    with file.open("rb") as raw:
        head = raw.read(2)
    if head == b"\x1f\x8b":
        return cast("IO[bytes]", gzip.open(file))
    if head == b"BZ":
        return bz2.open(file)
    return lzma.open(file) if head == b"\xfd7" else file.open("rb")


def _shorten_installed(name: str) -> str:
    """`x-1.data/purelib/a.py` as the wheel installs it: `a.py`."""
    first, _, rest = name.partition("/")
    second, _, inner = rest.partition("/")
    return inner if first.endswith(".data") and second in ("purelib", "platlib") else name


def _make_shortener(members: list[_Member]) -> _Shorten:
    """Return what takes the folder off that all names begin with, as in an sdist."""
    tops = {member.name.removeprefix("./").partition("/")[0] for member in members}
    is_one = len(tops) == 1 and all("/" in member.name for member in members)
    top = f"{tops.pop()}/" if is_one else ""
    return lambda name: name.removeprefix("./").removeprefix(top)


class _Shorten(Protocol):
    def __call__(self, name: str, /) -> str: ...
