"""The conditions that a single keyword states.

Every atom speaks of one JSON type and holds for all values of the others, as JSON Schema's keywords do.
"""

from __future__ import annotations

from taskcontract.diff.schemas.formulas import Formula
from taskcontract.diff.schemas.values import ANY, ARRAY, NUMBER, OBJECT, STRING


class Assertion(Formula):
    """A condition on the values of one JSON type; values of other types satisfy it anyway."""

    __slots__ = ()
    TYPE = 0

    def __init__(self) -> None:
        super().__init__(ANY, ANY & ~self.TYPE)


class NumberAssertion(Assertion):
    """A condition on numbers."""

    __slots__ = ()
    TYPE = NUMBER


class StringAssertion(Assertion):
    """A condition on strings."""

    __slots__ = ()
    TYPE = STRING


class ArrayAssertion(Assertion):
    """A condition on arrays."""

    __slots__ = ()
    TYPE = ARRAY


class ObjectAssertion(Assertion):
    """A condition on objects."""

    __slots__ = ()
    TYPE = OBJECT


class AtLeast(NumberAssertion):
    """`minimum`, or `exclusiveMinimum` when `open` is set."""

    __slots__ = ("bound", "open")

    def __init__(self, bound: float, is_open: bool) -> None:
        super().__init__()
        self.bound = bound
        self.open = is_open


class AtMost(NumberAssertion):
    """A number up to `bound`; below it if `open`."""

    __slots__ = ("bound", "open")

    def __init__(self, bound: float, is_open: bool) -> None:
        super().__init__()
        self.bound = bound
        self.open = is_open


class MultipleOf(NumberAssertion):
    """A number that `divisor` divides."""

    __slots__ = ("divisor",)

    def __init__(self, divisor: float) -> None:
        super().__init__()
        self.divisor = divisor


class LengthAtLeast(StringAssertion):
    """A string of `count` characters or more."""

    __slots__ = ("count",)

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


class LengthAtMost(StringAssertion):
    """A string of `count` characters or fewer."""

    __slots__ = ("count",)

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


class Matches(StringAssertion):
    """`pattern`: the regular expression is found somewhere in the string."""

    __slots__ = ("pattern",)

    def __init__(self, pattern: str) -> None:
        super().__init__()
        self.pattern = pattern


class HasFormat(StringAssertion):
    """A string in the format called `name`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class ItemAt(ArrayAssertion):
    """The item at this index, if there is one, satisfies the part."""

    __slots__ = ("index", "part")

    def __init__(self, index: int, part: Formula) -> None:
        super().__init__()
        self.index = index
        self.part = part


class ItemsFrom(ArrayAssertion):
    """Each item from this index on satisfies the part."""

    __slots__ = ("index", "part")

    def __init__(self, index: int, part: Formula) -> None:
        super().__init__()
        self.index = index
        self.part = part


class ItemsAtLeast(ArrayAssertion):
    """At least `count` items satisfy the part."""

    __slots__ = ("count", "part")

    def __init__(self, count: int, part: Formula) -> None:
        super().__init__()
        self.count = count
        self.part = part


class ItemsAtMost(ArrayAssertion):
    """At most `count` items satisfy the part."""

    __slots__ = ("count", "part")

    def __init__(self, count: int, part: Formula) -> None:
        super().__init__()
        self.count = count
        self.part = part


class Unique(ArrayAssertion):
    """An array without equal items."""

    __slots__ = ()


class Has(ObjectAssertion):
    """The object has a property of this name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class Property(ObjectAssertion):
    """The property of this name, if there is one, satisfies the part."""

    __slots__ = ("name", "part")

    def __init__(self, name: str, part: Formula) -> None:
        super().__init__()
        self.name = name
        self.part = part


class Properties(ObjectAssertion):
    """Each property whose name is not in `names` and matches none of `patterns` satisfies the part."""

    __slots__ = ("names", "part", "patterns")

    def __init__(self, names: frozenset[str], patterns: frozenset[str], part: Formula) -> None:
        super().__init__()
        self.names = names
        self.patterns = patterns
        self.part = part


class MatchingProperties(ObjectAssertion):
    """Each property whose name matches the pattern satisfies the part."""

    __slots__ = ("part", "pattern")

    def __init__(self, pattern: str, part: Formula) -> None:
        super().__init__()
        self.pattern = pattern
        self.part = part


class Names(ObjectAssertion):
    """Each property's name satisfies the part."""

    __slots__ = ("part",)

    def __init__(self, part: Formula) -> None:
        super().__init__()
        self.part = part


class SizeAtLeast(ObjectAssertion):
    """At least `count` properties."""

    __slots__ = ("count",)

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


class SizeAtMost(ObjectAssertion):
    """At most `count` properties."""

    __slots__ = ("count",)

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
