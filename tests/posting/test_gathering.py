"""Do the registers reach the rules: homes, kin, offices, postings, towns, needs and choices?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lingyan.common import clock
from lingyan.directory.models import AdjoiningTowns, Place, Relative, VillageOfficer
from lingyan.posting import matching
from lingyan.posting.models import NeedItem, Posting, Round
from lingyan.posting.problem import Candidate, VillageNeed
from tests.posting.scene import TODAY, Scene
from tests.world import SINCE


def candidate(scene: Scene, round: Round) -> Candidate:
    found = matching.gather(round, as_of=TODAY).candidate(scene.world.li.number)
    assert found is not None
    return found


def need(scene: Scene, round: Round) -> VillageNeed:
    found = matching.gather(round, as_of=TODAY).need(matching.village_key(scene.world.pine.pk))
    assert found is not None
    return found


def failed(scene: Scene, round: Round, place: Place, role: str = "first_secretary") -> Any:
    problem = matching.gather(round, as_of=TODAY).problem()
    return problem.failed_rules(scene.world.li.number, f"{place.pk}/{role}")


def posted(scene: Scene, place: Place, **changed: Any) -> Posting:
    given = {
        "person": scene.world.li,
        "village": place,
        "kind": "first_secretary",
        "origin": "new",
        "state": "completed",
        "document_number": "旧文",
        "since": date(2022, 1, 1),
        "planned_until": date(2024, 1, 1),
        "until": date(2024, 1, 1),
        "created_at": clock.now(),
        **changed,
    }
    return Posting.objects.create(**given)


@pytest.mark.parametrize("home", ["native_place", "household_place", "grown_up_place"])
def test_the_own_village_is_out_and_its_town_is_a_warning(scene: Scene, home: str) -> None:
    setattr(scene.world.li, home, scene.world.pine)
    scene.world.li.save()
    round = scene.locked()

    facts = candidate(scene, round).facts
    problem = matching.gather(round, as_of=TODAY).problem()

    assert facts.home_villages == (str(scene.world.pine.pk),)
    assert facts.home_towns == ("北山镇",)
    assert failed(scene, round, scene.world.pine) == ("R02",)
    brook = f"{scene.world.brook.pk}/first_secretary"
    assert problem.warning_rules(scene.world.li.number, brook) == ("R02",)


def test_a_home_of_which_only_the_town_is_known_names_the_town(scene: Scene) -> None:
    scene.world.li.native_place = scene.world.south
    scene.world.li.save()

    facts = candidate(scene, scene.asked()).facts

    assert (facts.home_villages, facts.home_towns) == ((), ("南河镇",))


@pytest.mark.parametrize("declared_by_the_officer", [True, False])
def test_kinship_counts_in_both_directions(scene: Scene, declared_by_the_officer: bool) -> None:
    li, zhou = scene.world.li, scene.world.zhou
    VillageOfficer.objects.create(
        person=zhou, village=scene.world.pine, post="cashier", since=SINCE
    )
    pair = (zhou, li) if declared_by_the_officer else (li, zhou)
    Relative.objects.create(person=pair[0], other=pair[1], relation="sibling")
    round = scene.locked()

    assert failed(scene, round, scene.world.pine) == ("R03",)
    assert failed(scene, round, scene.world.brook) == ()


def test_an_office_that_has_ended_is_no_obstacle(scene: Scene) -> None:
    VillageOfficer.objects.create(
        person=scene.world.zhou,
        village=scene.world.pine,
        post="vc_director",
        since=SINCE,
        until=TODAY,
    )
    Relative.objects.create(person=scene.world.li, other=scene.world.zhou, relation="parent")

    assert failed(scene, scene.asked(), scene.world.pine) == ()


def test_somebody_in_post_is_out(scene: Scene) -> None:
    round = scene.asked()
    posted(scene, scene.world.mill, state="active", until=None, planned_until=date(2027, 1, 1))

    assert failed(scene, round, scene.world.pine) == ("R01",)


def test_a_recall_bars_for_two_years_and_the_same_village_for_ever(scene: Scene) -> None:
    round = scene.asked()
    posting = posted(scene, scene.world.mill, state="recalled", until=date(2025, 6, 1))
    assert failed(scene, round, scene.world.pine) == ("R08",)

    posting.since, posting.until = date(2020, 1, 1), date(2021, 6, 1)
    posting.save()
    assert failed(scene, round, scene.world.pine) == ()
    assert failed(scene, round, scene.world.mill) == ("R08",)


def test_a_list_counts_only_when_it_was_handed_in(scene: Scene) -> None:
    round = scene.asked()
    assert [wish.rank for wish in candidate(scene, round).wishes or ()] == [1, 2]

    scene.world.li.rounds.update(wish_state="returned")
    assert candidate(scene, round).wishes is None


def test_where_people_live_is_told_by_town(scene: Scene) -> None:
    round = scene.asked()
    assert candidate(scene, round).residence is None

    for home, expected in (
        (scene.world.pine, "北山镇"),
        (scene.world.south, "南河镇"),
        (scene.world.county, None),
        (scene.world.elsewhere, "县外"),
    ):
        scene.world.li.residence_place = home
        scene.world.li.save()
        assert candidate(scene, round).residence == expected


def test_adjoining_towns_are_read_both_ways(scene: Scene) -> None:
    round = scene.asked()
    assert matching.gather(round, as_of=TODAY).settings.adjoining is None

    AdjoiningTowns.objects.create(first=scene.world.south, second=scene.world.north)
    settings = matching.gather(round, as_of=TODAY).settings

    assert settings.adjoining == {"北山镇": ("南河镇",), "南河镇": ("北山镇",)}
    assert settings.towns == ("北山镇", "南河镇")


def test_the_need_list_gives_seats_class_wishes_and_conditions(scene: Scene) -> None:
    listed = scene.needs[0]
    listed.language, listed.rank_wanted = "土家语，苗语", "四级主任科员"
    listed.member_lower = 1
    listed.save()
    NeedItem.objects.create(
        need_list=listed, domain="governance", severity=2, capabilities=["law"], level=2
    )

    found = need(scene, scene.asked())

    assert found.facts.languages == ("土家语", "苗语")
    assert found.facts.ranks == ("四级主任科员",)
    assert found.priority == 2
    assert found.seats("member") == (1, 1)
    assert {line.capability: line.level for line in found.profile}["law"] == 2
    assert [line.rank for line in found.intentions or ()] == [1]


def test_portraits_count_verified_evidence_up_to_the_day(scene: Scene) -> None:
    levels = candidate(scene, scene.asked()).levels

    assert levels == {"economy": 4}


def test_a_rule_that_the_round_did_not_freeze_is_off(scene: Scene) -> None:
    round = scene.asked()
    del round.settings["rules"]["R04"]
    round.save()

    settings = matching.gather(round, as_of=TODAY).settings

    assert next(rule for rule in settings.rules if rule.code == "R04").effect == "off"


def test_gathering_costs_the_same_queries_at_any_size(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    round = scene.asked()

    with django_assert_max_num_queries(14):
        matching.gather(round, as_of=TODAY)
