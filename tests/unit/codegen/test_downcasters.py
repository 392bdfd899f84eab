"""Old results are made of newer ones in a form that runs and that type checkers take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.unit.codegen.conftest import Write

DECLARED = """
{types}


@service.task(version="1.0.0")
def f() -> Old: ...


@service.task(version="2.0.0", supersedes=f)
def f_v2() -> New: ...
"""

SAME = """
@dataclass
class New:
    url: str

"""


def keys(*names: str) -> str:
    return "{" + ", ".join(f"{name!r}: str" for name in names) + "}"


@pytest.mark.parametrize(
    ("old", "new", "made"),
    [
        (["url"], ["url"], 'Old(url=result["url"])'),
        (["type", "match"], ["type", "match"], 'Old(type=result["type"], match=result["match"])'),
        (["content-type"], ["content-type"], '{"content-type": result["content-type"]}'),
        (["class", "url"], ["class", "url"], '{"class": result["class"], "url": result["url"]}'),
        (["ﬁle"], ["ﬁle"], '{"ﬁle": result["ﬁle"]}'),
        (['a"b'], ['a"b'], r'{"a\"b": result["a\"b"]}'),
        (["content-type"], ["url"], '{"content-type": content_type}'),
        (["a-b", "a_b"], ["url"], '{"a-b": a_b, "a_b": old_a_b}'),
        (["class"], ["url"], '{"class": old_class}'),
    ],
)
def test_keys_that_are_no_identifiers_stand_in_a_dict(
    write: Write, old: list[str], new: list[str], made: str
) -> None:
    types = f'Old = TypedDict("Old", {keys(*old)})\nNew = TypedDict("New", {keys(*new)})'
    assert f"    return {made}\n" in write(DECLARED.format(types=types))


@pytest.mark.parametrize(
    ("old", "made"),
    [
        ("class Old(BaseModel):\n    url: str", "Old(url=result.url)"),
        ('class Old(BaseModel):\n    url: str = Field(alias="theUrl")', "Old(theUrl=result.url)"),
        (
            'class Old(BaseModel):\n    url: str = Field(alias="the-url")',
            'Old.model_validate({"the-url": result.url})',
        ),
        # Type checkers do not know these aliases, and pydantic no others.
        (
            'class Old(BaseModel):\n    url: Annotated[str, Field(alias="theUrl")]',
            'Old.model_validate({"theUrl": result.url})',
        ),
        (
            'class Old(BaseModel):\n    url: str = Field(validation_alias="theUrl")',
            'Old.model_validate({"theUrl": result.url})',
        ),
        (
            'class Old(BaseModel):\n    url: str = Field(alias="a", validation_alias="b")',
            'Old.model_validate({"b": result.url})',
        ),
        (
            "class Old(BaseModel):\n"
            '    url: str = Field(validation_alias=AliasChoices(AliasPath("a", 0), "b"))',
            'Old.model_validate({"b": result.url})',
        ),
        (
            "class Old(BaseModel):\n    model_config = ConfigDict(alias_generator=str.upper)\n    url: str",
            'Old.model_validate({"URL": result.url})',
        ),
        # By name pydantic takes them too.
        (
            "class Old(BaseModel):\n"
            "    model_config = ConfigDict(alias_generator=str.upper, populate_by_name=True)\n    url: str",
            "Old(url=result.url)",
        ),
        (
            "class Old(BaseModel):\n    model_config = ConfigDict(populate_by_name=True)\n"
            '    url: str = Field(alias="theUrl")',
            "Old(theUrl=result.url)",
        ),
        (
            '@pydantic_dataclass\nclass Old:\n    url: str = Field(alias="theUrl")',
            "Old(theUrl=result.url)",
        ),
        (
            '@pydantic_dataclass\nclass Old:\n    url: str = Field(alias="the-url")',
            'TypeAdapter(Old).validate_python({"the-url": result.url})',
        ),
        ("class Model(BaseModel):\n    url: str\n\n\nOld = Annotated[Model, 5]", "Model(url=result.url)"),
    ],
)
def test_models_are_made_by_the_names_that_pydantic_and_type_checkers_know(
    write: Write, old: str, made: str
) -> None:
    assert f"    return {made}\n" in write(DECLARED.format(types=f"{SAME}\n{old}"))


@pytest.mark.parametrize(
    "old",
    [
        "@dataclass(init=False)\nclass Old:\n    url: str\n\n    def __init__(self, place: str) -> None: ...",
    ],
)
def test_what_is_not_made_of_its_fields_is_asked_for(write: Write, old: str) -> None:
    text = write(DECLARED.format(types=f"{SAME}\n{old}"))
    assert "2.0.0 returns New (url): say what of it is Old for callers of 1.0.0" in text
    assert "return Old" not in text


@pytest.mark.parametrize(
    ("field", "lines"),
    [
        ("etag: str", ["    etag: str", "return Old(url=result.url, etag=etag)"]),
        ("day: date | None", ["    day: date | None", "day=day"]),
        ("date: date", ["    old_date: date", "date=old_date"]),
        ("provider: str", ["    old_provider: str", "provider=old_provider"]),
        ("f: str", ["    old_f: str", "f=old_f"]),
        ("f_v2: str", ["    old_f_v2: str", "f_v2=old_f_v2"]),
        ("Call: str", ["    old_Call: str", "Call=old_Call"]),
        ("downcast_f: str", ["    old_downcast_f: str", "downcast_f=old_downcast_f"]),
        ("result: str", ["    old_result: str", "result=old_result"]),
        ("id: str", ["    old_id: str", "id=old_id"]),
    ],
)
def test_asked_fields_are_declared_as_variables_that_hide_nothing(
    write: Write, field: str, lines: list[str]
) -> None:
    old = f"@dataclass\nclass Old:\n    url: str\n    {field}"
    text = write(DECLARED.format(types=f"{SAME}\n{old}")).partition("@provider.downcasts")[2]
    assert lines[0] in text.splitlines()
    assert lines[1] in text
    assert text.index(lines[0]) < text.index("raise NotImplementedError") < text.index(lines[1])


def test_type_variables_of_two_bases_are_not_taken_for_one_type(write: Write) -> None:
    types = (
        "from typing import Generic, TypeVar\n\nT = TypeVar('T')\n\n\n"
        "@dataclass\nclass Base(Generic[T]):\n    item: T\n\n\n"
        "@dataclass\nclass Old(Base[int]): ...\n\n\n@dataclass\nclass New(Base[str]): ..."
    )
    assert "    item: Any\n    raise NotImplementedError(" in write(DECLARED.format(types=types))
