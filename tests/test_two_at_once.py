"""When several people press at the same moment: one wins, the others hear why, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connections, transaction

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.models import Person, Place
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.models import AuditEntry, ChainHead
from lingyan.platform.audit.record import record
from lingyan.platform.audit.verify import verify_chain
from lingyan.platform.exchange import actions as exchange
from lingyan.platform.exchange.models import Import
from lingyan.posting import matching
from lingyan.posting.actions import adjustments, leave, plans, postings, rounds
from lingyan.posting.matching import pricing
from lingyan.posting.models import Adjustment, LeaveRequest, Plan, Posting, Round
from tests.platform.sheets import sent, workbook
from tests.posting.life_scene import build_life
from tests.posting.scene import STARTS, TODAY, Scene, again
from tests.world import World, _actor, _place, build_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db: None) -> Iterator[Scene]:
    with clock.at(TODAY):
        yield Scene(build_world())


def at_once(acts: Sequence[Callable[[], Any]], *, on: date = TODAY) -> list[str]:
    """Run the acts at the same moment, each on a connection of its own; how each ended."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            with clock.at(on):
                start.wait(timeout=60)
                found = act()
        except Refused as refused:
            return refused.refusals[0].code
        finally:
            connections.close_all()
        return found if isinstance(found, str) else "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_two_leaders_decide_and_one_decision_stands(scene: Scene) -> None:
    round, world = scene.computed(), scene.world
    other = _actor("leader2", "林乙四", Role.COUNTY_ORG_LEADER, place=world.county)

    def decide(actor: Actor, text: str) -> None:
        plans.deliberate_round(round, decision=text, decided_on=TODAY, actor=actor)

    ends = at_once([lambda: decide(world.leader, "同意甲"), lambda: decide(other, "同意乙")])

    assert ends == ["done", "posting.round.wrong_state"]
    [entry] = AuditEntry.objects.filter(action="posting.round.deliberated")
    assert again(round).decided_by_name == entry.actor_name


def test_two_officers_announce_once(scene: Scene) -> None:
    round, world = scene.decided(), scene.world

    ends = at_once([
        lambda: plans.announce_round(round, actor=world.officer),
        lambda: plans.announce_round(round, actor=world.second_officer),
    ])  # fmt: skip

    assert ends == ["done", "posting.round.wrong_state"]
    assert AuditEntry.objects.filter(action="posting.round.announced").count() == 1


def test_one_announces_while_another_cancels(scene: Scene) -> None:
    round, world = scene.decided(), scene.world

    ends = at_once([
        lambda: plans.announce_round(round, actor=world.officer),
        lambda: plans.send_back_round(round, reason="再议", actor=world.leader),
    ])  # fmt: skip

    # Sent back first, it cannot be announced; announced first, it may still be sent back.
    assert ends in (["done", "posting.round.wrong_state"], ["done", "done"])
    assert again(round).state in ("adjusted", "announced")
    assert verify_chain().broken_number is None


def test_four_presses_issue_each_posting_once(scene: Scene) -> None:
    round = scene.announced()

    def issue() -> None:
        postings.issue_round(
            Round.objects.get(pk=round.pk),
            document_number="山组发(2026)3号",
            starts_on=STARTS,
            actor=scene.world.admin,
        )

    ends = at_once([issue] * 4, on=date(2026, 3, 10))

    assert ends == ["done", *["posting.round.wrong_state"] * 3]
    seats = list(Posting.objects.values_list("person_id", "village_id"))
    assert len(seats) == len({person for person, _ in seats}) == 5
    assert verify_chain().broken_number is None


def test_two_changes_of_one_plan_make_one_successor(scene: Scene) -> None:
    round, world = scene.computed(), scene.world
    plan = Plan.objects.get(pk=round.chosen_plan_id)
    loaded = matching.load_plan(plan)
    held = dict(pricing.rows_of(loaded.engine_plan))

    def pin(person: Person, actor: Actor) -> None:
        own = Plan.objects.select_related("round__county", "base").get(pk=plan.pk)
        change = pricing.Pin(person.number, held[person.number])
        found = adjustments.propose(own, matching.load_plan(own), change)
        adjustments.adjust_plan(
            own,
            change,
            outcome=found.options[0].fingerprint,
            decision=adjustments.Decision("村里请求"),
            actor=actor,
        )

    ends = at_once([lambda: pin(world.li, world.officer),
                    lambda: pin(world.qian, world.second_officer)])  # fmt: skip

    assert ends[0] == "done"
    assert ends[1].startswith("posting.")
    assert Adjustment.objects.count() == 1
    assert Plan.objects.filter(base=plan).count() == 1
    assert again(round).chosen_plan_id == Plan.objects.get(base=plan).pk


