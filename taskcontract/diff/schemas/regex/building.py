"""The language of a pattern: the strings in which it is found."""

from __future__ import annotations

from taskcontract.diff.schemas.regex.characters import Characters
from taskcontract.diff.schemas.regex.languages import EMPTY, EVERYTHING, NOTHING, Language, Languages
from taskcontract.diff.schemas.regex.trees import (
    Ahead,
    Choice,
    Concatenation,
    End,
    Repeat,
    Start,
    Tree,
    UnsupportedPatternError,
)


def build_search(tree: Tree, languages: Languages) -> Language:
    """Return the strings in which the pattern is found; raise UnsupportedPatternError if it cannot."""
    at_start = _build(tree, EVERYTHING, True, languages)
    if at_start is EVERYTHING:
        return EVERYTHING
    later = _build(tree, EVERYTHING, False, languages)
    return languages.union((at_start, languages.then(languages.repeat(languages.character, 1, None), later)))


def is_sensitive(tree: Tree) -> bool:
    """Whether ECMA-262 and Python could disagree on what the pattern matches."""
    if isinstance(tree, Characters):
        return bool(tree.classes)
    if isinstance(tree, Concatenation):
        return any(is_sensitive(part) for part in tree.parts)
    if isinstance(tree, Choice):
        return any(is_sensitive(branch) for branch in tree.branches)
    if isinstance(tree, Repeat | Ahead):
        return is_sensitive(tree.part)
    return isinstance(tree, End)


def _build(tree: Tree, rest: Language, at_start: bool | None, languages: Languages) -> Language:
    """Return the strings that match `tree` and then `rest`; with `at_start` None the string decides that."""
    if not _asserts(tree):
        return languages.then(_build_plain(tree, languages), rest)
    if isinstance(tree, Concatenation):
        return _build_sequence(tree, rest, at_start, languages)
    if isinstance(tree, Choice):
        return languages.union([_build(branch, rest, at_start, languages) for branch in tree.branches])
    if isinstance(tree, Start):
        if at_start is None:
            raise UnsupportedPatternError("it uses ^ after something that may be empty")
        return rest if at_start else NOTHING
    if isinstance(tree, End):
        end = languages.union((EMPTY, languages.spell("\n"))) if languages.python else EMPTY
        return languages.intersect((rest, end))
    if isinstance(tree, Ahead):
        seen = _build(tree.part, EVERYTHING, at_start, languages)
        return languages.intersect((rest, languages.complement(seen) if tree.negated else seen))
    if isinstance(tree, Repeat) and tree.most == 1:
        once = _build(tree.part, rest, at_start, languages)
        return once if tree.least else languages.union((once, rest))
    raise UnsupportedPatternError("it repeats an assertion")


def _build_sequence(
    tree: Concatenation, rest: Language, at_start: bool | None, languages: Languages
) -> Language:
    starts: list[bool | None] = []
    for part in tree.parts:
        starts.append(at_start)
        least, most = _find_widths(part)
        if least > 0:
            at_start = False
        elif most != 0 and at_start:
            at_start = None
    for part, start in zip(reversed(tree.parts), reversed(starts), strict=True):
        rest = _build(part, rest, start, languages)
    return rest


def _build_plain(tree: Tree, languages: Languages) -> Language:
    if isinstance(tree, Characters):
        return languages.one_of(tree)
    if isinstance(tree, Choice):
        return languages.union([_build_plain(branch, languages) for branch in tree.branches])
    if isinstance(tree, Repeat):
        return languages.repeat(_build_plain(tree.part, languages), tree.least, tree.most)
    found: Language = EMPTY
    for part in reversed(tree.parts if isinstance(tree, Concatenation) else ()):
        found = languages.then(_build_plain(part, languages), found)
    return found


def _asserts(tree: Tree) -> bool:
    if isinstance(tree, Concatenation):
        return any(_asserts(part) for part in tree.parts)
    if isinstance(tree, Choice):
        return any(_asserts(branch) for branch in tree.branches)
    if isinstance(tree, Repeat):
        return _asserts(tree.part)
    return not isinstance(tree, Characters)


def _find_widths(tree: Tree) -> tuple[int, int | None]:
    """Return the fewest and the most characters that the tree matches; None for no limit."""
    if isinstance(tree, Characters):
        return 1, 1
    if isinstance(tree, Repeat):
        least, most = _find_widths(tree.part)
        limit = (
            0
            if most == 0 or tree.most == 0
            else None
            if most is None or tree.most is None
            else most * tree.most
        )
        return least * tree.least, limit
    if isinstance(tree, Choice):
        widths = [_find_widths(branch) for branch in tree.branches]
        mosts = [most for _, most in widths if most is not None]
        return min(least for least, _ in widths), max(mosts) if len(mosts) == len(widths) else None
    if isinstance(tree, Concatenation):
        widths = [_find_widths(part) for part in tree.parts]
        mosts = [most for _, most in widths if most is not None]
        return sum(least for least, _ in widths), sum(mosts) if len(mosts) == len(widths) else None
    return 0, 0
