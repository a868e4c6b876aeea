"""An appraisal from opened to archived: who does what, and what is refused on the way (2.9)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions import appraisal, appraisal_scores
from lingyan.posting.actions.appraisal_scores import Given
from lingyan.posting.models import Absence, AppraisalEntry, AppraisalScore, BallotCode
from lingyan.posting.queries import appraisal as queries
from lingyan.posting.rules.appraisal_scores import Indicator, Scheme
from lingyan.posting.rules.appraisal_words import AppraisalGrade, AppraisalKind, AppraisalPart
from tests.posting.appraisal_scene import (
    AFTER,
    APPEAL_UNTIL,
    ARCHIVED,
    DUE,
    OPENED,
    TOLD,
    Appraised,
    build_appraised,
)
from tests.world import World

pytestmark = pytest.mark.django_db
G = AppraisalGrade


@pytest.fixture
def scene(world: World) -> Appraised:
    return build_appraised(world)


def refused(call: Callable[..., Any], *args: Any, on: date = OPENED, **said: Any) -> set[str]:
    """The codes with which an act is refused, without their first words."""
    with pytest.raises(Refused) as caught, clock.at(on):
        call(*args, **said)
    return {one.code.rsplit(".", 1)[-1] for one in caught.value.refusals}


# --- the whole way --------------------------------------------------------------------------------


def test_from_opened_to_archived(scene: Appraised) -> None:
    cycle = scene.archived()

    assert cycle.state == "final"
    assert cycle.name == "2026 年第三季度考评"
    assert cycle.appeal_until == APPEAL_UNTIL
    assert cycle.digest == appraisal.digest_of(cycle)
    grades = {name: scene.entry(name).grade for name in scene.postings}
    assert grades == {"li": "excellent", "wang": "competent", "zhao": "competent", "qian": "basic"}
    mass = Fraction(28 * 100 + 70, 30)
    li = scene.entry("li").score
    assert li == (40 * 95 + 30 * mass + 20 * 96 + 10 * 95) / 100
    # 钱 has no unit: the other three keep their proportions.
    mass = Fraction(15 * 100 + 10 * 70, 30)
    assert scene.entry("qian").score == (40 * 65 + 30 * mass + 20 * 70) / 90


def test_archived_results_are_facts_for_others(scene: Appraised) -> None:
    posting = scene.postings["li"]
    scene.told()
    assert queries.grades_of_many([posting.pk]) == {}

    with clock.at(ARCHIVED):
        appraisal.archive(scene.fresh(), actor=scene.world.officer)

    [fact] = queries.grades_of_many([posting.pk])[posting.pk]
    assert (fact.kind, fact.grade) == (AppraisalKind.QUARTERLY, G.EXCELLENT)
    assert (fact.valid_ballots, fact.satisfaction) == (30, Fraction(29, 30))
    assert (fact.since, fact.until) == (date(2026, 7, 1), date(2026, 10, 1))
    assert fact.archived_on == ARCHIVED
    assert queries.final_grades(scene.world.li) == [fact]
    assert queries.final_grades(scene.world.sun) == []


def test_every_step_leaves_its_trace(scene: Appraised) -> None:
    scene.archived()

    rows = AuditEntry.objects.filter(action__startswith="posting.appraisal.").order_by("number")
    steps = [one.action.rsplit(".", 1)[-1] for one in rows if "scored" not in one.action]
    assert steps == ["opened", "started", "summarised", "deliberated", "notified", "archived"]
    assert rows.filter(action="posting.appraisal.scored").count() == 11


# --- opening --------------------------------------------------------------------------------------


def test_who_is_in_post_is_taken_in_once(scene: Appraised) -> None:
    world = scene.world
    assert AppraisalEntry.objects.filter(cycle=scene.cycle).count() == 4

    again = {
        "county": world.county, "kind": AppraisalKind.QUARTERLY, "year": 2026, "quarter": 3,
        "due_on": DUE,
    }  # fmt: skip
    assert refused(appraisal.open_appraisal, **again, actor=world.officer) == {"open_already"}
    assert refused(appraisal.open_appraisal, **again, actor=world.leader) == {
        "wrong_role",
        "open_already",
    }


def test_a_term_appraisal_takes_in_who_was_put_into_it_by_the_step_of_the_posting(
    scene: Appraised,
) -> None:
    """The posting's own step 期满考察 leads here, and the hand-over goes on from it."""
    world, posting = scene.world, scene.postings["li"]
    said = {"county": world.county, "kind": AppraisalKind.TERM_END, "year": 2026, "due_on": DUE}
    assert refused(appraisal.open_appraisal, **said, actor=world.officer) == {"nobody"}

    posting.state = "term_appraised"
    posting.save(update_fields=["state"])
    assert queries.waiting_for_term(world.officer).count() == 1
    with clock.at(OPENED):
        cycle = appraisal.open_appraisal(**said, actor=world.officer)  # type: ignore[arg-type]

    assert [one.posting for one in queries.active_entries(cycle)] == [posting]
    assert queries.waiting_for_term(world.officer).count() == 0
    assert refused(appraisal.open_appraisal, **said, actor=world.officer) == {"nobody"}


