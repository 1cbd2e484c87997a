"""The OpenAPI document kept to its word: what it describes is sent, and what it forbids."""

from __future__ import annotations

import random
import re
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app import make_app
from demo.cast import HOA, SEN
from tests.policy import things
from tests.programs import bearer, client
from tests.visitor import ADDRESS

DOCUMENT: dict[str, Any] = make_app().openapi_schema.to_schema()
REFUSALS = [str(status) for status in (400, 401, 403, 404, 405, 409, 413, 415, 422, 428, 429)]
"""What a request that the document forbids is answered with; 413 where it is made so large that
nobody reads on to see what else is wrong with it."""
CONFIG = {"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}}
FOUND: Any = schemathesis.openapi.from_dict(
    DOCUMENT, config=SchemathesisConfig.from_dict(CONFIG)
).get_all_operations()
OPERATIONS = [found.ok() for found in FOUND]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
EXAMPLES = 15
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def with_known_ids(value: Any, names: dict[str, str], dice: random.Random) -> Any:
    """A generated value in which most ids are those of things that are there."""
    if isinstance(value, dict):
        return {
            key: names[key]
            if key in names
            and isinstance(inner, str)
            and ID.fullmatch(inner)
            and dice.random() < 0.8
            else with_known_ids(inner, names, dice)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        known = [names["area"], names["team"], names["person"]]
        return [dice.choice(known) if isinstance(v, str) and ID.fullmatch(v) else v for v in value]
    return 1 if isinstance(value, int) and value is not True and dice.random() < 0.5 else value


def request_of(case: Any, token: str) -> requests.PreparedRequest:
    """A generated case as it goes over the wire."""
    sent = case.as_transport_kwargs(base_url=ADDRESS, headers={"authorization": f"Bearer {token}"})
    known = ("method", "url", "headers", "params", "json", "data", "cookies")
    return requests.Request(**{key: sent[key] for key in known if key in sent}).prepare()


def cases(operation: Any, mode: GenerationMode) -> list[Any]:
    """Some requests that the document allows, or forbids; the same ones each time."""
    found: list[Any] = []

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def collect(case: Any) -> None:
        found.append(case)

    collect()
    return found


@pytest.mark.anyio
@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
async def test_the_document_is_true(operation: Any, mode: GenerationMode) -> None:
    if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query):
        return
    dice, names = random.Random(operation.label), await things("lang")
    tokens = [await bearer(HOA), await bearer(HOA), await bearer(SEN, "read")]
    async with client(None) as wire:
        for case in cases(operation, mode):
            case.path_parameters = with_known_ids(dict(case.path_parameters or {}), names, dice)
            if mode is GenerationMode.POSITIVE and isinstance(case.body, dict):
                case.body = with_known_ids(case.body, names, dice)
            sent: Any = request_of(case, dice.choice(tokens))
            headers = dict(sent.headers)
            answer = await wire.request(sent.method, sent.url, headers=headers, content=sent.body)
            case.validate_response(answer, checks=CHECKS)


def test_every_operation_is_described() -> None:
    ids = set()
    for path, methods in DOCUMENT["paths"].items():
        assert path.startswith("/api/v1/")
        for described in methods.values():
            ids.add(described["operationId"])
            assert described["summary"]
            assert described["description"]
            assert described["tags"]
            assert {"400", "401", "403", "404", "405", "500"} <= set(described["responses"])
    assert len(ids) == len(OPERATIONS)
    assert set(DOCUMENT["components"]["securitySchemes"]) == {"bearer", "cookie"}


@pytest.mark.anyio
@pytest.mark.usefixtures("world")
async def test_the_document_is_served() -> None:
    async with client(None) as stranger:
        answer: httpx.Response = await stranger.get("/schema/openapi.json")
        assert answer.json()["info"]["title"] == "Tổ Số"
