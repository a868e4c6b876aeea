"""Does a change by hand cost what was shown, and does it refuse what it must?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from lingyan.common.refusals import Refused
from lingyan.common.shelf import Shelf
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions import plans
from lingyan.posting.actions.adjustments import Decision, adjust_plan, propose, undo_adjustment
from lingyan.posting.matching import pricing, questions
from lingyan.posting.models import Adjustment, Objection, Plan, RoundPerson
from lingyan.posting.problem.figures import figures
from lingyan.posting.problem.towns import goals_of
from lingyan_matching import build, compare, solve
from tests.posting.scene import TODAY, Scene, again, codes
from tests.posting.test_round_bounds import computed
from tests.posting.workbench_scene import (
    FIRST,
    REASON,
    chosen,
    loaded,
    make,
    post_of,
    rows,
    somebody_else,
)


@pytest.fixture
def plan(scene: Scene) -> Plan:
    return chosen(scene.computed())


def a_pin(scene: Scene, plan: Plan) -> pricing.Pin:
    post = post_of(scene.world.mill)
    return pricing.Pin(somebody_else(plan, post), post)


# --- prices -------------------------------------------------------------------------------------


def test_pairs_that_would_rather_are_counted_as_the_comparison_counts_them(plan: Plan) -> None:
    """One number for one thing, on the page of the round and beside another plan."""
    ready = loaded(plan)
    problem = ready.posting_problem
    for post in problem.post_number:
        for person in problem.eligible_people(post):
            pinned = solve(ready.graph, mode="total", pins=[(person, post)], seed=1)

            found = compare(ready.graph, ready.engine_plan, pinned)

            assert figures(problem, pinned)["blocking_pairs"] == len(found.blocking[1])


def test_the_price_of_every_pin_equals_what_solving_again_gives(plan: Plan) -> None:
    ready = loaded(plan)
    problem = ready.posting_problem
    before = ready.engine_plan
    for post in problem.post_number:
        for person in problem.eligible_people(post):
            options = pricing.options_of(plan.pk, ready, pricing.Pin(person, post))
            best = options[-1]

            again_solved = solve(
                build(problem.problem), mode="total", pins=[(person, post)], seed=before.seed
            )

            assert set(best.rows) == set(pricing.rows_of(again_solved))
            score = sum(row.score for row in again_solved.assignments)
            assert best.price.points == score - sum(row.score for row in before.assignments)
            assert best.price.seats == len(again_solved.assignments) - len(before.assignments)


def test_the_fewest_moves_are_never_more_than_those_of_the_best_plan(
    scene: Scene, plan: Plan
) -> None:
    ready = loaded(plan)
    for person in rows(plan):
        options = pricing.options_of(plan.pk, ready, pricing.Withdraw(person))

        first, last = options[0], options[-1]
        assert first.key == pricing.FEWEST
        assert first.price.people_moved <= last.price.people_moved
        assert first.price.points <= last.price.points


def test_what_is_stored_is_what_was_shown(scene: Scene, plan: Plan) -> None:
    change = a_pin(scene, plan)
    option = propose(plan, loaded(plan), change).options[0]

    after = make(plan, change, actor=scene.world.officer)

    assert set(rows(after).items()) == set(option.rows)
    stored = Adjustment.objects.get(after=after).price
    assert stored["points"] == option.price.points
    assert stored["moves"] == [move.to_json() for move in option.price.moves]


# --- pin, ban, swap, withdraw and back ----------------------------------------------------------


def test_a_pin_makes_a_verified_plan_and_the_old_one_stays(scene: Scene, plan: Plan) -> None:
    change = a_pin(scene, plan)

    after = make(plan, change, actor=scene.world.officer)

    assert after.origin == Plan.Origin.ADJUSTED
    assert after.base_id == plan.pk
    assert after.verified
    assert rows(after)[change.person] == change.post
    assert after.drafts.get(person__number=change.person).pinned
    round = again(plan.round)
    assert (round.state, round.chosen_plan_id) == ("adjusted", after.pk)
    assert Plan.objects.filter(pk=plan.pk).exists()


def test_a_change_is_named_dated_and_in_the_audit(scene: Scene, plan: Plan) -> None:
    after = make(plan, a_pin(scene, plan), actor=scene.world.officer)

    made = Adjustment.objects.get(after=after)
    assert (made.made_by_name, made.reason) == (scene.world.officer.name, REASON.reason)
    assert made.made_at.date() == TODAY
    entry = AuditEntry.objects.get(action="posting.plan.adjusted")
    assert entry.subject_id == str(made.pk)
    assert entry.reason == REASON.reason
    assert AuditEntry.objects.filter(action="posting.round.adjusted").count() == 1


def test_a_ban_and_its_lifting(scene: Scene, plan: Plan) -> None:
    person, post = next(iter(rows(plan).items()))
    banned = make(plan, pricing.Ban(person, post), actor=scene.world.officer)
    assert rows(banned).get(person) != post

    lifted = make(
        banned, pricing.Admit(person, post, 500), actor=scene.world.officer, key=pricing.BEST
    )

    assert loaded(lifted).engine_plan.settings.bans == ()
    assert rows(lifted) == rows(plan)


def test_a_pin_and_its_lifting(scene: Scene, plan: Plan) -> None:
    change = a_pin(scene, plan)
    pinned = make(plan, change, actor=scene.world.officer)

    free = make(
        pinned,
        pricing.Unpin(change.person, change.post),
        actor=scene.world.officer,
        key=pricing.BEST,
    )

    assert loaded(free).engine_plan.settings.pins == ()
    assert rows(free) == rows(plan)


def test_two_people_exchange_their_posts(scene: Scene, plan: Plan) -> None:
    (first, here), (second, there), *_ = [
        item for item in sorted(rows(plan).items()) if item[1].endswith(FIRST)
    ]

    after = make(plan, pricing.Swap(first, second), actor=scene.world.officer)

    assert (rows(after)[first], rows(after)[second]) == (there, here)
    twice = make(after, pricing.Swap(first, second), actor=scene.world.officer)
    assert (rows(twice)[first], rows(twice)[second]) == (here, there)


def test_a_swap_after_a_mended_plan_is_solved_from_its_companion(scene: Scene, plan: Plan) -> None:
    mended = make(plan, a_pin(scene, plan), actor=scene.world.officer, key=pricing.FEWEST)
    assert "changes" in loaded(mended).engine_plan.settings.goals
    first, second = [p for p, post in sorted(rows(mended).items()) if post.endswith(FIRST)][:2]

    options = propose(mended, loaded(mended), pricing.Swap(first, second)).options
    after = make(mended, pricing.Swap(first, second), actor=scene.world.officer, key=pricing.BEST)

    assert set(rows(after).items()) == set(options[-1].rows)


def test_after_a_mended_plan_the_best_is_that_of_the_order_of_the_round(scene: Scene) -> None:
    """Not of the usual order; with a slack the background work finds it, no page waits for it."""
    ready = computed(scene, goal_order="priority")
    mended = make(ready, a_pin(scene, ready), actor=scene.world.officer, key=pricing.FEWEST)
    given = loaded(mended)
    assert "changes" in given.engine_plan.settings.goals
    assert not questions.change_asks_solver(given)

    companion = pricing.best_companion(mended.pk, given)

    goals = goals_of(given.posting_problem)
    pins = given.engine_plan.settings.pins
    best = solve(given.graph, seed=given.engine_plan.seed, goals=goals, pins=pins)
    assert companion.settings.goals == goals
    assert pricing.rows_of(companion) == pricing.rows_of(best)
    asked = replace(given.posting_problem.settings, goal_order="score", score_slack=20)
    slack = replace(given, posting_problem=replace(given.posting_problem, settings=asked))
    assert questions.change_asks_solver(slack)


def test_a_withdrawal_takes_the_person_out_of_plan_and_round(scene: Scene, plan: Plan) -> None:
    person = next(iter(rows(plan)))

    after = make(plan, pricing.Withdraw(person), actor=scene.world.officer)

    assert person not in rows(after)
    left = RoundPerson.objects.get(round=plan.round, person__number=person)
    assert (left.withdrawn_on, left.withdrawn_reason) == (TODAY, REASON.reason)


def test_a_stable_plan_is_solved_again_in_its_own_mode(scene: Scene, plan: Plan) -> None:
    stable = plan.round.plans.get(origin=Plan.Origin.STABLE_PEOPLE)
    plans.choose_plan(plan.round, stable, reason="按双向选择", actor=scene.world.officer)
    person, post = next(iter(rows(stable).items()))

    after = make(stable, pricing.Ban(person, post), actor=scene.world.officer)

    assert loaded(after).engine_plan.mode == "stable-people"
    assert after.verified


# --- undo ---------------------------------------------------------------------------------------


def test_undo_goes_back_and_deletes_nothing(scene: Scene, plan: Plan) -> None:
    after = make(plan, a_pin(scene, plan), actor=scene.world.officer)

    undo_adjustment(after, reason="乡镇另有意见", actor=scene.world.second_officer)

    assert again(plan.round).chosen_plan_id == plan.pk
    assert Plan.objects.filter(pk=after.pk).exists()
    assert Adjustment.objects.filter(after=after).exists()
    assert AuditEntry.objects.filter(action="posting.round.adjustment_undone").count() == 1


def test_undo_wants_a_reason_and_something_to_undo(scene: Scene, plan: Plan) -> None:
    with pytest.raises(Refused) as refused:
        undo_adjustment(plan, reason="  ", actor=scene.world.officer)

    assert codes(refused) == ["posting.nothing_to_undo", "posting.reason_missing"]


def test_undo_of_a_withdrawal_is_refused_while_the_person_is_gone(scene: Scene, plan: Plan) -> None:
    after = make(plan, pricing.Withdraw(next(iter(rows(plan)))), actor=scene.world.officer)

    with pytest.raises(Refused) as refused:
        undo_adjustment(after, reason="改主意", actor=scene.world.officer)

    assert codes(refused) == ["posting.rule_broken"]
    assert again(plan.round).chosen_plan_id == after.pk


# --- refusals -----------------------------------------------------------------------------------


def test_without_a_reason_nothing_is_changed(scene: Scene, plan: Plan) -> None:
    with pytest.raises(Refused) as refused:
        make(plan, a_pin(scene, plan), actor=scene.world.officer, decision=Decision(" "))

    assert codes(refused) == ["posting.reason_missing"]
    assert again(plan.round).chosen_plan_id == plan.pk
    assert not Adjustment.objects.exists()


def test_the_second_of_two_officers_is_refused(scene: Scene, plan: Plan) -> None:
    change = a_pin(scene, plan)
    first = make(plan, change, actor=scene.world.officer)

    with pytest.raises(Refused) as refused:
        make(plan, change, actor=scene.world.second_officer)

    assert codes(refused) == ["posting.plan_outdated"]
    assert again(plan.round).chosen_plan_id == first.pk
    assert Adjustment.objects.count() == 1


def test_another_outcome_than_the_ones_shown_is_refused(scene: Scene, plan: Plan) -> None:
    with pytest.raises(Refused) as refused:
        adjust_plan(
            plan,
            a_pin(scene, plan),
            outcome="0" * 16,
            decision=REASON,
            actor=scene.world.officer,
        )

    assert codes(refused) == ["posting.price_changed"]


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("leader", "posting.round.wrong_role"),
        ("north_org", "posting.round.wrong_role"),
        ("stranger", "posting.other_county"),
    ],
)
def test_others_may_not_change_the_plan(scene: Scene, plan: Plan, who: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        make(plan, a_pin(scene, plan), actor=getattr(scene.world, who))

    assert code in codes(refused)
    assert again(plan.round).chosen_plan_id == plan.pk


def test_after_the_decision_the_plan_stands(scene: Scene) -> None:
    round = scene.decided()
    plan = chosen(round)

    with pytest.raises(Refused) as refused:
        make(plan, a_pin(scene, plan), actor=scene.world.officer)

    assert codes(refused) == ["posting.round.wrong_state"]


def test_a_pin_that_breaks_a_rule_of_today_is_refused(scene: Scene, plan: Plan) -> None:
    """The village said no after the plan was computed: the snapshot does not know it yet."""
    change = a_pin(scene, plan)
    Objection.objects.create(
        round=plan.round,
        kind=Objection.Kind.VILLAGE_VETO,
        person=loaded(plan).people[change.person],
        place=scene.world.mill,
        reason="与村里有纠纷",
        entered_on=TODAY,
    )

    with pytest.raises(Refused) as refused:
        make(plan, change, actor=scene.world.officer)

    assert "posting.rule_broken" in codes(refused)
    assert again(plan.round).chosen_plan_id == plan.pk


def test_somebody_moved_along_into_a_new_recusal_stops_the_change(scene: Scene, plan: Plan) -> None:
    """A ban moves others; one of them has since become an officer of the village."""
    person, post = next(iter(sorted(rows(plan).items())))
    change = pricing.Ban(person, post)
    option = propose(plan, loaded(plan), change).options[0]
    arriving = next(move for move in option.price.moves if move.target)
    ready = loaded(plan)
    Objection.objects.create(
        round=plan.round,
        kind=Objection.Kind.COUNTY_BAN,
        person=ready.people[arriving.person],
        place=ready.village_of(str(arriving.target)),
        reason="另有任用",
        entered_on=TODAY,
    )

    with pytest.raises(Refused) as refused:
        make(plan, change, actor=scene.world.officer)

    assert codes(refused) == ["posting.rule_broken"]
    assert not Adjustment.objects.exists()


def test_a_ban_that_is_not_there_cannot_be_lifted(scene: Scene, plan: Plan) -> None:
    ready = loaded(plan)
    post = post_of(scene.world.pine)

    with pytest.raises(pricing.Impossible, match="本来就合格"):
        pricing.options_of(plan.pk, ready, pricing.Admit(somebody_else(plan, post), post, 1))


def test_a_warning_may_be_overruled_by_name_and_date_only(scene: Scene, plan: Plan) -> None:
    """A home in the village's own town only warns (R02)."""
    change = a_pin(scene, plan)
    person = loaded(plan).people[change.person]
    person.native_place = scene.world.south
    person.save(update_fields=["native_place"])

    with pytest.raises(Refused) as refused:
        make(plan, change, actor=scene.world.officer)
    assert codes(refused) == ["posting.warning_not_signed"]

    signed = Decision("村里主动要求", "部务会", date(2026, 3, 1))
    after = make(plan, change, actor=scene.world.officer, decision=signed)

    stored = Adjustment.objects.get(after=after).price
    assert (stored["decided_by"], stored["decided_on"]) == ("部务会", "2026-03-01")
    assert stored["warnings"][0].endswith("是本人籍贯、户籍或成长地所在乡镇")


# --- the shelf ----------------------------------------------------------------------------------


def test_a_shelf_keeps_the_last_things_and_makes_each_once() -> None:
    made: list[int] = []
    shelf = Shelf(2)

    def make_it(number: int) -> int:
        made.append(number)
        return number

    for number in (1, 2, 1, 3, 1, 2):
        assert shelf.get(number, lambda number=number: make_it(number)) == number

    assert made == [1, 2, 3, 2]
    shelf.clear()
    shelf.get(1, lambda: make_it(1))
    assert made[-1] == 1