def test_a_new_scheme_holds_for_the_next_and_changes_none_before(scene: Appraised) -> None:
    world = scene.world
    scheme = Scheme(
        weights={"town": 70, "mass": 30, "county": 0, "unit": 0},
        indicators={"town": (Indicator("综合评价", 100),), "county": (), "unit": ()},
    )
    said = {
        "county": world.county, "kinds": [AppraisalKind.ANNUAL], "scheme": scheme,
        "valid_from": OPENED, "clause": "山组发（2026）9号第三条",
    }  # fmt: skip
    assert refused(appraisal.make_scheme, **said, actor=world.officer) == {"wrong_role"}

    with clock.at(OPENED):
        appraisal.make_scheme(**said, actor=world.admin)  # type: ignore[arg-type]

    assert queries.scheme_of(world.county, "annual", OPENED) == scheme
    assert queries.scheme_of(world.county, "annual", date(2026, 10, 8)) == Scheme()
    assert queries.scheme_of(world.county, "quarterly", OPENED) == Scheme()
    assert Scheme.from_json(scene.fresh().scheme) == Scheme()


# --- scores ---------------------------------------------------------------------------------------


def test_each_side_scores_its_own_people_and_nobody_elses(scene: Appraised) -> None:
    world = scene.world
    row = {"points": (20,) * 5}
    early = refused(
        appraisal_scores.save_scores, scene.fresh(), part=AppraisalPart.TOWN,
        given=[Given(scene.entry("li").pk, row["points"])], actor=world.north_org,
    )  # fmt: skip
    assert early == {"wrong_state"}
    scene.started()

    for actor, part, name, points, code in (
        (world.north_org, "town", "zhao", (20,) * 5, "not_yours"),
        (world.stranger, "town", "li", (20,) * 5, "not_yours"),
        (world.unit_admin, "unit", "qian", (90,), "not_yours"),
        (world.unit_admin, "town", "li", (20,) * 5, "wrong_role"),
        (world.north_org, "county", "li", (90,), "wrong_role"),
        (world.leader, "county", "li", (90,), "wrong_role"),
        (world.pine_secretary, "town", "li", (20,) * 5, "wrong_role"),
        (scene.li, "unit", "li", (90,), "wrong_role"),
        (world.officer, "mass", "li", (90,), "wrong_role"),
        (world.north_org, "town", "li", (21, 0, 0, 0, 0), "points"),
    ):
        found = refused(
            appraisal_scores.save_scores, scene.fresh(), part=AppraisalPart(part),
            given=[Given(scene.entry(name).pk, points)], actor=actor,
        )  # fmt: skip
        assert found == {code}, (actor.role, part)
    assert not AppraisalScore.objects.exists()


def test_a_page_is_saved_whole_or_not_at_all(scene: Appraised) -> None:
    world = scene.world
    scene.started()
    given = [
        Given(scene.entry("li").pk, (20,) * 5),
        Given(scene.entry("zhao").pk, (20,) * 5),
    ]
    call = {"part": AppraisalPart.TOWN, "given": given, "actor": world.north_org}

    assert refused(appraisal_scores.save_scores, scene.fresh(), **call) == {"not_yours"}
    assert not AppraisalScore.objects.exists()


def test_the_second_of_two_sees_what_the_first_gave(scene: Appraised) -> None:
    """Two officers of one town have the sheet open; each changes the same row."""
    world, entry = scene.world, scene.entry("li")
    scene.started()
    assert scene.score(world.north_org, "town", li=(19,) * 5) == 1

    late = {"part": AppraisalPart.TOWN, "actor": world.north_org}
    blind = [Given(entry.pk, (10,) * 5, seen=())]
    assert refused(appraisal_scores.save_scores, scene.fresh(), given=blind, **late) == {
        "changed_meanwhile"
    }
    assert AppraisalScore.objects.get().total == 95
    with clock.at(OPENED):
        same = [Given(entry.pk, (19,) * 5, seen=())]
        assert appraisal_scores.save_scores(scene.fresh(), given=same, **late) == 0  # type: ignore[arg-type]
        seen = [Given(entry.pk, (10,) * 5, seen=(19,) * 5)]
        assert appraisal_scores.save_scores(scene.fresh(), given=seen, **late) == 1  # type: ignore[arg-type]
    assert AppraisalScore.objects.get().total == 50


