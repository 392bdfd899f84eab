"""Every way in which a call of the old signature fails, or changes its meaning, under the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from taskcontract.diff.calls.terms import Terms, terms_for, terms_in_style

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from taskcontract.diff.calls.shape import Shape
    from taskcontract.diff.calls.terms import CallStyle

Cause: TypeAlias = Literal["moved", "missing", "surplus", "unexpected", "duplicate", "positional-only"]
"""`moved`: still binds, but a value lands elsewhere: nothing raises. All others are refusals: a required
parameter is missing, there are too many positional arguments, no parameter has the keyword's name, the
parameter has its value by position already, or it takes none by keyword."""


class CallBreak(NamedTuple):
    """One cause, with the shortest call that shows it: `positionals` many values by position, and `keywords`.

    `subject` is what the cause is about: a keyword that is refused, a parameter that is missing, or a value
    by the slot that it used to bind to (`a`, `*args[0]`, `**kwargs['a']`). `landing` is the slot
    that a moved value lands in, else empty. `disputed` marks a refusal that only some binders agree on (see
    `terms_for`).
    """

    cause: Cause
    subject: str
    landing: str
    positionals: int
    keywords: tuple[str, ...]
    disputed: bool = False

    @property
    def silent(self) -> bool:
        """Whether the call still binds, so that nothing raises."""
        return self.cause == "moved"

    @property
    def takes_an_extra(self) -> bool:
        """Whether a parameter takes what fell into `**kwargs` before, if anybody sent such a key."""
        return self.silent and self.subject.startswith("**") and not self.landing.startswith("*")


_Rank: TypeAlias = tuple[bool, bool, int, int]


class _Found(NamedTuple):
    """A break before its keywords are written out, which most never are: those of `base`, and `added`."""

    cause: Cause
    subject: str
    landing: str
    positionals: int
    base: Collection[str]
    added: str = ""
    disputed: bool = False

    @property
    def rank(self) -> _Rank:
        """What to show first: silent ones, those that every binder agrees on, the shortest, by position."""
        size = len(self.base) + (self.added != "" and self.added not in self.base)
        return self.cause != "moved", self.disputed, self.positionals + size, size

    def write_out(self) -> CallBreak:
        """Return the break as a `CallBreak`, with its keywords in one tuple."""
        keywords = tuple(dict.fromkeys((*self.base, self.added) if self.added else self.base))
        return CallBreak(*self[:4], keywords, self.disputed)


def count_work(old: Shape, new: Shape) -> int:
    """About how many calls `find_call_breaks` looks at, told without looking."""
    names = len(old.positional) + len(old.keyword_only) + len(new.positional) + len(new.keyword_only)
    return (max(len(old.positional), len(new.positional)) + 2) * names


def find_call_breaks(old: Shape, new: Shape, style: CallStyle = "both") -> list[CallBreak]:
    """One break per cause, subject and landing, each with its shortest call; the first is the one to show.

    Empty means: proved, every call that `old` accepts binds under `new` to the same parameters.
    """
    found: dict[tuple[Cause, str, str], tuple[_Rank, _Found]] = {}
    if old != new:
        for item in _iterate_breaks(old, new, style):
            key = item[:3]
            rank, best = item.rank, found.get(key)
            if best is None or rank < best[0]:
                found[key] = rank, item
    return [item.write_out() for _, item in sorted(found.values(), key=lambda each: each[0])]


def _iterate_breaks(old: Shape, new: Shape, style: CallStyle) -> Iterator[_Found]:
    moves = find_moves(old, new)
    extras = _extra_names(old, new) if old.var_keyword is not None else ()
    # Past both signatures' places all counts are alike: further values only follow their *args.
    places = len(old.positional)
    if old.var_positional is not None:
        places = max(places, len(new.positional)) + 1
    for count in range(places + 1):
        asked = terms_in_style(old, count, style)
        if asked is None:
            continue
        given = terms_for(new, count)
        if given is None:
            yield _refuse_count(old, new, count, asked.required)
            continue
        yield from _find_refusals(new, asked, given, count, extras)
        yield from _find_silent(old, new, asked, given, count, extras, moves)


def _refuse_count(old: Shape, new: Shape, count: int, keywords: Collection[str]) -> _Found:
    """Return the break of calls that fail by their number of positional arguments alone."""
    room = len(new.positional)
    if count > room and new.var_positional is None:
        return _Found("surplus", _slot_at(old, room), "", count, keywords)
    lacking = next(name for name in new.positional_only[count:] if name in new.required)
    cause: Cause = "positional-only" if lacking in keywords else "missing"
    return _Found(cause, lacking, "", count, keywords)


def _find_refusals(
    new: Shape, asked: Terms, given: Terms, count: int, extras: tuple[str, ...]
) -> Iterator[_Found]:
    for name in _sendable(asked, extras):
        if given.allows(name):
            continue
        if name not in given.refused:
            yield _Found("unexpected", name, "", count, asked.required, name)
        elif count < len(new.positional_only):
            yield _Found("positional-only", name, "", count, asked.required, name, disputed=given.open)
        else:
            yield _Found("duplicate", name, "", count, asked.required, name)
    for name in given.required:
        if name not in asked.required:
            yield _Found("missing", name, "", count, asked.required)


def _find_silent(
    old: Shape,
    new: Shape,
    asked: Terms,
    given: Terms,
    count: int,
    extras: tuple[str, ...],
    moves: dict[int, tuple[str, str]],
) -> Iterator[_Found]:
    added = tuple(name for name in given.required if name not in asked.required)
    base = dict.fromkeys((*asked.required, *added))
    if not (all(map(asked.allows, added)) and all(map(given.allows, asked.required))):
        return
    for place, (source, landing) in moves.items():
        if place < count:
            yield _Found("moved", source, landing, count, base)
    for name in _sendable(asked, extras):
        if (name in asked.named) == (name in given.named) or not given.allows(name):
            continue
        source = name if name in asked.named else f"**{old.var_keyword}[{name!r}]"
        landing = name if name in given.named else f"**{new.var_keyword}[{name!r}]"
        yield _Found("moved", source, landing, count, base, name)


def _sendable(asked: Terms, extras: tuple[str, ...]) -> Iterator[str]:
    """Each keyword that a call may have; of all those that `**kwargs` takes, the ones that matter."""
    yield from asked.named
    for name in extras:
        if name not in asked.named and name not in asked.refused:
            yield name


def _extra_names(old: Shape, new: Shape) -> tuple[str, ...]:
    """Return the keywords to try in `**kwargs`: one that names no parameter, and those that name new ones."""
    names = (*new.positional_or_keyword, *new.keyword_only, *new.positional_only)
    fresh = "extra"
    while fresh in names or fresh in old.positional or fresh in old.keyword_only:
        fresh += "_"
    return fresh, *names


def find_moves(old: Shape, new: Shape) -> dict[int, tuple[str, str]]:
    """Places whose value changes its slot, with the old and the new slot.

    The same place keeps its parameter when the name is the same, or is merely new: neither the old name lives
    on in the new signature nor was the new name there before, as either would make it a move.
    """
    old_places, new_places = old.positional, new.positional
    old_names = {*old_places, *old.keyword_only, old.var_positional, old.var_keyword}
    new_names = {*new_places, *new.keyword_only, new.var_positional, new.var_keyword}
    shared = min(len(old_places), len(new_places))
    moves: dict[int, tuple[str, str]] = {}
    for place in range(shared):
        was, becomes = old_places[place], new_places[place]
        if was != becomes and (was in new_names or becomes in old_names):
            moves[place] = was, becomes
    # What lies further still, inside both *args, moves only in calls where one of these has moved.
    for place in range(shared, max(len(old_places), len(new_places))):
        moves[place] = _slot_at(old, place), _slot_at(new, place)
    return moves


def _slot_at(shape: Shape, place: int) -> str:
    """Return what the positional argument at `place` binds to: a parameter, or an item of `*args`."""
    places = shape.positional
    if place < len(places):
        return places[place]
    return f"*{shape.var_positional}[{place - len(places)}]"