def test_a_computation_and_a_cancelling_leave_one_state(scene: Scene) -> None:
    round, world = scene.asked(), scene.world

    def compute() -> None:
        plans.compute_plans(
            actor=world.officer, report=lambda percent, text: None, round_id=str(round.pk)
        )

    ends = at_once([
        compute, lambda: rounds.cancel_round(round, reason="暂缓", actor=world.admin)
    ])  # fmt: skip

    assert "done" in ends
    assert again(round).state == "cancelled"
    assert verify_chain().broken_number is None


def test_one_file_applied_twice_writes_its_rows_once(scene: Scene) -> None:
    rows = [(f"吴甲{number}", "县财政局") for number in range(60)]
    run = sent("people", workbook(("姓名", "单位"), rows), scene.world.officer)
    before = Person.objects.count()

    def apply(actor: Actor) -> None:
        exchange.apply_import(Import.objects.get(pk=run.pk), actor=actor)

    ends = at_once([lambda: apply(scene.world.officer), lambda: apply(scene.world.second_officer)])

    assert ends[0] == "done"
    assert ends[1] != "done"
    assert Person.objects.count() == before + 60
    numbers = list(Person.objects.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers))


def test_two_files_with_the_same_people_register_them_once(scene: Scene) -> None:
    rows = [(f"吴甲{number}", "县财政局", f"R{number + 500:04d}") for number in range(30)]
    data = workbook(("姓名", "单位", "人员编号"), rows)
    world, before = scene.world, Person.objects.count()
    runs = [sent("people", data, actor) for actor in (world.officer, world.second_officer)]

    ends = at_once([
        lambda: exchange.apply_import(Import.objects.get(pk=runs[0].pk), actor=world.officer),
        lambda: exchange.apply_import(
            Import.objects.get(pk=runs[1].pk), actor=world.second_officer
        ),
    ])  # fmt: skip

    assert ends.count("done") == 1
    assert Person.objects.count() == before + 30
    assert verify_chain().broken_number is None


def test_fifty_writers_make_one_whole_chain(transactional_db: None) -> None:
    """From an empty history on: nobody finds a head, and still there is one."""
    world = build_world()
    ChainHead.objects.all().delete()
    AuditEntry.objects.all().delete()

    def write() -> None:
        with transaction.atomic():
            record("directory.place.changed", actor=world.admin, subject=world.pine)

    assert at_once([write] * 50) == ["done"] * 50

    numbers = list(AuditEntry.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 51))
    assert verify_chain().broken_number is None


def test_a_writer_that_fails_leaves_no_gap(transactional_db: None) -> None:
    world = build_world()

    def write(fails: bool) -> str:
        try:
            with transaction.atomic():
                record("directory.place.changed", actor=world.admin, subject=world.pine)
                if fails:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            return "taken back"
        return "done"

    ends = at_once([lambda fails=bool(n % 3 == 0): write(fails) for n in range(24)])

    assert ends.count("taken back") == 8
    assert AuditEntry.objects.count() == 16
    assert verify_chain().broken_number is None


# On SQLite tests/access/test_leak_8_concurrency.py asks it of a real server.
@pytest.mark.postgres
def test_fifty_people_at_once_see_each_their_own_town(transactional_db: None) -> None:
    """Scope is a matter of the request, not of the thread that happens to serve it."""
    world = build_world()
    towns = [_town(world, number) for number in range(3, 53)]
    people = [
        (world.client(_actor(f"t{town.path}", "镇上同志", Role.TOWN_ORG, place=town)), town)
        for town in towns
    ]
    every = {town.name for town in towns}

    def look(client: Any, town: Place) -> str:
        for _ in range(3):
            text = client.get("/directory/places/").content.decode()
            seen = {name for name in every if name in text}
            if seen != {town.name}:
                return f"{town.name} sees {sorted(seen)[:3]}"
        return "own"

    ends = at_once([lambda who=who, town=town: look(who, town) for who, town in people])

    assert set(ends) == {"own"}


def _town(world: World, number: int) -> Place:
    path = f"0001{number:04d}"
    return _place(path, "township", f"第{number}号镇", world.county, f"98{number:04d}000000")


# --- leave ----------------------------------------------------------------------------------------


def test_two_requests_for_the_same_days_make_one_leave(scene: Scene) -> None:
    lived = build_life(scene.world)
    posting = lived.at_work()
    since = date(2026, 6, 1)

    def ask(kind: str) -> Callable[[], Any]:
        return lambda: leave.ask_leave(
            posting, kind=kind, since=since, until=date(2026, 6, 3), reason="事", actor=lived.li
        )

    assert at_once([ask("personal"), ask("annual")], on=since) == ["done", "posting.leave_overlap"]
    [asked] = LeaveRequest.objects.all()
    acts = [
        lambda: leave.approve_leave(asked, actor=scene.world.north_org).state,
        lambda: leave.refuse_leave(asked, answer="防汛", actor=lived.town_secretary).state,
    ]
    ended = at_once(acts, on=since)

    asked.refresh_from_db()
    assert ended == sorted([asked.state, "posting.leave.wrong_state"])
    posting.refresh_from_db()
    assert posting.state == ("on_leave" if asked.state == "approved" else "active")
