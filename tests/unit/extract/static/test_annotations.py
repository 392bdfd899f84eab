"""The schema of an annotation that is read is that of a binding with it, byte for byte."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.declare.codec import Codec
from taskcontract.extract.static.annotations.schemas import Annotations
from taskcontract.extract.static.evaluate import Evaluator
from taskcontract.extract.static.index import Index

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.extract.static.annotations.schemas import Mode
    from taskcontract.model.canonical import Json

TEXT = (Path(__file__).parent / "annotated.txt").read_bytes()
TYPES = """
None
Any
object
int
str
float
bool
bytes
list
dict
set
tuple
frozenset
list[int]
List[int]
t.List[int]
List
Dict
Dict[str, Any]
dict[str, int]
dict[str, list[dict[str, float]]]
tuple[int, str]
Tuple[int, ...]
tuple[()]
set[int]
frozenset[str]
Set[str]
Optional[int]
Optional[str]
int | None
int | str | None
Union[int, str]
Union[int, str, None]
Optional[list[int]]
"int"
"Optional[list['int']]"
Sequence[int]
Iterable[str]
Mapping[str, int]
abc.Sequence[str]
abc.Mapping[str, int]
collections.deque[int]
collections.OrderedDict[str, int]
DefaultDict[str, int]
Literal["a", "b"]
Literal[1, 2]
Literal["a", None]
Literal["a", 1, True]
Literal[Color.RED]
Optional[Literal["x"]]
datetime.datetime
datetime.date
datetime.time
datetime.timedelta
Optional[datetime.datetime]
dict[str, datetime.date]
uuid.UUID
list[uuid.UUID]
decimal.Decimal
pathlib.Path
ipaddress.IPv4Address
ipaddress.IPv6Network
Color
Level
Mode
S
Perm
Optional[Color]
list[Mode]
dict[Color, int]
dict[int, str]
dict[uuid.UUID, int]
Inner.Kind
Point
Deep
Optional[Point]
list[Point]
dict[str, Deep]
Opts
More
Pair
list[Pair]
Address
User
Admin
Optional[User]
list[Admin]
Union[User, Address]
Union[Point, int]
UserId
Ids
Json_
Optional[UserId]
Small
conint(gt=0)
Annotated[int, Field(gt=0)]
Annotated[str, Field(min_length=1)]
Annotated[str, "a note"]
Annotated[int, at.Ge(3), at.Le(7)]
Annotated[list[int], at.Len(1, 3)]
Annotated[str, StringConstraints(max_length=7)]
Annotated[decimal.Decimal, Field(max_digits=5, decimal_places=2)]
PositiveInt
HttpUrl
t.Text
t.Final[int]
T
list[T]
complex
""".strip().splitlines()

MODEL = "from pydantic import BaseModel\n"


class Tree:
    """Files in memory."""

    origin = "."

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        self.texts = texts

    def files(self) -> Mapping[str, str]:
        return dict.fromkeys(self.texts, "")

    def read(self, path: str) -> bytes:
        return self.texts[path]


def reads(texts: Mapping[str, bytes], annotation: str, path: str, mode: Mode = "read") -> Json:
    """Return the schema of an annotation in the module `path` of a project."""
    index = Index(Tree(texts))
    module = index.open(path)
    assert module is not None
    expression = ast.parse(annotation, mode="eval").body
    return Annotations(Evaluator(index), index).schema(expression, module.scope, mode)


@pytest.fixture(scope="module")
def imported() -> dict[str, Any]:
    """The names of the module of types, as Python has them."""
    from sys import modules
    from types import ModuleType

    module = modules["annotated"] = ModuleType("annotated")
    exec(TEXT, vars(module))
    return vars(module)


@pytest.mark.parametrize("mode", ["read", "write"])
def test_the_schema_is_that_of_a_binding(mode: Mode, imported: dict[str, Any]) -> None:
    index = Index(Tree({"annotated.py": TEXT}))
    module = index.open("annotated.py")
    assert module is not None
    annotations = Annotations(Evaluator(index), index)
    for text in TYPES:
        real = eval(text, imported)
        real = eval(real, imported) if isinstance(real, str) else real
        expected = json.dumps(Codec(real).schema(mode))
        read = annotations.schema(ast.parse(text, mode="eval").body, module.scope, mode)
        assert json.dumps(read) == expected, text


@pytest.mark.parametrize(
    ("annotation", "name"),
    [
        ("HttpRequest", "django.http.HttpRequest"),
        ("type[int]", "type[int]"),
        ("Callable[[int], str]", "typing.Callable[[int], str]"),
        ("Missing", "Missing"),
        ("Plain", "shop.Plain"),
        ("'Plain'", "shop.Plain"),
        ("Page[Plain]", "shop.Page[shop.Plain]"),
        ("f(x)", "f(x)"),
    ],
)
def test_what_is_not_known_is_known_by_its_name(annotation: str, name: str) -> None:
    text = b"""
