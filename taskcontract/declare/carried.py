"""What every call of a service carries beside its arguments, such as the tenant that it is for.

Applications often read such a value in a base class of their tasks: from a header, or from a keyword
argument that no task declares. Declared, no call leaves without it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, overload

from taskcontract.celery_compat.current_call import current_requests
from taskcontract.declare.header import HEADER, find_ours
from taskcontract.errors import ArgumentTypeError, ArgumentValueError, DeclarationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.declare.codec import Codec
    from taskcontract.model.canonical import Json
    from taskcontract.model.service import CarriedSpec

__all__ = ["NOTHING", "Carried"]

T = TypeVar("T")
F = TypeVar("F")
CarrierPlace = Literal["taskcontract", "header", "keyword"]

NOTHING: Any = object()
UNSAID: Any = object()
RESERVED = frozenset(
    {HEADER, "id", "task", "lang", "args", "kwargs", "retries", "eta", "expires", "group", "timelimit"}
)
"""Headers that are Celery's, or ours as a whole."""


class Carried(Generic[T]):
    """A value that each call of a service carries: `Service("pusher", carries=(tenant,))`.

    `annotation` is its type. It travels in our own header; `header="X"` puts it into a header of that name
    instead, and `keyword="x"` into a keyword argument that no task declares: what a base class of the
    provider's tasks reads already. A caller says the value once, by `fill`; the provider asks `read`.
    Where it is not `required`, a call without it is served too.
    """

    def __init__(
        self, name: str, annotation: type[T], *, header: str = "", keyword: str = "", required: bool = True
    ) -> None:
        self.name = name
        self.annotation = annotation
        self.required = required
        if header and keyword:
            raise DeclarationError(f"{name!r} is carried in two places", do="Give header= or keyword=.")
        self.place: CarrierPlace = "header" if header else "keyword" if keyword else "taskcontract"
        self.key = header or keyword or name
        if not name.isidentifier() or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*", self.key):
            raise DeclarationError(f"{name!r} ({self.key!r}) is not a name for what is carried")
        if self.place == "keyword" and not self.key.isidentifier():
            raise DeclarationError(f"{self.key!r} is not a name of a keyword argument")
        if self.place == "header" and self.key in RESERVED:
            raise DeclarationError(
                f"the header {self.key!r} is Celery's own", do="Name another, or leave header= out."
            )
        self._fill: Callable[[], T] | None = None
        self._codec: Codec | None = None

    def fill(self, function: Callable[[], T]) -> Callable[[], T]:
        """Ask `function` for the value at each call that this process sends; a decorator."""
        if not callable(function):
            raise DeclarationError(
                f"{function!r}, which is to give {self.name!r} to each call, is not a function",
                do=f"Give a function: lambda: {function!r}.",
            )
        self._fill = function
        return function

    @overload
    def read(self) -> T: ...
    @overload
    def read(self, default: F) -> T | F: ...
    def read(self, default: Any = UNSAID) -> Any:
        """Return the value in the call that this thread serves, or `default`; LookupError without either."""
        value = self.find_served()
        if value is not NOTHING:
            return self.decode(value)
        if default is UNSAID:
            raise LookupError(f"no call that carries {self.name!r} is being served here")
        return default

    @property
    def codec(self) -> Codec:
        """How its values are checked and written."""
        if self._codec is None:
            from taskcontract.declare.codec import Codec

            self._codec = Codec(self.annotation)
        return self._codec

    def find(self, kwargs: Any, headers: Any) -> Json:
        """Return its JSON form in a message's keywords or headers, whatever those are; NOTHING if absent."""
        if self.place == "keyword":
            source = kwargs
        elif self.place == "header":
            source = headers
        else:
            source = find_ours(headers).get("carried")
        return source.get(self.key, NOTHING) if isinstance(source, dict) else NOTHING

    def find_served(self) -> Json:
        """Return its JSON form in the call that this thread serves; NOTHING if not there."""
        found = (self.find(request.kwargs, request.headers) for request in current_requests())
        return next((value for value in found if value is not NOTHING), NOTHING)

    def decode(self, value: Json) -> T:
        """Return the typed value; raise an ArgumentValueError where `value` does not fit its type."""
        return self._checked(value, self.codec.decode)  # type: ignore[no-any-return]

    def ask(self, where: str) -> Json:
        """Return the JSON form of what `fill` gives now, or NOTHING where that may be left out.

        If it is not filled in, a worker's call carries on the value of the call that is being served.
        Raises an ArgumentTypeError if it has no value, an ArgumentValueError for a value of another type.
        """
        if self._fill is None:
            served = self.find_served()
            if served is not NOTHING or not self.required:
                return served
            raise ArgumentTypeError(
                f"each call carries {self.name!r}, and nothing here says which",
                where=where,
                do=f"Say it once, where the process starts: @{self.name}.fill on a function that returns it.",
            )
        value = self._fill()
        if value is None and not self.required:
            return NOTHING
        return self.codec.encode(self._checked(value, self.codec.check))

    def spec(self) -> CarriedSpec:
        """Return this as plain data; raise a DeclarationError where its type has no JSON form."""
        from taskcontract.model.service import CarriedSpec

        try:
            schema = self.codec.schema("read")
        except DeclarationError as error:
            what = f"{self.name!r}, which each call carries: {error.what}"
            raise DeclarationError(what, do=error.do) from None
        return CarriedSpec(self.name, schema, self.place, self.key, self.required)

    def refuse_missing(self) -> None:
        """Raise an ArgumentTypeError if a call must have it."""
        if self.required:
            raise ArgumentTypeError(
                f"it does not carry {self.name!r} ({self.spell_place()})",
                do="Send it with bindings that carry it.",
            )

    def spell_place(self) -> str:
        """Return `in the keyword argument '_tenant'`."""
        if self.place == "keyword":
            return f"in the keyword argument {self.key!r}"
        return f"in the header {HEADER if self.place == 'taskcontract' else self.key!r}"

    def _checked(self, value: Any, check: Callable[[Any], Any]) -> Any:
        from pydantic_core import ValidationError

        from taskcontract.declare.describe import show_value
        from taskcontract.declare.refusal import spell_type

        try:
            return check(value)
        except ValidationError:
            declared = spell_type(self.annotation)
            raise ArgumentValueError(
                f"{self.name!r}, which each call carries, is not {declared}; "
                f"got {show_value(value, self.codec)}",
                parameter=self.name,
                do=f"Give it a value of its declared type, {declared}.",
            ) from None

    def __repr__(self) -> str:
        return f"<Carried {self.name} {self.spell_place()}>"
