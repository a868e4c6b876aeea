"""Is a place that was left filled by a repair of the plan, and by more than one pair of hands?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory.models import Unit
from lingyan.directory.roles import Role
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions import replacements as actions
from lingyan.posting.matching.replacements import repair_of
from lingyan.posting.models import (
    PoolEntry,
    Posting,
    RecallCase,
    Replacement,
    RoundPerson,
)
from lingyan.posting.panels import recall as panels
from lingyan.posting.queries import recall as queries
from tests.posting.recall_scene import DAY, RecallScene, again, build_recall
from tests.posting.scene import codes, pool_entry, proof
from tests.world import _actor, build_world

AFTER_NOTICE = date(2026, 9, 9)  # a Wednesday; the fifth working day is the Tuesday before


@pytest.fixture(scope="module")
def _scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[RecallScene]:
    """Built once: every test of this file takes its changes back."""
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(DAY):
        found = build_recall(build_world())
        found.posting = found.recalled()
        yield found
        transaction.set_rollback(True)


@pytest.fixture
def scene(_scene: RecallScene, db: None) -> Iterator[RecallScene]:
    with clock.at(DAY):
        yield again(_scene)


def repair(scene: RecallScene) -> Any:
    round = queries.find_round(scene.posting)
    assert round is not None
    return repair_of(scene.posting, round, as_of=clock.today())


def proposed(scene: RecallScene, **said: Any) -> Replacement:
    return actions.propose(
        scene.posting,
        **{"number": scene.world.sun.number, "text": "", "actor": scene.world.officer, **said},
    )


def announced(scene: RecallScene) -> Replacement:
    found = actions.decide(proposed(scene), agrees=True, answer="", actor=scene.world.leader)
    return actions.announce(found, actor=scene.world.officer)


def issued(scene: RecallScene, found: Replacement, **said: Any) -> Posting:
    return actions.issue(
        found,
        **{
            "document_number": "山组发8号", "starts_on": AFTER_NOTICE,
            "actor": scene.world.admin, **said,
        },
    )  # fmt: skip


def named(scene: RecallScene) -> PoolEntry:
    """周甲七 of 县财政局, no candidate of the round."""
    world = scene.world
    person = type(world.li).objects.create(
        number="R0007", name="周甲七", unit=world.finance, gender="male",
        birth_on=date(1986, 5, 1), place=world.county, political_status="full_member",
        party_joined_on=date(2012, 7, 1), work_started_on=date(2008, 9, 1),
    )  # fmt: skip
    proof(person, "economy", 6)
    return pool_entry(person)


# --- the repair -----------------------------------------------------------------------------------


def test_the_repair_asks_who_is_free_and_moves_nobody(scene: RecallScene) -> None:
    found = repair(scene)

    assert [one.person.name for one in found.options] == ["孙甲五"]
    assert found.options[0].is_first
    assert found.kept == 4
    kept = {one.pk: one.state for one in Posting.objects.filter(until__isnull=True)}
    proposed(scene)
    assert {one.pk: one.state for one in Posting.objects.filter(until__isnull=True)} == kept


def test_a_nominee_of_the_unit_is_compared_with_the_rounds_people(scene: RecallScene) -> None:
    entry = named(scene)
    actions.nominate(scene.posting, entry.person, text="熟悉产业", actor=scene.world.unit_admin)

    first, second = repair(scene).options

    assert (first.person.name, first.is_nominee, first.is_first) == ("周甲七", True, True)
    assert (second.person.name, second.is_first) == ("孙甲五", False)
    assert first.fit > second.fit
    assert second.price == f"比首选低 {first.fit - second.fit} 分"


def test_who_fails_a_hard_rule_today_is_named_with_the_public_reason(scene: RecallScene) -> None:
    PoolEntry.objects.filter(person=scene.world.sun).update(health="unfit")

    found = repair(scene)

    assert found.options == ()
    assert found.out == {scene.world.sun.number: ("不符合条件",)}


def test_the_repair_is_kept_with_its_proof_and_the_plan_in_force_stays(
    scene: RecallScene,
) -> None:
    round = queries.find_round(scene.posting)
    assert round is not None

    kept = proposed(scene).plan

    assert (kept.origin, kept.verified, kept.base) == ("repaired", True, None)
    assert queries.find_round(scene.posting).chosen_plan_id == round.chosen_plan_id
    client = scene.world.client(scene.world.officer)
    assert client.get(reverse("workbench", args=[kept.pk])).status_code == 200
    assert client.get(reverse("plan_verification", args=[kept.pk])).status_code == 200


def test_who_has_left_is_not_proposed_again(scene: RecallScene) -> None:
    with pytest.raises(Refused) as refused:
        proposed(scene, number=scene.world.li.number)

    assert codes(refused) == ["posting.replacement.no_candidate"]


def test_another_than_the_first_needs_words(scene: RecallScene) -> None:
    actions.nominate(scene.posting, named(scene).person, text="", actor=scene.world.unit_admin)

    with pytest.raises(Refused) as refused:
        proposed(scene)

    assert codes(refused) == ["posting.replacement.reason_missing"]
    assert proposed(scene, text="本人愿去，村里欢迎").is_first is False


def test_a_place_without_a_round_asks_for_one(scene: RecallScene) -> None:
    Posting.objects.filter(pk=scene.posting.pk).update(round=None, village=scene.world.pine)
    scene.posting.refresh_from_db()
    assert queries.find_round(scene.posting) is not None  # the round that had this village
    other = Posting.objects.filter(pk=scene.posting.pk)
    other.update(village=scene.world.elsewhere)
    scene.posting.refresh_from_db()

    with pytest.raises(Refused) as refused:
        proposed(scene)

    assert codes(refused) == ["posting.replacement.no_round"]


# --- decided by others, announced, issued ---------------------------------------------------------


def test_the_replacement_is_issued_and_refers_to_the_old_posting(scene: RecallScene) -> None:
    found = announced(scene)
    assert found.notice_ends_on == date(2026, 9, 8)

    with clock.at(AFTER_NOTICE):
        new = issued(scene, found)

    assert (new.origin, new.predecessor, new.round) == (
        "replace", scene.posting, scene.posting.round,
    )  # fmt: skip
    assert (new.person, new.village, new.state, new.since) == (
        scene.world.sun, scene.world.pine, "appointed", AFTER_NOTICE,
    )  # fmt: skip
    assert new.planned_until == date(2028, 9, 9)
    assert RecallCase.objects.get().state == "replaced"
    assert PoolEntry.objects.get(person=scene.world.sun).state == "selected"
    assert not queries.is_vacant(scene.posting)
    assert AuditEntry.objects.filter(action="posting.replacement.issued").count() == 1


def test_before_the_notice_is_over_nothing_is_issued(scene: RecallScene) -> None:
    found = announced(scene)

    with clock.at(AFTER_NOTICE - timedelta(days=1)), pytest.raises(Refused) as refused:
        issued(scene, found)

    assert codes(refused) == ["posting.replacement.notice_running"]
    assert Posting.objects.filter(origin="replace").count() == 0


def test_two_presses_issue_once(scene: RecallScene) -> None:
    found = announced(scene)

    with clock.at(AFTER_NOTICE):
        issued(scene, found)
        with pytest.raises(Refused) as refused:
            issued(scene, found)

    assert "posting.replacement.wrong_state" in codes(refused)
    assert Posting.objects.filter(origin="replace").count() == 1


def test_rules_are_asked_again_when_it_is_issued(scene: RecallScene) -> None:
    found = announced(scene)
    PoolEntry.objects.filter(person=scene.world.sun).update(discipline="sanctioned")

    with clock.at(AFTER_NOTICE), pytest.raises(Refused) as refused:
        issued(scene, found)

    assert codes(refused) == ["posting.rule_broken"]
    assert "sanctioned" not in str(refused.value)
    assert "处分" not in str(refused.value)


def test_killed_in_the_middle_nothing_is_issued(
    scene: RecallScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = announced(scene)
    before = Posting.objects.count(), AuditEntry.objects.count()

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr("lingyan.posting.actions.recall.note_filled", broken)
    with clock.at(AFTER_NOTICE), pytest.raises(RuntimeError):
        issued(scene, found)

    assert (Posting.objects.count(), AuditEntry.objects.count()) == before
    assert Replacement.objects.get().state == "announced"
    assert PoolEntry.objects.get(person=scene.world.sun).state == "in_pool"


def test_who_proposed_does_not_decide_or_issue(scene: RecallScene) -> None:
    world = scene.world
    found = proposed(scene)
    for role, act in ((Role.COUNTY_ORG_LEADER, "approve"), (Role.COUNTY_ORG_ADMIN, "issue")):
        actor = _actor(f"same-{act}", "陈乙一", role, place=world.county)
        Replacement.objects.filter(pk=found.pk).update(
            proposed_by_id=actor.user_id,
            state="announced" if act == "issue" else "proposed",
            notice_ends_on=DAY,
        )
        found.refresh_from_db()
        with clock.at(AFTER_NOTICE):
            reasons = actions.reasons_against(found, act, actor=actor, starts_on=AFTER_NOTICE)
        assert [one.code for one in reasons] == ["directory.same_person"]


def test_one_proposal_a_place_and_one_a_person(scene: RecallScene) -> None:
    found = proposed(scene)

    with pytest.raises(Refused) as refused:
        proposed(scene)
    assert codes(refused) == ["posting.replacement.going_on"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Replacement.objects.create(
            posting=scene.posting, person=scene.world.qian, plan=found.plan, fit=1,
            is_first=True, proposed_by_name="陈", proposed_on=DAY,
        )  # fmt: skip

    actions.stop(found, text="本人不便", actor=scene.world.officer)
    assert proposed(scene).state == "proposed"


def test_a_refusal_needs_words_and_opens_the_place_again(scene: RecallScene) -> None:
    found = proposed(scene)
    with pytest.raises(Refused) as refused:
        actions.decide(found, agrees=False, answer=" ", actor=scene.world.leader)
    assert codes(refused) == ["posting.reason_missing"]

    actions.decide(found, agrees=False, answer="再比较", actor=scene.world.leader)

    assert [one.person.name for one in repair(scene).options] == ["孙甲五"]


# --- the unit -------------------------------------------------------------------------------------


def test_a_unit_names_its_own_people_out_of_the_pool_for_its_own_place(
    scene: RecallScene,
) -> None:
    world, entry = scene.world, named(scene)
    school = _actor(
        "school", "冯丙六", Role.UNIT_PARTY_ADMIN, unit=Unit.objects.get(name="县第一小学")
    )
    cases = [
        (school, entry.person, "posting.replacement.other_unit"),
        (world.unit_admin, world.sun, "posting.replacement.other_unit"),
        (world.officer, entry.person, "posting.replacement.wrong_role"),
    ]
    for actor, person, code in cases:
        with pytest.raises(Refused) as refused:
            actions.nominate(scene.posting, person, text="", actor=actor)
        assert codes(refused) == [code]
    PoolEntry.objects.filter(pk=entry.pk).update(state="reviewed")
    entry.person.refresh_from_db()
    with pytest.raises(Refused) as refused:
        actions.nominate(scene.posting, entry.person, text="", actor=world.unit_admin)
    assert codes(refused) == ["posting.replacement.not_in_pool"]


def test_a_unit_names_somebody_once(scene: RecallScene) -> None:
    person, actor = named(scene).person, scene.world.unit_admin
    actions.nominate(scene.posting, person, text="", actor=actor)

    with pytest.raises(Refused) as refused:
        actions.nominate(scene.posting, person, text="", actor=actor)

    assert codes(refused) == ["posting.replacement.nominated_twice"]


# --- pages ----------------------------------------------------------------------------------------


def test_the_place_is_due_and_reddens_until_it_is_filled(scene: RecallScene) -> None:
    def line() -> panels.VacancyLine:
        [found] = panels.vacancy_lines(queries.list_vacant(scene.world.officer.scope))
        return found

    assert line().due_on == date(2026, 9, 21)  # the Sunday before is a working day
    assert line().level == "green"
    with clock.at(date(2026, 9, 22)):
        assert line().level == "red"
    with clock.at(AFTER_NOTICE):
        issued(scene, announced_at(scene))
        assert list(queries.list_vacant(scene.world.officer.scope)) == []


def announced_at(scene: RecallScene) -> Replacement:
    with clock.at(DAY):
        return announced(scene)


def test_the_pages_carry_it_from_proposal_to_issue(scene: RecallScene) -> None:
    world, posting = scene.world, scene.posting
    officer, leader, admin = (
        world.client(one) for one in (world.officer, world.leader, world.admin)
    )
    propose = reverse("vacancy_propose", args=[posting.pk])
    text = officer.get(propose).content.decode()
    assert "其他 4 个在任岗位不动" in text
    assert "系统首选" in text
    assert officer.post(propose, {"number": "R9999"}).status_code == 409
    assert officer.post(propose, {}).status_code == 422

    sent = [officer.post(propose, {"number": world.sun.number}).status_code for _ in range(2)]
    assert sent == [302, 409]
    found = Replacement.objects.get()

    def step(client: Any, act: str, **said: str) -> int:
        return client.post(reverse("replacement_step", args=[found.pk, act]), said).status_code

    assert step(leader, "decide", outcome="yes") == 302
    assert step(leader, "decide", outcome="no", text="x") == 409
    assert step(officer, "announce") == 302
    notice = officer.get(reverse("replacement_notice", args=[found.pk])).content.decode()
    assert "2026-09-08" in notice
    assert "孙甲五" in notice
    with clock.at(AFTER_NOTICE):
        early = {"document_number": "文", "starts_on": "2026-09-08"}
        assert step(admin, "issue", **early) == 409
        assert step(admin, "issue", document_number="文", starts_on="2026-09-09") == 302
        detail = admin.get(reverse("vacancy_detail", args=[posting.pk])).content.decode()
    assert "已由" in detail
    assert step(admin, "nothing") == 404


def test_another_unit_and_another_town_do_not_find_the_place(scene: RecallScene) -> None:
    world = scene.world
    school = _actor(
        "school", "冯丙六", Role.UNIT_PARTY_ADMIN, unit=Unit.objects.get(name="县第一小学")
    )
    for actor in (school, world.south_org, world.stranger):
        client = world.client(actor)
        assert client.get(reverse("vacancy_detail", args=[scene.posting.pk])).status_code == 404
        assert "松树村" not in client.get(reverse("vacancy_list")).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_people(
    scene: RecallScene, django_assert_max_num_queries: Any
) -> None:
    round = queries.find_round(scene.posting)
    assert round is not None
    for number in range(5):
        person = type(scene.world.li).objects.create(
            number=f"R1{number}", name=f"吴甲{number}", unit=scene.world.school, gender="male",
            birth_on=date(1986, 5, 1), place=scene.world.county,
            political_status="full_member", party_joined_on=date(2012, 7, 1),
            work_started_on=date(2008, 9, 1),
        )  # fmt: skip
        pool_entry(person)
        RoundPerson.objects.create(round=round, person=person)

    with django_assert_max_num_queries(24):
        assert len(repair(scene).options) == 6
