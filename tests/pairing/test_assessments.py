"""A pair's year: the village says how it was, the county confirms what the records say (R-3-06)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.pairing.actions.activities import Said, cancel_activity, enter_activity
from lingyan.pairing.actions.assessments import (
    confirm_assessments,
    evaluate_year,
    return_evaluation,
)
from lingyan.pairing.actions.liveliness import renew_still_since
from lingyan.pairing.actions.year import record_meeting, withdraw_meeting
from lingyan.pairing.models import PairActivity, PairAssessment, Pairing
from lingyan.pairing.panels.assessments import is_changed
from lingyan.pairing.queries.assessments import (
    facts_of_pairs,
    is_assessed,
    list_assessable,
    years_of_units,
)
from lingyan.pairing.queries.liveliness import list_active, still_q
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry
from tests.pairing.scene import STARTS, paired, village_secretary
from tests.world import World

pytestmark = pytest.mark.django_db
AUTUMN = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def _autumn() -> Iterator[None]:
    with clock.at(AUTUMN):
        yield


def held(world: World, pairing: Pairing, **said: Any) -> PairActivity:
    facts = {
        "mode": "offline", "day": date(2026, 6, 1), "pairings": [pairing.pk],
        "place": world.pine.pk, "minutes": 90, "villagers": 20, "beneficiaries": 20,
        "summary": "办了一场", "people": {world.li.pk: "spot"}, **said,
    }  # fmt: skip
    return enter_activity(Said(**facts), actor=world.unit_admin)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.refusals]


def evaluated(world: World, pairing: Pairing, points: int = 80) -> PairAssessment:
    return evaluate_year(
        pairing, year=2026, points=points, text="常来，办了实事", actor=world.pine_secretary
    )


def test_the_year_is_frozen_as_the_records_say_it(world: World) -> None:
    pairing = paired(world)
    made = evaluated(world, pairing)

    [done] = confirm_assessments([made], actor=world.officer)

    # Nothing was recorded: only the village's 8 points of 10, and no quarter was kept.
    assert done.items == {
        "five_ones": 0, "deeds": 0, "projects": 0, "meetings": 0, "village": 800,
    }  # fmt: skip
    assert (done.score, done.shown_score) == (800, "8.00")
    assert done.facts["meetings_due"] == 3
    assert not is_changed(done)
    acts = AuditEntry.objects.filter(subject_id=str(done.pk)).order_by("number")
    assert list(acts.values_list("action", flat=True)) == [
        "pairing.assessment.evaluated", "pairing.assessment.confirmed",
    ]  # fmt: skip


def test_what_is_recorded_later_changes_no_confirmed_score_but_is_said(world: World) -> None:
    pairing = paired(world)
    [done] = confirm_assessments([evaluated(world, pairing)], actor=world.officer)

    held(world, pairing, kind="theme_day", has_oath=True)
    again = PairAssessment.objects.select_related("pairing").get(pk=done.pk)

    assert again.score == 800
    assert is_changed(again)
    assert facts_of_pairs([pairing], 2026)[pairing.pk].five_ones == 1


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        ("unit_admin", "pairing.assessment.wrong_role"),
        ("south_org", "pairing.assessment.wrong_role"),  # another town
        ("officer", "pairing.assessment.wrong_role"),
    ],
)
def test_who_is_not_asked_does_not_evaluate(world: World, actor: str, code: str) -> None:
    pairing = paired(world)

    with pytest.raises(Refused) as refused:
        evaluate_year(pairing, year=2026, points=80, text="好", actor=getattr(world, actor))

    assert codes(refused) == [code]
    assert not PairAssessment.objects.exists()


def test_the_town_writes_down_what_a_village_said_on_paper(world: World) -> None:
    made = evaluate_year(
        paired(world), year=2026, points=70, text="纸质评价", actor=world.north_org
    )

    assert made.evaluated_by_name == world.north_org.name


def test_a_village_evaluates_once_and_again_when_asked(world: World) -> None:
    pairing = paired(world)
    made = evaluated(world, pairing)
    with pytest.raises(Refused) as twice:
        evaluated(world, pairing)
    with pytest.raises(Refused) as silent:
        return_evaluation(made, reason=" ", actor=world.officer)

    return_evaluation(made, reason="分数和理由不符", actor=world.officer)
    again = evaluated(world, pairing, 60)

    assert codes(twice) == ["pairing.assessment.wrong_state"]
    assert codes(silent) == ["pairing.reason_missing"]
    assert (again.pk, again.village_points, again.state) == (made.pk, 60, "evaluated")


def test_who_wrote_an_evaluation_does_not_confirm_it(world: World) -> None:
    made = evaluated(world, paired(world))
    secretary_as_staff: Actor = replace(
        world.officer, user_id=world.pine_secretary.user_id, name=world.pine_secretary.name
    )

    with pytest.raises(Refused) as refused:
        confirm_assessments([made], actor=secretary_as_staff)

    assert codes(refused) == ["directory.same_person"]


def test_confirming_is_all_or_nothing(world: World) -> None:
    made = evaluated(world, paired(world))
    other = paired(world, unit=world.school, village=world.brook)
    done = evaluate_year(
        other, year=2026, points=90, text="好", actor=village_secretary(world, world.brook)
    )
    confirm_assessments([done], actor=world.officer)

    with pytest.raises(Refused) as refused:
        confirm_assessments([made, done], actor=world.officer)

    assert codes(refused) == ["pairing.assessment.wrong_state"]
    made.refresh_from_db()
    assert made.state == "evaluated"


def test_a_unit_has_the_mean_of_its_confirmed_pairs(world: World) -> None:
    first, second = paired(world), paired(world, village=world.stone)
    third = paired(world, village=world.brook)
    made = [
        evaluated(world, first, 100),
        evaluate_year(
            second, year=2026, points=51, text="一般", actor=village_secretary(world, world.stone)
        ),
    ]
    confirm_assessments(made, actor=world.officer)

    [line] = years_of_units(world.officer.scope, 2026, [world.finance])

    assert (line.pairs, len(line.confirmed), line.score) == (3, 2, 755)
    assert third in list_assessable(world.officer.scope, 2026)


def test_a_pair_is_assessed_by_the_year_of_its_last_day_or_the_year_before(
    world: World,
) -> None:
    pairing = paired(world, since=date(2025, 2, 1), planned_until=date(2027, 2, 1))
    assert not is_assessed(pairing)

    confirm_assessments([evaluated(world, pairing)], actor=world.officer)

    assert is_assessed(pairing)
    pairing.planned_until = date(2028, 2, 1)
    assert not is_assessed(pairing)


# --- alive or asleep ------------------------------------------------------------------------------


def test_a_pair_is_still_since_it_began_or_since_its_last_event(world: World) -> None:
    pairing, other = paired(world), paired(world, village=world.stone)

    held(world, pairing, kind="free_clinic")

    pairing.refresh_from_db()
    other.refresh_from_db()
    assert (pairing.still_since, other.still_since) == (date(2026, 6, 1), STARTS)
    today = date(2026, 7, 1)
    asleep = list_active(world.officer.scope).filter(still_q("asleep", today))
    assert list(asleep) == [other]
    assert list(list_active(world.officer.scope).filter(still_q("alive", today))) == [pairing]
    assert not list_active(world.officer.scope).filter(still_q("quiet", today)).exists()


def test_what_is_taken_back_is_no_sign_of_life(world: World) -> None:
    """The column says what the records say, after each kind of act."""
    pairing, day = paired(world), date(2026, 5, 6)
    met = record_meeting(
        [pairing.pk], kind="meeting", day=day, with_whom="委员", topics="商量茶园",
        actor=world.unit_admin,
    )  # fmt: skip
    activity = held(world, pairing, kind="free_clinic")
    assert still(pairing) == date(2026, 6, 1)

    cancel_activity(activity, reason="登记错了", actor=world.unit_admin)
    assert still(pairing) == day

    withdraw_meeting(met, reason="登记错了", actor=world.unit_admin)
    assert still(pairing) == STARTS


def still(pairing: Pairing) -> date | None:
    """Read back, and the same when looked up anew in all records."""
    pairing.refresh_from_db()
    kept = pairing.still_since
    renew_still_since([pairing.pk])
    pairing.refresh_from_db()
    assert pairing.still_since == kept
    return kept


# --- pages ----------------------------------------------------------------------------------------


def test_village_and_county_do_it_on_the_page(world: World) -> None:
    pairing = paired(world)
    address = f"/pairing/pairings/{pairing.pk}/years/2026/"
    village, county = world.client(world.pine_secretary), world.client(world.officer)
    assert "请村里作年度评价" in village.get("/").content.decode()

    silent = village.post(f"{address}evaluate/", {"points": "120", "text": "好"})
    said = village.post(f"{address}evaluate/", {"points": "90", "text": "办了实事"}, follow=True)
    many = county.post("/pairing/assessments/confirm/", {"year": "2026"}, follow=True)

    assert silent.status_code == 422
    assert "评价已提交" in said.content.decode()
    assert "已确认 1 对结对的 2026 年度得分" in many.content.decode()
    assert "9.00" in world.client(world.unit_admin).get(address).content.decode()


def test_the_county_hands_an_evaluation_back(world: World) -> None:
    pairing = paired(world)
    evaluated(world, pairing)
    address = f"/pairing/pairings/{pairing.pk}/years/2026/"
    county = world.client(world.officer)

    silent = county.post(f"{address}decide/", {"act": "return", "text": ""})
    back = county.post(f"{address}decide/", {"act": "return", "text": "请写具体"}, follow=True)
    again = county.post(f"{address}decide/", {"act": "confirm"})

    assert silent.status_code == 422
    assert "已退回村里重新评价" in back.content.decode()
    assert again.status_code == 409
    assert "份结对评价被退回" in world.client(world.pine_secretary).get("/").content.decode()


def test_the_scores_of_units_leave_with_their_evidence(world: World) -> None:
    pairing = paired(world)
    confirm_assessments([evaluated(world, pairing, 100)], actor=world.officer)

    answer = world.client(world.officer).get("/pairing/unit-scores/export.xlsx?year=2026")

    sheet = openpyxl.load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]
    [line] = [row for row in rows if row[0] == "县财政局"]
    assert line[1:5] == ["2026", "1", "1", "10.00"]
    assert f"/pairing/pairings/{pairing.pk}/years/2026/" in line[5]
