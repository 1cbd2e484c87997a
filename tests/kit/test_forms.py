"""Forms: all that is wrong at once, in sentences, with what was typed kept."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, TypeAdapter

import app  # noqa: F401  (makes every form)
from kit.errors import Refused
from kit.forms import Form, Line, Maybe, MaybeEmail, MaybePhone, Phone, check


class Example(Form):
    """One field of each kind."""

    name: Line = Field(min_length=2, max_length=5)
    day: date
    size: int = Field(ge=1, le=9)
    share: float = 1.0
    kind: Literal["a", "b"] = "a"
    phone: Phone
    other: MaybePhone = None
    mail: MaybeEmail = None
    maybe: Annotated[date | None, Maybe] = None


GOOD = {"name": " An  Bê ", "day": "2026-11-23", "size": "3", "phone": "0900.000.001"}


def test_good_values_are_cleaned() -> None:
    form = check(Example, {**GOOD, "maybe": "", "other": " ", "mail": " a.b@toso.vn "})
    assert (form.name, form.phone, form.other, form.maybe) == ("An Bê", "+84900000001", None, None)
    assert form.mail == "a.b@toso.vn"
    assert check(Example, {**GOOD, "mail": " "}).mail is None


@pytest.mark.parametrize(
    ("field", "typed", "part"),
    [
        ("name", "A", "2"),
        ("name", "quá là dài", "5"),
        ("day", "hôm qua", "23/11/2026"),
        ("size", "nhiều", "số"),
        ("share", "nhiều", "số"),
        ("mail", "ten@toso", "thư điện tử"),
        ("mail", "ten..ho@toso.vn", "thư điện tử"),
        ("mail", "tên@toso.vn", "thư điện tử"),
        ("size", "0", "1"),
        ("size", "10", "9"),
        ("kind", "c", "danh sách"),
        ("phone", "123", "10"),
        ("phone", "", "Điền"),
        ("day", "", "Điền"),
    ],
)
def test_each_wrong_value_gets_a_sentence_and_is_kept(field: str, typed: str, part: str) -> None:
    with pytest.raises(Refused) as refused:
        check(Example, {**GOOD, field: typed})
    assert list(refused.value.fields) == [field]
    assert part.lower() in refused.value.fields[field].lower()
    assert refused.value.typed[field] == typed


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        check(Example, {})
    assert set(refused.value.fields) == {"name", "day", "size", "phone"}


def all_forms(form: type[Form] = Form) -> list[type[Form]]:
    """Every form of the program; importing the app has made them all."""
    return [found for child in form.__subclasses__() for found in [child, *all_forms(child)]]


@pytest.mark.parametrize("form", all_forms(), ids=lambda form: form.__name__)
def test_every_day_is_read_as_people_type_it(form: type[Form]) -> None:
    for name, field in form.model_fields.items():
        if "date" in str(field.annotation) and form is not Example:
            kind: Any = Annotated[field.annotation, *field.metadata]
            read = TypeAdapter(kind).validate_python
            assert read("23/11/2026") == read("2026-11-23") == date(2026, 11, 23), name
