"""Looking at what looks odd: it is fine, or its author is asked."""

from __future__ import annotations

from uuid import UUID

import pytest

from demo.cast import HAN, HOANG, SEN, TAM, TOAN, Player
from kit import clock
from kit.database import run
from kit.errors import Forbidden, NotFound, Refused
from people.permissions import MACHINE, Right, Who
from teams.memberships.commands import EndForm, end_membership
from teams.reviews.commands import (
    ReviewForm,
    ReviewManyForm,
    read_word,
    review_flag,
    review_flags,
)
from teams.reviews.queries import count_flags, flags_of, list_flags
from tests.queries import few_queries
from tests.teams.logged import a_flag, a_visit, withdrawn
from tests.teams.lookups import how_many, last_line, spell_of
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

FINE = ReviewForm(verdict="fine", word="Đã gọi hỏi, đúng")
ASK = ReviewForm(verdict="ask", word="Hôm đó gặp ai?")


async def odd_visit() -> UUID:
    """A visit of Hoàng that lies in the future, they say."""
    found = await a_visit()
    await a_flag(found)
    return found


async def test_a_coordinator_finds_it_fine_and_it_leaves_the_list() -> None:
    odd, tam = await odd_visit(), await who_is(TAM)
    assert [f.visit for f in (await list_flags(tam))[0]] == [odd]
    await review_flag(tam, odd, "future", FINE)
    assert (await list_flags(tam))[0] == []
    (flag,) = await flags_of(odd)
    assert (flag.reviewer, flag.word, flag.asked_at) == (TAM.name, FINE.word, None)
    assert await run("SELECT id FROM notice") == []


async def test_a_stranger_to_the_visit_does_not_find_it() -> None:
    odd = await odd_visit()
    with pytest.raises(NotFound):
        await review_flag(await who_is(SEN), odd, "future", FINE)
    assert (await list_flags(await who_is(SEN)))[0] == []


@pytest.mark.parametrize("reader", [TOAN, HAN, HOANG])
async def test_who_only_reads_may_not_review(reader: Player) -> None:
    odd = await odd_visit()
    with pytest.raises(Forbidden):
        await review_flag(await who_is(reader), odd, "future", FINE)


async def test_a_flag_that_is_not_there_is_not_found() -> None:
    odd = await odd_visit()
    with pytest.raises(NotFound):
        await review_flag(await who_is(TAM), odd, "same_note", FINE)


async def test_the_second_reviewer_is_told_and_changes_nothing() -> None:
    odd, tam = await odd_visit(), await who_is(TAM)
    await review_flag(tam, odd, "future", FINE)
    with pytest.raises(Refused) as refused:
        await review_flag(tam, odd, "future", ASK)
    assert refused.value.status == 409
    assert (await flags_of(odd))[0].word == FINE.word
    assert await how_many("visit.review") == 1


async def test_the_log_names_who_what_and_the_word() -> None:
    odd = await odd_visit()
    await review_flag(await who_is(TAM), odd, "future", FINE)
    line = await last_line("visit.review")
    assert (line["doer"], line["subject"]) == (TAM.name, odd)
    assert FINE.word in line["after"]


async def test_to_ask_needs_a_word() -> None:
    odd = await odd_visit()
    with pytest.raises(Refused) as refused:
        await review_flag(await who_is(TAM), odd, "future", ReviewForm(verdict="ask"))
    assert "word" in refused.value.fields


async def test_the_author_reads_the_word_once() -> None:
    odd, hoang = await odd_visit(), await who_is(HOANG)
    await review_flag(await who_is(TAM), odd, "future", ASK)
    assert (await flags_of(odd))[0].waits_for(hoang)
    with pytest.raises(NotFound):
        await read_word(await who_is(HAN), odd, "future")
    await read_word(hoang, odd, "future")
    await read_word(hoang, odd, "future")
    assert not (await flags_of(odd))[0].waits_for(hoang)
    assert await how_many("visit.word_read") == 1


async def test_an_author_who_left_the_team_may_still_put_the_word_away() -> None:
    odd, hoang = await odd_visit(), await id_of(HOANG.name)
    await review_flag(await who_is(TAM), odd, "future", ASK)
    spell = await spell_of(HOANG.name)
    form = EndForm(on=clock.today(), reason="moved", version=spell.version)
    await end_membership(MACHINE, spell.id, form)
    elsewhere = Right("viewer", path="/elsewhere/")
    await read_word(Who(hoang, None, HOANG.name, (elsewhere,)), odd, "future")
    assert await how_many("visit.word_read") == 1


async def test_many_are_reviewed_at_one_go_or_none() -> None:
    tokens = [await a_flag(await a_visit(), minutes=n) for n in range(3)]
    tam = await who_is(TAM)
    assert await review_flags(tam, ReviewManyForm(flags=tokens[:2])) == 2
    with pytest.raises(Refused):
        await review_flags(tam, ReviewManyForm(flags=tokens))
    assert await count_flags(tam) == 1
    assert await how_many("visit.review") == 1
    with pytest.raises(Refused):
        await review_flags(tam, ReviewManyForm(flags=["nothing"]))


async def test_the_list_is_paged_oldest_first_and_skips_withdrawn_visits() -> None:
    tokens = [await a_flag(await a_visit(), minutes=n) for n in range(4)]
    await a_flag(UUID(tokens[1].partition(":")[0]), "same_note", minutes=9)
    await withdrawn(UUID(tokens[3].partition(":")[0]))
    tam, seen, after = await who_is(TAM), [], ""
    for _page in range(9):
        flags, after = await list_flags(tam, after, 1)
        seen += [flag.token for flag in flags]
        if not after:
            break
    assert seen == [*tokens[:3], tokens[1].replace("future", "same_note")]


async def test_the_page_reviews_the_ticked_ones_and_keeps_what_was_typed() -> None:
    tokens = [await a_flag(await a_visit(basis=basis)) for basis in ("consent", "anonymous")]
    async with await visit(TAM) as tam:
        with few_queries():
            page = await tam.get("/visits/reviews")
        assert "Lượt hỗ trợ ở tương lai" in page.text
        wrong = await tam.post("/visits/reviews", {"verdict": "ask", "flags": tokens, "word": ""})
        assert wrong.status_code == 422
        assert wrong.text.count(" checked") >= 2
        sent = {"verdict": "ask", "flags": tokens, "word": "Xem lại giúp"}
        assert (await tam.post("/visits/reviews", sent)).status_code == 303
    assert await run("SELECT code FROM visit_flag WHERE asked_at IS NULL") == []


async def test_what_phones_lost_is_shown_to_whoever_looks_after_the_team() -> None:
    """Hân's phone was emptied; her coordinators learn of it, those of another commune do not."""
    told = {"at": clock.now().isoformat(), "count": 2, "device": "Chrome"}
    losses = [{**told, "reason": "storage wiped"}, {**told, "reason": "signed out", "count": 7}]
    async with await visit(HAN) as han, await visit(TAM) as tam, await visit(SEN) as sen:
        told_it = {"visits": [], "losses": losses}
        assert (await han.http.post("/api/v1/visits/sync", json=told_it)).status_code == 200
        with few_queries():
            seen = (await tam.get("/visits/reviews")).text
        elsewhere = (await sen.get("/visits/reviews")).text
    assert "Trình duyệt đã xóa bộ nhớ" in seen
    assert HAN.name in seen
    assert "7 bản ghi" not in seen
    assert HAN.name not in elsewhere
