"""What goes wrong is said in one shape, in the language the program asks for."""

from __future__ import annotations

import pytest

from demo.cast import HOA
from tests.programs import V1, is_problem, program
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def test_a_body_that_cannot_be_read_is_refused() -> None:
    as_json = {"content-type": "application/json"}
    async with await program(HOA) as hoa:
        for body in (b"", b"{", b'{"name": NaN}', b"\xff", b"[" * 5000, b'{"name": "\\ud800"}'):
            is_problem(await hoa.post(f"{V1}/teams", content=body, headers=as_json), 400)
        for body in (b"[]", b"null", b'"name"'):
            is_problem(await hoa.post(f"{V1}/teams", content=body, headers=as_json), 400)
        is_problem(await hoa.post(f"{V1}/teams", data={"name": "Tổ 1"}), 415)
        is_problem(await hoa.post(f"{V1}/teams", content=b"{}"), 415)
        huge = b'{"name": "' + b"a" * 1_100_000 + b'"}'
        is_problem(await hoa.post(f"{V1}/teams", content=huge, headers=as_json), 413)


async def test_each_wrong_field_has_its_sentence() -> None:
    async with await program(HOA) as hoa:
        body = {"name": 5, "areas": [], "founded_on": "10/10/2024", "target_size": "5", "color": 1}
        said = is_problem(await hoa.post(f"{V1}/teams", json=body), 422)
    fields = {error["field"] for error in said["errors"]}
    assert fields == {"name", "areas", "founded_on", "target_size", "color"}
    assert all(error["message"] for error in said["errors"])


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ("", "Bạn cần đăng nhập trước."),
        ("fr", "Bạn cần đăng nhập trước."),
        ("en-GB,en;q=0.9", "Please sign in first."),
        ("vi-VN,en;q=0.5", "Bạn cần đăng nhập trước."),
    ],
)
async def test_a_program_chooses_the_language(wish: str, sentence: str) -> None:
    async with await program(HOA) as hoa:
        headers = {"authorization": "Bearer wrong", "accept-language": wish}
        answer = await hoa.get(f"{V1}/teams", headers=headers)
        assert is_problem(answer, 401)["detail"] == sentence
        assert answer.headers["content-language"] == ("en" if "Please" in sentence else "vi")


async def test_addresses_and_methods_that_are_not_there() -> None:
    team = await id_of("Tổ CNSCĐ ấp 1")
    async with await program(HOA) as hoa:
        is_problem(await hoa.get(f"{V1}/nothing"), 404)
        is_problem(await hoa.get(f"{V1}/teams/not-an-id"), 404)
        answer = await hoa.request("DELETE", f"{V1}/teams/{team}")
        is_problem(answer, 405)
        assert "PATCH" in answer.headers["allow"]


async def test_wrong_questions_are_refused() -> None:
    wrong = ("limit=0", "limit=201", "limit=x", "after=x", "after=", "after=WyJhIiwxXQ")
    async with await program(HOA) as hoa:
        for question in (*wrong, "area=x", "gap=x", "on=x"):
            said = is_problem(await hoa.get(f"{V1}/teams?{question}"), 400)
            assert said["errors"][0]["field"] == question.partition("=")[0]


@pytest.mark.parametrize("path", ["areas", "teams", "memberships"])
async def test_a_day_of_another_millennium_is_a_wrong_question_and_no_fault(path: str) -> None:
    async with await program(HOA) as hoa:
        told = is_problem(await hoa.get(f"{V1}/{path}?on=0902-06-11"), 400)
    assert told["errors"][0]["field"] == "on"
