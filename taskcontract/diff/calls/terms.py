"""What a signature asks of a call's keywords, once the number of its positional arguments is fixed.

With that number fixed, a set of keywords is accepted exactly when each of its names is allowed and no
required name is missing. Both are conditions on single names, so nothing built on them ever has to look at
subsets of names: signatures with many parameters are decided as exactly as those with few, and as soon.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from taskcontract.diff.calls.shape import Shape

CallStyle: TypeAlias = Literal["positional", "keyword", "both"]
"""How callers send a parameter that takes its value either way.

`positional`: always by position. `keyword`: always by keyword, except in a call that has values for `*args`,
which cannot be reached otherwise. `both`: as they like. What can be sent one way only is sent that way.
"""


class Terms(NamedTuple):
    """The keywords that go with one number of positional arguments.

    Each is an ordered set. `named` are those that a parameter of their own takes, `required` the part of them
    that must be there, in the order of the signature. `refused` are names that may not come even where
    `**kwargs` takes all others.
    """

    named: dict[str, None]
    required: dict[str, None]
    refused: dict[str, None]
    open: bool

    def allows(self, name: str) -> bool:
        """Whether a call may have the keyword `name`."""
        return name in self.named or (self.open and name not in self.refused)


def terms_for(shape: Shape, count: int) -> Terms | None:
    """Return the terms for calls with `count` positional arguments; None where every such call fails.

    A keyword that names an *omitted* positional-only parameter is refused, even where `**kwargs` is there and
    a plain call would put it in: `inspect.Signature.bind` refuses it up to Python 3.12.3 (gh-87106), and so
    does whatever checks arguments with it. This never makes a break look safe: what changes for such
    a call changes as well for the same call with that parameter sent.
    """
    only, flexible = shape.positional_only, shape.positional_or_keyword
    by_place = count - len(only)
    if by_place < 0:
        refused = only[count:]
        if not shape.required.isdisjoint(refused):
            return None
        by_place = 0
    else:
        if by_place > len(flexible) and shape.var_positional is None:
            return None
        refused = flexible[:by_place]
    named = dict.fromkeys(flexible[by_place:] + shape.keyword_only)
    required = {name: None for name in named if name in shape.required}
    return Terms(named, required, dict.fromkeys(refused), shape.var_keyword is not None)


def terms_in_style(shape: Shape, count: int, style: CallStyle) -> Terms | None:
    """As `terms_for`, for the calls that callers of one style make; None where they make none."""
    if style == "keyword" and len(shape.positional_only) < count <= len(shape.positional):
        return None
    terms = terms_for(shape, count)
    if style != "positional" or terms is None:
        return terms
    sent = dict.fromkeys(shape.keyword_only)
    unsent = {name: None for name in terms.named if name not in sent}
    if not shape.required.isdisjoint(unsent):
        return None
    return Terms(sent, terms.required, terms.refused | unsent, terms.open)
