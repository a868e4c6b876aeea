"""Scores, grades, caps and samples as rules, without a database (2.9, R-2-24, R-2-28, 7.7)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lingyan.common import ballots as slips
from lingyan.common.periods import Period
from lingyan.posting.rules import appraisal as process
from lingyan.posting.rules import ballots
from lingyan.posting.rules.appraisal_scores import (
    WEIGHTS,
    Contender,
    Indicator,
    Scheme,
    Tally,
    band_grade,
    excellent_room,
    may_be_honoured,
    percent,
    standings,
    total_score,
    written,
)
from lingyan.posting.rules.appraisal_words import AppraisalGrade, AppraisalKind, AppraisalPart
from lingyan.posting.rules.presence import grade_ceiling

pytestmark = pytest.mark.pure
G = AppraisalGrade
PLAIN = Scheme()


def codes(refusals: tuple[process.Refusal, ...]) -> set[str]:
    return {one.code.rsplit(".", 1)[-1] for one in refusals}


# --- the scheme -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "refused"),
    [
        ((40, 30, 20, 10), set()),
        ((60, 0, 30, 10), set()),
        ((0, 60, 40, 0), set()),
        ((100, 0, 0, 0), set()),
        ((40, 19, 31, 10), {"town_mass_low"}),
        ((30, 29, 31, 10), {"town_mass_low"}),
        ((40, 30, 20, 11), {"weights_sum"}),
        ((40, 30, 20, 9), {"weights_sum"}),
        ((70, -10, 30, 10), {"weights_sum"}),
        ((0, 0, 0, 0), {"weights_sum", "town_mass_low"}),
    ],
)
def test_town_and_masses_weigh_sixty_or_more_of_a_hundred(
    weights: tuple[int, ...], refused: set[str]
) -> None:
    scheme = Scheme(weights=dict(zip(WEIGHTS, weights, strict=True)))

    assert codes(process.refuse_scheme(scheme)) == refused


def test_the_words_of_the_refusal_are_those_of_the_catalogue() -> None:
    scheme = Scheme(weights={"town": 30, "mass": 29, "county": 31, "unit": 10})

    assert "乡镇党委和群众评价权重低于规定" in process.refuse_scheme(scheme)[0].text


@pytest.mark.parametrize(
    ("items", "refused"),
    [
        ([("甲", 60), ("乙", 40)], set()),
        ([("甲", 60), ("乙", 39)], {"indicators_sum"}),
        ([], {"indicators", "indicators_sum"}),
        ([("甲", 50), ("甲", 50)], {"indicators_twice"}),
        ([("甲", 0), ("乙", 100)], {"indicators"}),
        ([(str(n), 9) for n in range(11)], {"indicators", "indicators_sum"}),
    ],
)
def test_the_indicators_of_a_side_make_a_hundred(
    items: list[tuple[str, int]], refused: set[str]
) -> None:
    indicators = {**PLAIN.indicators, "town": tuple(Indicator(*one) for one in items)}

    assert codes(process.refuse_scheme(Scheme(indicators=indicators))) == refused


def test_a_side_without_weight_needs_no_indicators() -> None:
    weights = {"town": 70, "mass": 30, "county": 0, "unit": 0}
    scheme = Scheme(weights=weights, indicators={"town": PLAIN.indicators["town"]})

    assert process.refuse_scheme(scheme) == ()
    assert scheme.parts() == (AppraisalPart.TOWN, AppraisalPart.MASS)


@pytest.mark.parametrize("bands", [(90, 90, 60), (70, 90, 60), (101, 70, 60), (90, 70, 0)])
def test_bands_go_down(bands: tuple[int, int, int]) -> None:
    assert codes(process.refuse_scheme(Scheme(bands=bands))) == {"bands"}


def test_a_scheme_names_its_clause_and_is_not_valid_for_days_past() -> None:
    said = {"valid_from": date(2026, 5, 1), "today": date(2026, 5, 2), "clause": " "}

    assert codes(process.refuse_to_make_scheme(PLAIN, **said)) == {  # type: ignore[arg-type]
        "clause_missing",
        "scheme_past",
    }


def test_a_scheme_is_the_same_after_being_stored() -> None:
    assert Scheme.from_json(PLAIN.to_json()) == PLAIN


# --- the masses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tally", "score", "rate"),
    [
        (Tally(10, 0, 0, 0), "100.00", "100.0%"),
        (Tally(7, 2, 1, 5), "84.00", "90.0%"),  # 不了解 is left out of both
        (Tally(0, 10, 0, 99), "70.00", "100.0%"),
        (Tally(0, 0, 10, 0), "0.00", "0.0%"),
        (Tally(20, 7, 3, 0), "83.00", "90.0%"),
        (Tally(9, 0, 0, 40), "", ""),  # nine valid ones are too few to be told
        (Tally(0, 0, 0, 30), "", ""),
    ],
)
def test_the_mean_and_the_rate_of_the_masses(tally: Tally, score: str, rate: str) -> None:
    assert written(tally.score) == score
    assert percent(tally.satisfaction) == rate


@pytest.mark.parametrize(
    ("households", "needed"), [(1, 30), (299, 30), (300, 30), (301, 31), (310, 31), (2000, 200)]
)
def test_thirty_ballots_or_a_tenth_of_the_households(households: int, needed: int) -> None:
    assert slips.ballots_needed(households) == needed


# --- score and grade ------------------------------------------------------------------------------


def test_the_score_is_the_weighted_mean_and_exact() -> None:
    parts = {"town": 90, "mass": Fraction(250, 3), "county": 88, "unit": 95}

    assert total_score(PLAIN, parts) == Fraction(36 + 25 + Fraction("17.6") + Fraction("9.5"))


def test_without_a_unit_the_others_keep_their_proportions() -> None:
    parts = {"town": 90, "mass": Fraction(80), "county": 70}

    assert total_score(PLAIN, parts) == Fraction(3600 + 2400 + 1400, 90)


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        (Fraction(90), G.EXCELLENT),
        (Fraction(89_999_999, 1_000_000), G.COMPETENT),  # written 90.00, and still below
        (Fraction(70), G.COMPETENT),
        (Fraction(6999, 100), G.BASIC),
        (Fraction(60), G.BASIC),
        (Fraction(5999, 100), G.INCOMPETENT),
        (Fraction(0), G.INCOMPETENT),
    ],
)
def test_a_band_begins_with_its_lower_end_and_nothing_is_rounded_up_to_it(
    score: Fraction, grade: G
) -> None:
    assert band_grade(PLAIN, score) is grade


@pytest.mark.parametrize(
    ("people", "room"), [(0, 0), (3, 0), (4, 1), (6, 1), (7, 2), (10, 3), (300, 90)]
)
def test_thirty_percent_may_be_reached_and_not_passed(people: int, room: int) -> None:
    assert excellent_room(PLAIN, people) == room


def field(*scores: tuple[int, int], **more: G) -> list[Contender]:
    """(score, score of the masses) of people a, b, c…"""
    return [
        Contender(chr(97 + n), Fraction(score), Fraction(mass), more.get(chr(97 + n), G.EXCELLENT))
        for n, (score, mass) in enumerate(scores)
    ]


def grades(people: list[Contender]) -> str:
    """The grades in the order of the people: E, C, B, I."""
    found = standings(PLAIN, people)
    return "".join(found[one.key].grade.value[0].upper() for one in people)


FILL = ((80, 80),) * 6


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        # ten people, three places
        (((95, 90), (94, 90), (93, 90), (92, 90), *FILL), "EEEC" + "C" * 6),
        # the same score: the masses decide
        (((95, 90), (94, 90), (93, 80), (93, 85), *FILL), "EECE" + "C" * 6),
        # the same in both at the line: none of the two
        (((95, 90), (94, 90), (93, 85), (93, 85), *FILL), "EECC" + "C" * 6),
        # all four the same: three places are given to nobody
        (((95, 90), (95, 90), (95, 90), (95, 90), *FILL), "CCCC" + "C" * 6),
        # two that are equal fit
        (((95, 90), (95, 90), (93, 90), (89, 99), *FILL), "EEEC" + "C" * 6),
    ],
)
def test_excellent_goes_down_the_ranks_while_there_is_room(
    scores: tuple[tuple[int, int], ...], expected: str
) -> None:
    assert grades(field(*scores)) == expected


def test_a_place_that_absence_closes_goes_to_the_next() -> None:
    people = field((96, 90), (95, 90), (94, 90), (93, 90), *FILL, a=G.COMPETENT)

    assert grades(people) == "CEEE" + "C" * 6


@pytest.mark.parametrize(
    ("absences", "grade"),
    [(0, G.EXCELLENT), (1, G.COMPETENT), (2, G.BASIC), (3, G.INCOMPETENT), (9, G.INCOMPETENT)],
)
def test_absences_close_the_grades_above(absences: int, grade: G) -> None:
    ceiling = G(grade_ceiling(absences))
    best = Contender("a", Fraction(99), Fraction(99), ceiling, absences)
    people = [best, *field(*FILL)[1:]]

    standing = standings(PLAIN, people)["a"]

    assert standing.grade is grade
    assert ("脱岗" in standing.note) == (absences > 0)


def test_no_order_of_the_list_decides_between_people() -> None:
    people = field((95, 90), (93, 85), (93, 85), (92, 99))
    found = {tuple(sorted(standings(PLAIN, list(one)).items())) for one in permutations(people)}

    assert len(found) == 1


people_of_any_kind = st.lists(
    st.tuples(st.integers(85, 95), st.integers(80, 83), st.sampled_from(list(G))), max_size=14
)


@settings(max_examples=150, deadline=None)
@given(people_of_any_kind)
def test_never_more_excellent_than_room_and_never_above_a_better_one(
    said: list[tuple[int, int, G]],
) -> None:
    people = [Contender(n, Fraction(s), Fraction(m), c) for n, (s, m, c) in enumerate(said)]
    found = standings(PLAIN, people)
    excellent = [one for one in people if found[one.key].grade is G.EXCELLENT]

    assert len(excellent) <= excellent_room(PLAIN, len(people))
    for one in excellent:
        for other in people:
            better = (other.score, other.mass) >= (one.score, one.mass)
            if better and other.ceiling is G.EXCELLENT:
                assert found[other.key].grade is G.EXCELLENT


# --- opening, summing up, deliberation, appeal ----------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "period", "name"),
    [
        (AppraisalKind.QUARTERLY, Period(date(2026, 7, 1), date(2026, 10, 1)),
         "2026 年第三季度考评"),
        (AppraisalKind.ANNUAL, Period(date(2026, 1, 1), date(2027, 1, 1)), "2026 年年度考评"),
        (AppraisalKind.TERM_END, Period(date(2026, 1, 1), date(2027, 1, 1)),
         "2026 年期满考评（第 2 批）"),
    ],
)  # fmt: skip
def test_periods_and_names(kind: AppraisalKind, period: Period, name: str) -> None:
    assert process.period_of(kind, 2026, 3) == period
    before = 1 if kind is AppraisalKind.TERM_END else 0
    assert process.name_of(kind, 2026, 3, before) == name


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, set()),
        ({"today": date(2026, 8, 31), "due_on": date(2026, 9, 10)}, set()),
        ({"today": date(2026, 8, 30), "due_on": date(2026, 9, 10)}, {"too_early"}),
        ({"people": 0}, {"nobody"}),
        ({"name_taken": True}, {"open_already"}),
        ({"due_on": date(2026, 10, 4)}, {"due_past"}),
        ({"due_on": date(2027, 10, 4)}, {"due_far"}),
        ({"kind": AppraisalKind.TERM_END, "today": date(2026, 1, 5),
          "due_on": date(2026, 1, 20)}, set()),
    ],
)  # fmt: skip
def test_when_an_appraisal_may_be_opened(changed: dict[str, object], refused: set[str]) -> None:
    facts = {
        "kind": AppraisalKind.QUARTERLY,
        "period": Period(date(2026, 7, 1), date(2026, 10, 1)),
        "today": date(2026, 10, 5),
        "due_on": date(2026, 10, 20),
        "people": 5,
    }

    assert codes(process.refuse_to_open(process.OpenFacts(**(facts | changed)))) == refused  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, set()),
        ({"today": date(2026, 10, 20)}, {"still_open"}),
        ({"people": 0}, {"nobody"}),
        ({"missing": {AppraisalPart.TOWN: 2, AppraisalPart.UNIT: 0}}, {"score_missing"}),
        ({"few_ballots": ["松树村"]}, {"sample_small"}),
        ({"no_opinion": ["李甲一"]}, {"valid_small"}),
    ],
)
def test_what_must_be_there_before_it_is_summed_up(
    changed: dict[str, object], refused: set[str]
) -> None:
    facts = {
        "due_on": date(2026, 10, 20), "today": date(2026, 10, 21), "people": 5, "missing": {},
    } | changed  # fmt: skip

    assert codes(process.refuse_to_summarise(process.SumFacts(**facts))) == refused  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, set()),
        ({"reason": " "}, {"reason_missing"}),
        ({"after": "competent"}, {"same_grade"}),
        ({"ceiling": G.COMPETENT}, {"above_ceiling"}),
        ({"excellent_elsewhere": 3}, {"no_room"}),
        ({"after": "basic", "excellent_elsewhere": 3, "ceiling": G.COMPETENT}, set()),
        ({"is_left_out": True}, {"is_left_out"}),
    ],
)
def test_what_a_committee_may_change(changed: dict[str, object], refused: set[str]) -> None:
    facts = {
        "before": "competent", "after": "excellent", "reason": "急难险重任务中表现突出",
        "ceiling": G.EXCELLENT, "excellent_elsewhere": 2, "excellent_room": 3,
    } | changed  # fmt: skip

    assert codes(process.refuse_to_grade(process.GradeFacts(**facts))) == refused  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, set()),
        ({"today": date(2026, 11, 3)}, {"appeal_late"}),
        ({"has_appeal": True}, {"appeal_twice"}),
        ({"text": ""}, {"appeal_text"}),
        ({"state": "final"}, {"appeal_state"}),
        ({"state": "deliberated"}, {"appeal_state"}),
        ({"is_left_out": True}, {"appeal_state"}),
    ],
)
def test_when_one_may_appeal(changed: dict[str, object], refused: set[str]) -> None:
    facts = {
        "state": "notified", "today": date(2026, 11, 2), "appeal_until": date(2026, 11, 2),
        "text": "评分有误", "has_appeal": False,
    } | changed  # fmt: skip

    assert codes(process.refuse_to_appeal(**facts)) == refused  # type: ignore[arg-type]


def test_an_appraisal_is_sealed_after_the_days_of_appeal_and_with_none_open() -> None:
    until = date(2026, 11, 2)

    assert codes(process.refuse_to_archive(appeal_until=until, today=until, open_appeals=1)) == {
        "appeal_runs",
        "appeal_open",
    }
    after = date(2026, 11, 3)
    assert process.refuse_to_archive(appeal_until=until, today=after, open_appeals=0) == ()


def test_the_table_leads_from_opened_to_archived_and_nowhere_on() -> None:
    lines = process.APPRAISAL_FLOW
    way = [line.after for line in lines if line.act not in ("send_back", "cancel")]

    assert way == ["opened", "scoring", "summarised", "deliberated", "notified", "final"]
    assert not [line for line in lines if line.before in ("final", "cancelled")]
    assert next(line for line in lines if line.act == "deliberate").roles == ("county_org_leader",)


@pytest.mark.parametrize(
    ("role", "part"),
    [
        ("town_org", "town"), ("town_secretary", "town"), ("county_org_staff", "county"),
        ("unit_leader", "unit"), ("village_secretary", None), ("first_secretary", None),
        ("county_org_leader", None),
    ],
)  # fmt: skip
def test_each_side_scores_its_part_and_nobody_else(role: str, part: str | None) -> None:
    assert process.part_of_role(role) == part
    for other in ("town", "county", "unit", "mass"):
        row = [[0] * len(PLAIN.indicators.get(other, ()))]
        refused = process.refuse_to_score(PLAIN, role=role, part=other, state="scoring", points=row)
        assert (refused == ()) == (other == part)


@pytest.mark.parametrize("row", [[20, 20, 20, 20, 21], [-1, 0, 0, 0, 0], [20, 20], []])
def test_points_lie_within_their_indicator(row: list[int]) -> None:
    refused = process.refuse_to_score(
        PLAIN, role="town_org", part="town", state="scoring", points=[row]
    )

    assert codes(refused) == {"points"}


# --- what honours may ask -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grades_held", "answer"),
    [
        ([("annual", "competent")], True),
        ([("term_end", "excellent")], True),
        ([("annual", "basic"), ("term_end", "competent")], True),
        ([("quarterly", "excellent")], False),
        ([("annual", "basic")], False),
        ([("annual", "incompetent")], False),
        ([], False),
    ],
)
def test_honours_ask_for_a_final_year_or_term_of_competent(
    grades_held: list[tuple[str, str]], answer: bool
) -> None:
    assert may_be_honoured(grades_held) is answer


# --- ballots --------------------------------------------------------------------------------------


WIDE = "ABCD2345".translate({ord(one): ord(one) + 0xFEE0 for one in "ABCD2345"})


@pytest.mark.parametrize("typed", ["ABCD2345", "abcd 2345", "ABCD-2345", " a b c d 2 3 4 5 ", WIDE])
def test_a_code_is_known_however_it_was_typed(typed: str) -> None:
    assert slips.clean_code(typed) == "ABCD2345"
    assert slips.clean_code(slips.shown_code("ABCD2345")) == "ABCD2345"


def test_no_letter_of_a_code_looks_like_another() -> None:
    assert not set("01OIL") & set(slips.CODE_LETTERS)
    assert len(set(slips.CODE_LETTERS)) == len(slips.CODE_LETTERS)


VOTE = {
    "state": "scoring", "due_on": date(2026, 10, 20), "today": date(2026, 10, 20),
    "is_used": False, "is_live": True, "method": "", "asked": ["a", "b"],
    "choices": {"a": "satisfied", "b": "unknown"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, set()),
        ({"choices": None}, set()),
        ({"is_used": True}, {"used"}),
        ({"is_live": False}, {"not_live"}),
        ({"method": "paper"}, {"not_live"}),
        ({"today": date(2026, 10, 21)}, {"not_open"}),
        ({"state": "summarised"}, {"not_open"}),
        ({"asked": []}, {"nobody"}),
        ({"choices": {"a": "satisfied"}}, {"incomplete"}),
        ({"choices": {"a": "satisfied", "b": "best"}}, {"incomplete"}),
        ({"choices": {"a": "satisfied", "b": "basic", "c": "basic"}}, {"incomplete"}),
    ],
)
def test_when_a_ballot_counts(changed: dict[str, object], refused: set[str]) -> None:
    assert codes(ballots.refuse_to_vote(ballots.VoteFacts(**(VOTE | changed)))) == refused  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, set()),
        ({"papers": 31}, {"papers", "sum"}),
        ({"papers": 0}, {"papers", "sum"}),
        ({"counts": ((30, 0, 0, 0), (29, 0, 0, 0))}, {"sum"}),
        ({"method": "phone"}, {"phone"}),
        ({"method": "paper"}, set()),
        ({"state": "summarised"}, {"not_open"}),
        ({"counters": "张三"}, {"counters"}),
        ({"counters": "张三、张三"}, {"counters"}),
    ],
)
def test_when_a_count_of_papers_counts(changed: dict[str, object], refused: set[str]) -> None:
    facts = {
        "state": "scoring", "slips": 30, "method": "", "papers": 30,
        "counts": ((20, 5, 3, 2), (30, 0, 0, 0)), "counters": "张三、李四",
    } | changed  # fmt: skip

    assert codes(ballots.refuse_to_count(ballots.CountFacts(**facts))) == refused  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({}, set()),
        ({"slips": 29}, {"too_few"}),
        ({"households": 310}, {"too_few"}),
        ({"slips": 5, "already": 30}, set()),
        ({"slips": 0, "already": 30}, {"too_few"}),
        ({"slips": 1001}, {"too_many"}),
        ({"households": 0}, {"households"}),
        ({"is_paper": True}, {"counted"}),
        ({"state": "notified"}, {"not_open"}),
    ],
)
def test_how_many_slips_may_be_made(changed: dict[str, object], refused: set[str]) -> None:
    facts = {"households": 300, "slips": 30, "already": 0, "is_paper": False, "state": "scoring"}

    assert codes(ballots.refuse_to_make(**(facts | changed))) == refused  # type: ignore[arg-type]