# --- summing up -----------------------------------------------------------------------------------


def test_it_is_summed_up_only_when_all_is_there(scene: Appraised) -> None:
    world = scene.world
    scene.started()
    assert refused(appraisal.summarise, scene.fresh(), actor=world.officer) == {
        "still_open",
        "score_missing",
        "sample_small",
    }
    scene.scored()
    scene.counted()
    assert refused(appraisal.summarise, scene.fresh(), actor=world.officer) == {"still_open"}
    assert refused(appraisal.summarise, scene.fresh(), actor=world.leader, on=AFTER) == {
        "wrong_role"
    }

    with clock.at(AFTER):
        appraisal.summarise(scene.fresh(), actor=world.officer)

    # Pressed twice: the second finds it done.
    assert refused(appraisal.summarise, scene.fresh(), actor=world.officer, on=AFTER) == {
        "wrong_state"
    }


def test_who_cannot_be_appraised_is_left_out_with_a_reason(scene: Appraised) -> None:
    world = scene.world
    scene.started()
    entry = scene.entry("qian")
    assert refused(appraisal.leave_out, entry, reason=" ", actor=world.officer) == {
        "reason_missing"
    }
    assert refused(appraisal.leave_out, entry, reason="病休", actor=world.north_org) == {
        "wrong_role"
    }
    with clock.at(OPENED):
        appraisal.leave_out(entry, reason="病休", actor=world.officer)
    assert queries.active_entries(scene.cycle).count() == 3
    with clock.at(OPENED):
        appraisal.take_in(scene.entry("qian"), actor=world.officer)
    assert queries.active_entries(scene.cycle).count() == 4


def test_absences_upheld_in_the_year_close_the_best_grade(scene: Appraised) -> None:
    for day, state in ((3, "upheld"), (9, "dropped"), (11, "found")):
        Absence.objects.create(
            posting=scene.postings["li"], on=date(2026, 3, day), state=state, text="不在村",
            found_by_name="高乙六", found_at=clock.now(),
        )  # fmt: skip

    scene.summed_up()

    li = scene.entry("li")
    assert (li.absences, li.grade) == (1, "competent")
    assert li.note == "年内认定脱岗 1 次，最高称职"
    found = refused(
        appraisal.change_grade, li, grade=G.EXCELLENT, reason="表现突出", actor=scene.world.leader,
        on=AFTER,
    )  # fmt: skip
    assert found == {"above_ceiling"}


def test_sent_back_it_is_scored_and_summed_up_again(scene: Appraised) -> None:
    world = scene.world
    cycle = scene.summed_up()
    due = date(2026, 10, 25)
    assert refused(
        appraisal.send_back, cycle, reason="", due_on=due, actor=world.leader, on=AFTER
    ) == {"reason_missing"}
    with clock.at(AFTER):
        appraisal.send_back(cycle, reason="北山镇有误", due_on=due, actor=world.leader)

    assert (scene.fresh().state, scene.fresh().due_on) == ("scoring", due)


# --- deliberation ---------------------------------------------------------------------------------


def test_the_committee_changes_a_grade_only_with_a_reason_and_within_its_limits(
    scene: Appraised,
) -> None:
    leader = scene.world.leader
    scene.summed_up()
    change = appraisal.change_grade
    wang = scene.entry("wang")

    # Four people: 30 % leave room for one, and 李甲一 has it.
    assert refused(change, wang, grade=G.EXCELLENT, reason="好", actor=leader, on=AFTER) == {
        "no_room"
    }
    assert refused(change, wang, grade=G.BASIC, reason=" ", actor=leader, on=AFTER) == {
        "reason_missing"
    }
    assert refused(
        change, wang, grade=G.BASIC, reason="好", actor=scene.world.officer, on=AFTER
    ) == {"wrong_role", "same_person"}
    with clock.at(AFTER):
        change(scene.entry("li"), grade=G.COMPETENT, reason="信访未办结", actor=leader)
        change(wang, grade=G.EXCELLENT, reason="防汛中表现突出", actor=leader)

    assert scene.entry("wang").grade == "excellent"
    assert scene.entry("wang").computed_grade == "competent"
    assert scene.entry("wang").changed_reason == "防汛中表现突出"