from typing import TYPE_CHECKING, Callable
if TYPE_CHECKING:
    from django.http import HttpRequest
class Plain: pass
class Page: pass
"""
    schema: Any = reads({"shop.py": text}, annotation, "shop.py")
    assert list(schema) == ["x-checks"]
    assert list(schema["x-checks"]) == [name]
    assert schema == reads({"other.py": b"", "shop.py": text}, annotation, "shop.py")
    nullable: Any = reads({"shop.py": text}, f"list[{annotation}]", "shop.py")
    assert nullable == {"type": "array", "items": schema}


def test_types_are_found_through_imports() -> None:
    texts = {
        "shop/__init__.py": b"from .models import *\n",
        "shop/models.py": b"import enum\nclass Kind(enum.Enum):\n    A = 'a'\nKinds = list[Kind]\n",
        "shop/tasks.py": b"import shop.models as m\nfrom shop import Kind\nfrom . import models\n",
    }
    kind = {"const": "a", "type": "string", "title": "Kind"}
    for annotation in ("Kind", "m.Kind", "models.Kind", "'m.Kind'"):
        assert reads(texts, annotation, "shop/tasks.py") == kind
    kinds: Any = reads(texts, "m.Kinds", "shop/tasks.py")
    assert kinds["type"] == "array"


@pytest.mark.parametrize(
    "text",
    [
        "A = list['A']",
        "A = 'B'\nB = 'A'",
        "from a import A",
        "A = " + "list[" * 200 + "int" + "]" * 200,
        f"{MODEL}class A(BaseModel):\n    a: 'A'\n    b: 'list[B]'\nclass B(BaseModel):\n    a: A\n",
        "from pydantic import BaseModel\nclass A(BaseModel):\n"
        + "".join(f"    f{i}: int\n" for i in range(900)),
        "import enum\nclass A(enum.Enum):\n    mro = 1\n",
        "class A(A): pass",
        "import dataclasses as d\n@d.dataclass\nclass A:\n    a: 'A | None' = None\n    b: 'int +' = 3",
        "import typing, pydantic\nA = typing.Annotated[int, pydantic.Field(ge='x', pattern='(')]",
        "from typing import Union\nA = Union[()]",
        "from typing import Dict\nA = Dict[int]",
    ],
)
def test_a_hostile_definition_is_bounded(text: str) -> None:
    schema = reads({"a.py": text.encode()}, "A", "a.py")
    assert json.dumps(schema)
    assert len(json.dumps(schema)) < 50_000


def test_code_that_checks_a_model_is_a_check_by_its_text() -> None:
    text = """
from pydantic import BaseModel, field_validator
class User(BaseModel):
    name: str
    @field_validator("name")
    def check(cls, value): return value + "{}"
"""
    one, same, other = (reads({"m.py": text.format(each).encode()}, "User", "m.py") for each in "aab")
    assert one == same != other
    assert isinstance(one, dict)
    assert "User.check" in str(one["x-checks"])
