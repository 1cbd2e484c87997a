"""The rule by which a course is completed, and how scores are written."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.results.rule import Rule, effect_of, judge, reason
from sessions.results.words import read_score, score_shown
from sessions.training.figures import Duty


@dataclass(frozen=True)
class Trainee:
    """What is known of somebody."""

    held: int
    attended: int
    untaken: int = 0
    ahead: int = 0
    score: int | None = None


@st.composite
def trainees(draw: st.DrawFn) -> Trainee:
    """Somebody who cannot have attended more than was held."""
    held = draw(st.integers(0, 40))
    attended = draw(st.integers(0, held))
    untaken, ahead = draw(st.integers(0, 2)), draw(st.integers(0, 2))
    return Trainee(held, attended, untaken, ahead, draw(st.none() | st.integers(0, 100)))


MARKS = st.none() | st.integers(0, 100)
RULES = st.builds(Rule, st.integers(0, 100), MARKS)


@given(trainees(), RULES, st.integers(0, 100), st.integers(0, 100))
def test_a_stricter_rule_completes_nobody_more(
    one: Trainee, rule: Rule, more: int, harder: int
) -> None:
    mark = None if rule.pass_mark is None else min(100, rule.pass_mark + harder)
    stricter = Rule(min(100, rule.min_share + more), mark)
    assert not (judge(one, stricter) is True and judge(one, rule) is not True)
    assert not (judge(one, rule) is False and judge(one, stricter) is True)


@given(trainees(), RULES)
def test_nothing_is_decided_while_it_may_change(one: Trainee, rule: Rule) -> None:
    verdict = judge(one, rule)
    if one.ahead or not one.held:
        assert verdict is None
    enough = 100 * one.attended >= rule.min_share * one.held
    if verdict is False and enough:
        assert one.score is not None
        assert one.score < (rule.pass_mark or 0)
    if verdict is False and not enough:
        assert not one.untaken
    assert reason(one, rule)


@given(st.lists(trainees()), RULES)
def test_the_effect_counts_everybody_once(people: list[Trainee], rule: Rule) -> None:
    effect = effect_of([(one, 1) for one in people], rule)
    assert effect.complete + effect.failed + effect.undecided == len(people)


def test_the_border_itself_is_enough() -> None:
    assert judge(Trainee(held=10, attended=8), Rule(80)) is True
    assert judge(Trainee(held=10, attended=7), Rule(80)) is False
    assert judge(Trainee(held=3, attended=2), Rule(67)) is False  # 66,67 % is not rounded up
    tested = Trainee(held=10, attended=10, score=50)
    assert judge(tested, Rule(80, 50)) is True
    assert judge(tested, Rule(80, 51)) is False
    assert judge(Trainee(held=10, attended=10), Rule(80, 50)) is None


@given(st.integers(0, 100), st.sampled_from([",", "."]))
def test_a_score_is_read_as_it_is_shown(score: int, point: str) -> None:
    assert read_score(score_shown(score).replace(",", point)) == score


@given(st.text("0123456789.,- ", max_size=6) | st.text(max_size=4))
def test_nothing_but_a_score_is_read_as_one(text: str) -> None:
    try:
        score = read_score(text)
    except ValueError as error:
        assert str(error)
        return
    assert 0 <= score <= 100
    assert float(text.strip().replace(",", ".")) * 10 == pytest.approx(score)


@given(st.none() | st.integers(0, 99), st.none() | st.integers(0, 99))
def test_a_yearly_duty_is_done_when_nothing_is_left_of_it(
    owed: int | None, earned: int | None
) -> None:
    duty = Duty(owed, earned)
    if owed is None:
        assert (duty.fulfilled, duty.left) == (None, None)
    elif earned is None and owed:
        assert (duty.fulfilled, duty.left) == (None, owed)
    else:
        assert duty.fulfilled is (duty.left == 0)
