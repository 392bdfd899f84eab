"""The conditions that a single keyword states.

Every atom speaks of one JSON type and holds for all values of the others, as JSON Schema's keywords do.
"""

from __future__ import annotations

from taskcontract.diff.schemas.formulas import Formula
from taskcontract.diff.schemas.values import ANY, ARRAY, NUMBER, OBJECT, STRING


class Atom(Formula):
    __slots__ = ()
    TYPE = 0

    def __init__(self) -> None:
        super().__init__(ANY, ANY & ~self.TYPE)


class NumberAtom(Atom):
    __slots__ = ()
    TYPE = NUMBER


class StringAtom(Atom):
    __slots__ = ()
    TYPE = STRING


class ArrayAtom(Atom):
    __slots__ = ()
    TYPE = ARRAY


class ObjectAtom(Atom):
    __slots__ = ()
    TYPE = OBJECT


class AtLeast(NumberAtom):
    """`minimum`, or `exclusiveMinimum` when `open` is set."""

    __slots__ = ("bound", "open")

    def __init__(self, bound: float, is_open: bool) -> None:
        super().__init__()
        self.bound = bound
        self.open = is_open


class AtMost(NumberAtom):
    __slots__ = ("bound", "open")

    def __init__(self, bound: float, is_open: bool) -> None:
        super().__init__()
        self.bound = bound
        self.open = is_open


class MultipleOf(NumberAtom):
    __slots__ = ("divisor",)

    def __init__(self, divisor: float) -> None:
        super().__init__()
        self.divisor = divisor


class LengthAtLeast(StringAtom):
    __slots__ = ("count",)

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


class LengthAtMost(StringAtom):
    __slots__ = ("count",)

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


class Matches(StringAtom):
    """`pattern`: the regular expression is found somewhere in the string."""

    __slots__ = ("pattern",)

    def __init__(self, pattern: str) -> None:
        super().__init__()
        self.pattern = pattern


class HasFormat(StringAtom):
    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class ItemAt(ArrayAtom):
    """The item at this index, if there is one, satisfies the part."""

    __slots__ = ("index", "part")

    def __init__(self, index: int, part: Formula) -> None:
        super().__init__()
        self.index = index
        self.part = part


class ItemsFrom(ArrayAtom):
    """Each item from this index on satisfies the part."""

    __slots__ = ("index", "part")

    def __init__(self, index: int, part: Formula) -> None:
        super().__init__()
        self.index = index
        self.part = part


class ItemsAtLeast(ArrayAtom):
    """At least `count` items satisfy the part."""

    __slots__ = ("count", "part")

    def __init__(self, count: int, part: Formula) -> None:
        super().__init__()
        self.count = count
        self.part = part


class ItemsAtMost(ArrayAtom):
    """At most `count` items satisfy the part."""

    __slots__ = ("count", "part")

    def __init__(self, count: int, part: Formula) -> None:
        super().__init__()
        self.count = count
        self.part = part


class Unique(ArrayAtom):
    __slots__ = ()


class Has(ObjectAtom):
    """The object has a property of this name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class Property(ObjectAtom):
    """The property of this name, if there is one, satisfies the part."""

    __slots__ = ("name", "part")

    def __init__(self, name: str, part: Formula) -> None:
        super().__init__()
        self.name = name
        self.part = part


class Properties(ObjectAtom):
    """Each property whose name is not in `names` and matches none of `patterns` satisfies the part."""

    __slots__ = ("names", "part", "patterns")

    def __init__(self, names: frozenset[str], patterns: frozenset[str], part: Formula) -> None:
        super().__init__()
        self.names = names
        self.patterns = patterns
        self.part = part


class MatchingProperties(ObjectAtom):
    """Each property whose name matches the pattern satisfies the part."""

    __slots__ = ("part", "pattern")

    def __init__(self, pattern: str, part: Formula) -> None:
        super().__init__()
        self.pattern = pattern
        self.part = part


class Names(ObjectAtom):
    """Each property's name satisfies the part."""

    __slots__ = ("part",)

    def __init__(self, part: Formula) -> None:
        super().__init__()
        self.part = part


class SizeAtLeast(ObjectAtom):
    """At least `count` properties."""

    __slots__ = ("count",)

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


class SizeAtMost(ObjectAtom):
    """At most `count` properties."""

    __slots__ = ("count",)

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
