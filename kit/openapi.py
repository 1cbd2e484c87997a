"""The OpenAPI document: what every operation takes and answers, down to its refusals."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from litestar.datastructures import ResponseHeader
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    Components,
    Example,
    OpenAPIMediaType,
    Operation,
    RequestBody,
    Schema,
    SecurityScheme,
    Server,
)

from kit.forms import Form

PROBLEM_JSON = "application/problem+json"
LOCATION = [ResponseHeader(name="location", documentation_only=True, description="Where it is.")]


@dataclass
class WrongField:
    """A field that is wrong, and how to mend it."""

    field: str
    message: str


@dataclass
class Problem:
    """An RFC 9457 problem. `theirs` is how the thing stands now, when somebody was faster."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[WrongField] | None = None
    theirs: Any = None


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """The refusals of an operation: those every one has, and those given."""
    every = (400, 401, 403, 404, 405, 500, 503)
    return {
        status: ResponseSpec(
            Problem,
            media_type=PROBLEM_JSON,
            description=HTTPStatus(status).phrase,
            generate_examples=False,
            examples=[Example(value=_sample(status))],
        )
        for status in sorted({*every, *statuses})
    }


def _sample(status: int) -> dict[str, Any]:
    sample: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": "…",
    }
    if status == 422:
        sample["errors"] = [{"field": "name", "message": "Fill this in."}]
    return sample


WRITES = (409, 413, 415, 422)


def takes(
    form: type[Form], example: dict[str, Any], *, partly: tuple[str, ...] | None = None
) -> type[Operation]:
    """An operation whose JSON body is a form; of a PATCH only the fields of `partly` must be."""
    schema = _plain(form.model_json_schema())
    if partly is not None:
        schema["required"] = list(partly)
        for name, field in schema["properties"].items():
            if name not in partly:
                field.pop("default", None)
    schema["additionalProperties"] = False
    media = OpenAPIMediaType(schema=cast("Schema", schema), example=example)

    @dataclass
    class Described(Operation):
        """An operation with a body."""

        def __post_init__(self) -> None:
            self.request_body = RequestBody(content={"application/json": media}, required=True)

    return Described


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """A form's schema without the titles that Pydantic makes of names."""
    plain = deepcopy(schema)
    for field in plain["properties"].values():
        field.pop("title", None)
    return plain


def describe(version: str) -> OpenAPIConfig:
    """The settings of the document."""
    return OpenAPIConfig(
        title="Tổ Số",
        version=version,
        description=(
            "The register of community digital-technology teams. Sign in with "
            "`Authorization: Bearer …`; the scope `read` reads, `write` also writes. Sentences "
            "come in Vietnamese, or in English with `Accept-Language: en`."
        ),
        path="/schema",
        render_plugins=[JsonRenderPlugin()],
        servers=[Server(url="/")],
        use_handler_docstrings=True,
        operation_id_creator=lambda handler, *_: handler.handler_name,
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(type="http", scheme="bearer"),
                "cookie": SecurityScheme(type="apiKey", name="toso", security_scheme_in="cookie"),
            }
        ),
        security=[{"bearer": []}, {"cookie": []}],
    )
