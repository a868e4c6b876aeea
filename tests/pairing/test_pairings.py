"""How does a pair come about and end: the actions, step by step, with what refuses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.models import Unit
from lingyan.pairing import facts, facts_of_neighbours
from lingyan.pairing.actions import pairings as actions
from lingyan.pairing.models import PairAssessment, Pairing
from lingyan.pairing.panels import pairings as panels
from lingyan.pairing.panels import records
from lingyan.pairing.rules.pairings import Agreement
from lingyan.pairing.rules.words import Goal
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.facts_of_neighbours import units_paired
from tests.pairing.scene import TODAY, paired, unit_admin, village_secretary
from tests.world import World

AGREEMENT = Agreement(
    goals=(Goal.ORGANIZATION.value, Goal.DEVELOPMENT.value),
    plan_text="每季度一次联席会议",
    unit_contact="郑乙九",
    village_contact="宋乙八",
    number="山联建（2026）1号",
)


@pytest.fixture(autouse=True)
def day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {one.code.removeprefix("pairing.") for one in refused.value.refusals}


def proposed(world: World, **said: Any) -> Pairing:
    given = {"is_lead": True, "points": 640, "actor": world.officer, **said}
    return actions.propose_pairing(world.finance, world.pine, **given)


def agreed(world: World) -> Pairing:
    pairing = actions.agree_unit(proposed(world), actor=world.unit_admin)
    return actions.agree_village(pairing, meeting_on=TODAY, actor=world.pine_secretary)


def approved(world: World) -> Pairing:
    return actions.approve(agreed(world), points_seen=640, actor=world.second_officer)


# --- the way --------------------------------------------------------------------------------------


def test_a_pair_is_proposed_agreed_by_both_approved_and_started(world: World) -> None:
    pairing = approved(world)
    actions.draft_agreement(pairing, AGREEMENT, actor=world.unit_admin)

    pairing = actions.start_pairing(pairing, AGREEMENT, signed_on=TODAY, actor=world.pine_secretary)

    pairing.refresh_from_db()
    assert pairing.state == "active"
    assert (pairing.since, pairing.planned_until) == (TODAY, date(2028, 3, 2))
    assert pairing.goals == ["organization", "development"]
    assert pairing.was_key_task is False
    told = AuditEntry.objects.filter(subject_id=str(pairing.pk)).order_by("number")
    assert [one.action.rpartition(".")[2] for one in told] == [
        "proposed", "unit_agreed", "village_agreed", "approved", "drafted", "started",
    ]  # fmt: skip


@pytest.mark.parametrize("side", ["unit", "village"])
def test_either_side_may_decline_and_says_why(world: World, side: str) -> None:
    pairing = actions.agree_unit(proposed(world), actor=world.unit_admin)
    actor = world.unit_admin if side == "unit" else world.pine_secretary

    pairing = actions.decline(pairing, text="今年任务重", actor=actor)

    assert (pairing.state, pairing.end_reason) == ("declined", "今年任务重")
    assert (
        actions.propose_pairing(world.finance, world.pine, is_lead=True, actor=world.officer).state
        == "proposed"
    )


def test_the_county_may_withdraw_until_it_has_begun(world: World) -> None:
    pairing = actions.withdraw(approved(world), text="单位撤并", actor=world.officer)

    assert pairing.state == "declined"


def assess(pairing: Pairing, year: int) -> None:
    PairAssessment.objects.create(
        pairing=pairing, year=year, state="confirmed", village_points=90, village_text="好",
        evaluated_by_name="宋乙八", evaluated_on=TODAY, score=9000, confirmed_on=TODAY,
        confirmed_by_name="陈乙一",
    )  # fmt: skip


def test_a_pair_is_renewed_from_where_its_term_ends(world: World) -> None:
    pairing = paired(world, since=date(2024, 4, 1))
    assess(pairing, 2025)

    pairing = actions.renew_pairing(pairing, term_months=12, actor=world.officer)

    assert (pairing.state, pairing.planned_until) == ("active", date(2027, 4, 1))


def test_a_pair_ends_when_its_term_is_over(world: World) -> None:
    pairing = paired(world, since=date(2024, 3, 1))
    assess(pairing, 2025)

    pairing = actions.end_pairing(pairing, actor=world.officer)

    assert (pairing.state, pairing.until) == ("ended", TODAY)


def test_the_leader_dissolves_a_pair_with_a_document(world: World) -> None:
    pairing = actions.dissolve_pairing(
        paired(world), text="机构改革", document_number="8号", actor=world.leader
    )

    step = pairing.steps.get()
    assert (pairing.state, pairing.until) == ("dissolved", TODAY)
    assert (step.act, step.text, step.document_number) == ("dissolve", "机构改革", "8号")


# --- what refuses them ----------------------------------------------------------------------------

Act = Callable[[World], object]
REFUSED: dict[str, tuple[Act, set[str]]] = {
    "a unit proposes itself": (
        lambda w: proposed(w, actor=w.unit_admin), {"pairing.wrong_role", "other_county"},
    ),
    "another county proposes": (
        lambda w: proposed(w, actor=_officer_next_door(w)), {"other_county"},
    ),
    "the same pair twice": (lambda w: [proposed(w), proposed(w)], {"pair_held", "lead_taken"}),
    "a second lead unit": (
        lambda w: [
            proposed(w),
            actions.propose_pairing(w.school, w.pine, is_lead=True, actor=w.officer),
        ],
        {"lead_taken"},
    ),
    "a county as the partner": (
        lambda w: actions.propose_pairing(w.school, w.county, is_lead=True, actor=w.officer),
        {"place_level"},
    ),
    "another unit agrees": (
        lambda w: actions.agree_unit(proposed(w), actor=unit_admin(w, w.school)),
        {"other_county"},
    ),
    "another village agrees": (
        lambda w: actions.agree_village(
            actions.agree_unit(proposed(w), actor=w.unit_admin), meeting_on=TODAY,
            actor=village_secretary(w, w.brook),
        ),
        {"other_county"},
    ),
    "the village agrees first": (
        lambda w: actions.agree_village(proposed(w), meeting_on=TODAY, actor=w.pine_secretary),
        {"pairing.wrong_state"},
    ),
    "a meeting to come": (
        lambda w: actions.agree_village(
            actions.agree_unit(proposed(w), actor=w.unit_admin), meeting_on=date(2026, 3, 3),
            actor=w.pine_secretary,
        ),
        {"day_in_future"},
    ),
    "no, without a reason": (
        lambda w: actions.decline(proposed(w), text=" ", actor=w.unit_admin), {"reason_missing"},
    ),
    "approved by who proposed it": (
        lambda w: actions.approve(agreed(w), points_seen=640, actor=w.officer),
        {"directory.same_person"},
    ),
    "approved by other points": (
        lambda w: actions.approve(agreed(w), points_seen=600, actor=w.second_officer),
        {"points_not_seen"},
    ),
    "approved before the village": (
        lambda w: actions.approve(proposed(w), points_seen=640, actor=w.second_officer),
        {"pairing.wrong_state"},
    ),
    "signed without goals": (
        lambda w: actions.start_pairing(
            approved(w), Agreement(), signed_on=TODAY, actor=w.unit_admin
        ),
        {"goals_missing", "plan_missing", "contact_missing"},
    ),
    "signed before it was approved": (
        lambda w: actions.start_pairing(
            approved(w), AGREEMENT, signed_on=date(2026, 3, 1), actor=w.unit_admin
        ),
        {"day_before"},
    ),
    "drafted while active": (
        lambda w: actions.draft_agreement(paired(w), AGREEMENT, actor=w.unit_admin),
        {"pairing.wrong_state"},
    ),
    "renewed too early": (
        lambda w: actions.renew_pairing(paired(w), term_months=12, actor=w.officer),
        {"term_not_near", "not_assessed"},
    ),
    "ended before its term": (
        lambda w: actions.end_pairing(paired(w), actor=w.officer),
        {"term_not_over", "not_assessed"},
    ),
    "dissolved by the office": (
        lambda w: actions.dissolve_pairing(
            paired(w), text="因故", document_number="8号", actor=w.officer
        ),
        {"pairing.wrong_role"},
    ),
    "dissolved without a document": (
        lambda w: actions.dissolve_pairing(
            paired(w), text="因故", document_number="", actor=w.leader
        ),
        {"document_number_missing"},
    ),
}  # fmt: skip


def _officer_next_door(world: World) -> Actor:
    from tests.world import _actor

    assert world.elsewhere.parent is not None
    return _actor("next-officer", "外县同志", "county_org_staff", place=world.elsewhere.parent)  # type: ignore[arg-type]  # the role's code


@pytest.mark.parametrize("name", REFUSED)
def test_refused(world: World, name: str) -> None:
    act, expected = REFUSED[name]

    with pytest.raises(Refused) as refused:
        act(world)

    assert codes(refused) == expected


def test_a_sixth_village_is_refused(world: World) -> None:
    villages = [world.pine, world.brook, world.stone, world.mill, world.north]
    for village in villages:
        actions.propose_pairing(world.finance, village, is_lead=True, actor=world.officer)

    with pytest.raises(Refused) as refused:
        actions.propose_pairing(world.finance, world.south, is_lead=True, actor=world.officer)

    assert codes(refused) == {"unit_full"}


@pytest.mark.parametrize("act", ["end", "dissolve"])
def test_g3_a_pair_that_serves_a_rectification_goes_on(
    world: World, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairing = paired(world, since=date(2024, 3, 1))
    assess(pairing, 2025)
    other = paired(world, unit=world.school, village=world.stone)
    own = (pairing.unit_id, pairing.village_id)
    monkeypatch.setattr(
        facts_of_neighbours, "BINDERS", [lambda pairs: frozenset({own}) & frozenset(pairs)]
    )

    ways: dict[str, Callable[[], object]] = {
        "end": lambda: actions.end_pairing(pairing, actor=world.officer),
        "dissolve": lambda: actions.dissolve_pairing(
            pairing, text="因", document_number="8", actor=world.leader
        ),
    }

    with pytest.raises(Refused) as refused:
        ways[act]()

    assert codes(refused) == {"village_bound"}
    actions.dissolve_pairing(other, text="因", document_number="8", actor=world.leader)


# --- what neighbours ask, and pages that are not its own ------------------------------------------


def test_posting_learns_which_units_are_near_by_their_pairs(world: World) -> None:
    paired(world)
    paired(world, unit=world.school, is_lead=False)
    proposal = actions.propose_pairing(world.school, world.stone, is_lead=True, actor=world.officer)

    found = units_paired([world.pine.pk, world.stone.pk])

    assert proposal.state == "proposed"
    assert found == {world.pine.pk: ("县第一小学", "县财政局")}
    assert facts.units_paired([world.brook.pk]) == {}


@pytest.mark.parametrize(("types", "expected"), [(("key_task",), True), (("border",), False)])
def test_what_the_village_was_on_the_day_is_kept(
    world: World, types: tuple[str, ...], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [lambda ids, on: dict.fromkeys(ids, types)]
    monkeypatch.setattr(facts_of_neighbours, "TYPES_OF_VILLAGES", sources)

    pairing = actions.start_pairing(
        approved(world), AGREEMENT, signed_on=TODAY, actor=world.unit_admin
    )

    assert pairing.was_key_task is expected


def test_the_files_of_village_and_unit_tell_of_the_pair(world: World) -> None:
    pairing = paired(world)

    [village] = records.of_village(world.pine, world.officer, TODAY)
    [unit] = records.of_unit(world.finance, world.officer, TODAY)
    [before] = records.of_village(world.pine, world.officer, date(2025, 12, 1))

    assert [(row.text, row.tag) for row in village.rows] == [("县财政局", "共建中")]
    assert [row.text for row in unit.rows] == ["北山镇松树村"]
    assert str(pairing.pk) in unit.rows[0].url
    assert before.rows == ()
    assert records.of_village(world.pine, world.stranger, TODAY)[0].rows == ()


@pytest.mark.parametrize(
    ("state", "who", "words"),
    [
        ("proposed", "unit_admin", "请单位答复"),
        ("unit_agreed", "pine_secretary", "请村里答复"),
        ("village_agreed", "officer", "待批准"),
        ("approved", "unit_admin", "待签协议"),
    ],
)
def test_what_waits_stands_in_the_worklist(world: World, state: str, who: str, words: str) -> None:
    paired(world, state=state, since=None, planned_until=None, state_since=TODAY)
    actor = getattr(world, who)

    [item] = panels.worklist(actor)

    assert words in item.title
    assert panels.count(actor) == 1
    assert panels.worklist(world.stranger) == []
    assert item.due_on == date(2026, 4, 1) if state == "approved" else date(2026, 3, 12)


def test_the_county_sees_what_expires_and_what_has_no_unit(world: World) -> None:
    paired(world, since=date(2024, 4, 1))
    paired(world, unit=world.school, village=world.stone, state="dissolved", until=TODAY)

    titles = [item.title for item in panels.worklist(world.officer)]

    assert titles == ["1 对结对将到期或已到期", "1 个村的牵头结对已结束，还没有接上"]
    assert Unit.objects.count() == 2
