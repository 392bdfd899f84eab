"""What a check's hash is made of: the same in each process, Python and folder; another for another check."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

SOURCE = '''
import datetime, decimal, enum, functools, re
from dataclasses import dataclass

LIMIT = decimal.Decimal("5")
NAMES = {"a", "b", "c", ("d", 1)}
FORM = re.compile("a+")
PLACE = __file__

class Kind(enum.Enum):
    A = 1

@dataclass(frozen=True)
class Most:
    most: int = 3

MOST = Most()
KIND = Kind.A

def helper(value):
    return value in [each for each in NAMES] and len(f"{value!r} '{value}'") < 9

def check(value, least=2):
    """Says nothing."""
    # a comment
    return [LIMIT for _ in value if helper(value) and FORM and MOST and KIND and PLACE] or (lambda: least)()

def at_least(least):
    def inner(value):
        return value >= least
    return inner

class Callable:
    __slots__ = ()
    def __call__(self, value):
        return value

CHECKS = [
    check, at_least(3), lambda value: value + 1, functools.partial(check, least=4), Callable(),
    "abc".startswith,
    {1, 2}.__contains__, functools.partial(at_least, object), [object(), {"schema_ref": "a:1"}],
]
'''

CHANGES = {
    "": ("", "", False),
    "a comment": ("# a comment", "# another", False),
    "a docstring": ("Says nothing.", "Says something.", False),
    "layout": ("value + 1", "(value\n    +   1)", False),
    "an order of a set": ('{"a", "b", "c", ("d", 1)}', '{("d", 1), "c", "b", "a"}', False),
    "the code": ("value >= least", "value > least", True),
    "a lambda": ("value + 1", "value + 2", True),
    "a closure": ("at_least(3)", "at_least(4)", True),
    "a default": ("least=2", "least=3", True),
    "a partial": ("least=4", "least=5", True),
    "a constant": ('Decimal("5")', 'Decimal("6")', True),
    "a set": ('("d", 1)', '("d", 2)', True),
    "a pattern": ("a+", "a*", True),
    "a member": ("KIND = Kind.A\n", "KIND = Kind\n", True),
    "a dataclass": ("MOST = Most()", "MOST = Most(4)", True),
    "a helper": ("< 9", "< 8", True),
    "a call": ("        return value\n\nCHECKS", "        return not value\n\nCHECKS", True),
}

ASK = """
import sys
sys.path[:0] = sys.argv[1:]
from checks_of_mine import CHECKS
from taskcontract.declare.wire.checks import hash_of
print(*map(hash_of, CHECKS))
"""

ROOT = Path(__file__).parents[4]
COUNT = itertools.count(1)


def hashes_in(folder: Path, text: str) -> list[str]:
    """As another process finds them, in a folder and with a seed of its own."""
    number = next(COUNT)
    place = folder / str(number) / "deeper"
    place.mkdir(parents=True)
    (place / "checks_of_mine.py").write_text(text)
    environment = {**os.environ, "PYTHONHASHSEED": str(number)}
    command = [sys.executable, "-c", ASK, str(place), str(ROOT)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return hashes_in(tmp_path_factory.mktemp("before"), SOURCE)


@pytest.mark.parametrize("change", CHANGES)
def test_a_hash_changes_with_what_is_checked_alone(change: str, tmp_path: Path, before: list[str]) -> None:
    old, new, differs = CHANGES[change]
    assert old in SOURCE
    after = hashes_in(tmp_path, SOURCE.replace(old, new))
    assert (after != before) is differs, [one == other for one, other in zip(before, after, strict=True)]
