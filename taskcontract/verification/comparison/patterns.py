"""Matching a text with a contract's pattern in bounded time, as the pattern comes from someone else.

A pattern is Pact's, or what Python's `re.fullmatch` takes where its rule says so. One that Rust's
engine reads the same goes to that engine, whose time grows with the text alone. Anything else
(look-around, back-references, sets that the two read differently) goes to Python's own engine, in a
process that is killed when its time is up: nothing else stops that engine.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import suppress
from functools import lru_cache
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING

from pydantic_core import SchemaError, SchemaValidator, core_schema

from taskcontract.model.matchers import PYTHON
from taskcontract.verification.comparison.pact_patterns import spell

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["SECONDS", "PatternTimeoutError", "Patterns"]

SECONDS = 5.0
"""What all patterns of one comparison may take, together: in Python's engine, and as long again in Rust's."""
START = 60.0
"""What the process may take to start on a busy machine."""
LONGEST_FOR_RUST = 100_000
"""Characters of a text: with a large pattern, linear is long too, and Rust's engine cannot be stopped."""

# Letters, escapes and plain sets, repeated or not, in plain groups. Left out is what the two engines read
# differently: possessive and bare braces, sets in sets, flags.
_SET = r"\[\^?(?:\\[dswDSW.\-\[\]\\/^$*+?(){}|]|[^\\\[\]&~|^-]|-(?!-))+\]"
_ONE = rf"(?:\\[dswDSW.\-\[\]\\/^$*+?(){{}}|]|{_SET}|[^\\\[\](){{}}*+?|^$])"
_TIMES = r"(?:[*+?]\??|\{[0-9]{1,3}(?:,[0-9]{0,3})?\}\??)?+(?![*+?{])"
_OPEN = r"\((?:\?:|\?P<[A-Za-z_][A-Za-z0-9_]*>)?"
_PLAIN = re.compile(rf"(?:{_ONE}{_TIMES}|{_OPEN}|\){_TIMES}|[|]|[\^$](?![*+?{{]))*+", re.ASCII)
_CLASS = re.compile(r"\\[dswDSW]")

_CHILD = """\
import json, re, sys, warnings
warnings.simplefilter("ignore")
print("ready", flush=True)
for line in sys.stdin:
    pattern, text = json.loads(line)
    print(int(re.fullmatch(pattern, text) is not None), flush=True)
"""


class PatternTimeoutError(Exception):
    """It is unknown whether a text matches: its pattern takes too long."""


class Patterns:
    """The patterns of one comparison, which share one bound; a context manager that ends its process."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = self._left = seconds
        self._left_for_rust = SECONDS
        self._child: subprocess.Popen[str] | None = None
        self._reader: Thread | None = None
        self._answers: SimpleQueue[str] = SimpleQueue()

    def __enter__(self) -> Patterns:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def fits(self, pattern: str, text: str, dialect: str | None = None) -> bool:
        """Return whether all of `text` matches `pattern`; raise PatternTimeoutError if it takes too long.

        Without a `dialect` the pattern is Pact's; UnknownMatchError where Pact's answer is not known here.
        """
        if dialect == PYTHON:
            plain = _reads_alike(pattern, text)
        else:
            spelled = spell(pattern, text)
            pattern, plain = spelled.text, spelled.plain and len(text) <= LONGEST_FOR_RUST
        if plain:
            if self._left_for_rust <= 0:
                raise PatternTimeoutError
            started = monotonic()
            engine = _open(pattern)
            fits = engine.isinstance_python(text) if engine is not None else None
            self._left_for_rust -= monotonic() - started
            if fits is not None:
                return fits
        return self._ask(pattern, text)

    def _ask(self, pattern: str, text: str) -> bool:
        if self._left <= 0:
            raise PatternTimeoutError
        child = self._child or self._start()
        assert child.stdin is not None
        started = monotonic()
        try:  # the process is idle until it is asked, so that it reads what is written
            child.stdin.write(json.dumps([pattern, text]) + "\n")
            child.stdin.flush()
            answer = self._answers.get(timeout=self._left)
        except (Empty, OSError):
            answer = ""
        self._left -= monotonic() - started
        if answer not in ("0", "1"):  # it takes too long, or the process is gone: out of memory, say
            self._left = 0
            self._end()
            raise PatternTimeoutError
        return answer == "1"

    def _start(self) -> subprocess.Popen[str]:
        child = subprocess.Popen(  # noqa: S603 - Python itself, with the few lines above
            [sys.executable, "-I", "-S", "-c", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="ascii",
        )
        self._child = child
        self._reader = Thread(target=_read, args=(child, self._answers), daemon=True)
        self._reader.start()
        try:
            ready = self._answers.get(timeout=START)
        except Empty:
            ready = ""
        if ready != "ready":
            self._left = 0
            self._end()
            raise PatternTimeoutError
        return child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            assert child.stdin is not None
            with suppress(OSError):  # it had something left to write
                child.stdin.close()
            if self._reader is not None:
                self._reader.join()


def _read(child: subprocess.Popen[str], answers: SimpleQueue[str]) -> None:
    assert child.stdout is not None
    with child.stdout as lines:
        for line in lines:
            answers.put(line.strip())
    answers.put("")


def _reads_alike(pattern: str, text: str) -> bool:
    """Return whether both engines say the same of `text`, however long they think about it."""
    if len(text) > LONGEST_FOR_RUST or not _is_plain(pattern):
        return False
    if not text.isascii():  # the two know different letters as parts of words
        return text.isprintable() and not _CLASS.search(pattern)
    return text.isprintable()  # `$` before the last line feed and exotic blanks differ


@lru_cache(maxsize=1_000)
def _is_plain(pattern: str) -> bool:
    return pattern.isprintable() and _PLAIN.fullmatch(pattern) is not None


@lru_cache(maxsize=1_000)
def _open(pattern: str) -> SchemaValidator | None:
    schema = core_schema.str_schema(pattern=rf"\A(?:{pattern})\z", regex_engine="rust-regex")
    try:
        return SchemaValidator(schema)
    except SchemaError:  # too large for it, for example
        return None