def test_who_scored_or_summed_up_does_not_decide(scene: Appraised, world: World) -> None:
    """R-0-20 holds through a second role of the same person."""
    cycle = scene.summed_up()
    leader = world.leader
    both = Actor(
        world.officer.user_id, "陈乙一", leader.role, leader.role_label, leader.scope,
        leader.place_name,
    )  # fmt: skip

    found = refused(appraisal.deliberate, cycle, text="同意", actor=both, on=AFTER)
    assert found == {"same_person"}
    assert refused(appraisal.deliberate, cycle, text=" ", actor=leader, on=AFTER) == {
        "reason_missing"
    }


# --- notice, appeal, archive ----------------------------------------------------------------------


def test_an_appeal_within_five_working_days_is_answered_by_the_committee(
    scene: Appraised,
) -> None:
    world, leader = scene.world, scene.world.leader
    scene.told()
    entry = scene.entry("li")
    for actor, code in ((world.officer, "wrong_role"), (world.pine_secretary, "wrong_role")):
        assert refused(appraisal.appeal, entry, text="有误", actor=actor, on=TOLD) == {code}
    late = date(2026, 10, 30)
    assert refused(appraisal.appeal, entry, text="有误", actor=scene.li, on=late) == {"appeal_late"}

    with clock.at(APPEAL_UNTIL):
        made = appraisal.appeal(entry, text="走访天数算少了", actor=scene.li)

    assert made.due_on == date(2026, 11, 12)  # ten working days after 29 October
    assert refused(appraisal.appeal, entry, text="再说", actor=scene.li, on=TOLD) == {
        "appeal_twice"
    }
    assert refused(appraisal.archive, scene.fresh(), actor=world.officer, on=ARCHIVED) == {
        "appeal_open"
    }
    review = appraisal.review_appeal
    assert refused(
        review, made, grade=G.EXCELLENT, answer="维持", actor=world.officer, on=ARCHIVED
    ) == {"wrong_role"}
    assert refused(review, made, grade=G.EXCELLENT, answer=" ", actor=leader, on=ARCHIVED) == {
        "reason_missing"
    }
    with clock.at(ARCHIVED):
        review(made, grade=G.EXCELLENT, answer="天数核对无误，维持", actor=leader)
    assert refused(review, made, grade=G.BASIC, answer="改", actor=leader, on=ARCHIVED) == {
        "appeal_decided"
    }
    with clock.at(ARCHIVED):
        assert appraisal.archive(scene.fresh(), actor=world.officer).state == "final"


def test_a_review_may_change_the_grade_within_the_same_limits(scene: Appraised) -> None:
    leader = scene.world.leader
    scene.told()
    with clock.at(TOLD):
        made = appraisal.appeal(scene.entry("wang"), text="评分有误", actor=scene.world.north_org)
    review = appraisal.review_appeal
    assert refused(review, made, grade=G.EXCELLENT, answer="属实", actor=leader, on=TOLD) == {
        "no_room"
    }
    with clock.at(TOLD):
        made = review(made, grade=G.BASIC, answer="评分应更低", actor=leader)

    assert (made.state, made.grade_before) == ("changed", "competent")
    assert scene.entry("wang").grade == "basic"


def test_it_is_sealed_only_after_the_days_of_appeal(scene: Appraised) -> None:
    scene.told()

    assert refused(
        appraisal.archive, scene.fresh(), actor=scene.world.officer, on=APPEAL_UNTIL
    ) == {"appeal_runs"}


def test_a_sealed_result_shows_whether_it_was_touched(scene: Appraised) -> None:
    cycle = scene.archived()
    AppraisalEntry.objects.filter(pk=scene.entry("wang").pk).update(grade="excellent")

    assert appraisal.digest_of(cycle) != cycle.digest
    assert not BallotCode.objects.exclude(index=None).exists()


def test_a_cancelled_one_counts_nowhere_and_may_be_opened_again(scene: Appraised) -> None:
    world = scene.world
    assert refused(appraisal.cancel, scene.cycle, reason="重开", actor=world.officer) == {
        "wrong_role"
    }
    with clock.at(OPENED):
        appraisal.cancel(scene.cycle, reason="期间弄错", actor=world.admin)
        again = appraisal.open_appraisal(
            county=world.county, kind=AppraisalKind.QUARTERLY, year=2026, quarter=3, due_on=DUE,
            actor=world.officer,
        )  # fmt: skip

    assert again.name == scene.cycle.name
    assert refused(appraisal.start_scoring, scene.fresh(), actor=world.officer) == {"wrong_state"}
