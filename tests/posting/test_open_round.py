"""May this round be opened, and who may join it?"""

from __future__ import annotations

from datetime import date

import pytest

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions import rounds
from lingyan.posting.models import NeedList, Round, RoundPerson
from lingyan.posting.queries import rounds as queries
from lingyan.posting.rules.rounds import DEFAULT_WEIGHTS, round_settings
from tests.posting.scene import STARTS, TODAY, Scene, again, codes, need_list


def test_what_decides_the_plans_is_frozen_and_traced(scene: Scene) -> None:
    round = scene.opened(own_town_blocks=True, unit_limit=3)

    assert round.settings["rules"]["R02"]["parameters"] == {"own_town_blocks": 1}
    assert round.settings["unit_limit"] == 3
    entry = AuditEntry.objects.get(action="posting.round.opened")
    assert entry.subject_id == str(round.pk)
    assert entry.changes["seed"] == [None, 7]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "  "}, "posting.round_name_missing"),
        ({"term_starts_on": date(2026, 3, 1)}, "posting.round_starts_in_past"),
        ({"term_months": 23}, "posting.term_too_short"),
        (
            {"settings": round_settings(weights={**DEFAULT_WEIGHTS, "cover": 61})},
            "posting.weights_not_100",
        ),
    ],
)
def test_a_round_that_cannot_be_is_refused(scene: Scene, changed: dict, code: str) -> None:
    given = {
        "county": scene.world.county,
        "name": "甲",
        "term_starts_on": STARTS,
        "term_months": 24,
        "settings": round_settings(),
        "seed": 1,
        **changed,
    }

    with pytest.raises(Refused) as refused:
        rounds.open_round(**given, actor=scene.world.officer)

    assert codes(refused) == [code]
    assert not Round.objects.exists()


def test_every_reason_is_said_at_once(scene: Scene) -> None:
    scene.opened("甲")

    with pytest.raises(Refused) as refused:
        rounds.open_round(
            county=scene.world.county,
            name="甲",
            term_starts_on=date(2020, 1, 1),
            term_months=6,
            settings=round_settings(),
            seed=1,
            actor=scene.world.leader,
        )

    assert codes(refused) == [
        "posting.round.wrong_role",
        "posting.round_name_taken",
        "posting.round_starts_in_past",
        "posting.term_too_short",
    ]


def test_a_village_of_another_running_round_may_not_join(scene: Scene) -> None:
    scene.filled()
    other = scene.opened("第二批")

    with pytest.raises(Refused) as refused:
        rounds.add_villages(other, scene.needs[:1], actor=scene.world.officer)

    assert codes(refused) == ["posting.village_in_other_round"]
    assert "松树村" in str(refused.value)


def test_a_person_of_another_running_round_may_not_join(scene: Scene) -> None:
    scene.filled()
    other = scene.opened("第二批")

    with pytest.raises(Refused) as refused:
        rounds.add_people(other, scene.entries[:2], actor=scene.world.officer)

    assert codes(refused) == ["posting.person_in_other_round"]


def test_who_may_join_is_offered_and_nobody_else(scene: Scene) -> None:
    first, second = scene.filled(), scene.opened("第二批")
    leaving = RoundPerson.objects.filter(round=first).order_by("person__number")[0]
    rounds.withdraw_person(leaving, actor=scene.world.officer, reason="调离")

    offered = set(queries.list_addable_people(second).values_list("person", flat=True))
    assert leaving.person_id in offered
    assert offered.isdisjoint(first.people.exclude(pk=leaving.pk).values_list("person", flat=True))
    again_here = queries.list_addable_people(first).filter(person=leaving.person_id)
    assert not again_here.exists()
    free = set(queries.list_addable_needs(second).values_list("village", flat=True))
    assert free.isdisjoint(first.villages.values_list("village", flat=True))

    Round.objects.filter(pk=first.pk).update(state="issued")
    free = set(queries.list_addable_needs(second).values_list("village", flat=True))
    assert free.issuperset(first.villages.values_list("village", flat=True))
    assert queries.list_addable_people(second).filter(person__in=first.people.values("person"))


def test_after_cancelling_villages_and_people_are_free_again(scene: Scene) -> None:
    rounds.cancel_round(scene.filled(), reason="人数不足", actor=scene.world.admin)
    other = scene.opened("第二批")

    assert rounds.add_villages(other, scene.needs, actor=scene.world.officer) == 4
    assert rounds.add_people(other, scene.entries, actor=scene.world.officer) == 5


def test_nobody_joins_twice(scene: Scene) -> None:
    round = scene.filled()

    with pytest.raises(Refused):
        rounds.add_villages(round, scene.needs[:1], actor=scene.world.officer)
    with pytest.raises(Refused):
        rounds.add_people(round, scene.entries[:1], actor=scene.world.officer)

    assert (round.villages.count(), round.people.count()) == (4, 5)


def test_a_person_out_of_the_pool_may_not_join(scene: Scene) -> None:
    round = scene.opened()
    entry = scene.entries[0]
    entry.state = "removed"
    entry.save()

    with pytest.raises(Refused) as refused:
        rounds.add_people(round, [entry], actor=scene.world.officer)

    assert codes(refused) == ["posting.not_in_pool"]


def test_an_empty_choice_is_said_in_words(scene: Scene) -> None:
    round = scene.opened()

    with pytest.raises(Refused) as refused:
        rounds.add_villages(round, [], actor=scene.world.officer)

    assert codes(refused) == ["posting.nothing_chosen"]


def test_a_town_may_not_choose_who_takes_part(scene: Scene) -> None:
    round = scene.opened()

    with pytest.raises(Refused) as refused:
        rounds.add_villages(round, scene.needs, actor=scene.world.north_org)

    assert "posting.round.wrong_role" in codes(refused)
    assert not round.villages.exists()


def test_villages_are_fixed_once_needs_are_locked(scene: Scene) -> None:
    round = scene.locked()

    with pytest.raises(Refused) as refused:
        rounds.remove_villages(round, list(round.villages.all()), actor=scene.world.officer)

    assert codes(refused) == ["posting.villages_fixed"]
    assert round.villages.count() == 4


def test_people_are_fixed_once_wishes_are_written(scene: Scene) -> None:
    round = scene.wishing()

    with pytest.raises(Refused) as refused:
        rounds.remove_people(round, list(round.people.all()), actor=scene.world.officer)

    assert codes(refused) == ["posting.people_fixed"]
    assert round.people.count() == 5


def test_locking_takes_the_list_that_is_in_force(scene: Scene) -> None:
    round = scene.filled()
    old = scene.needs[0]
    old.state = NeedList.State.SUPERSEDED
    old.save()
    new = need_list(scene.world.pine, "weak_org", klass=1)

    rounds.close_demand(round, actor=scene.world.officer)

    assert scene.village(round, scene.world.pine).need_list == new


def test_needs_are_not_locked_while_a_list_is_not_issued(scene: Scene) -> None:
    round = scene.filled()
    NeedList.objects.filter(village=scene.world.mill).update(state="superseded")

    with pytest.raises(Refused) as refused:
        rounds.close_demand(round, actor=scene.world.officer)

    assert codes(refused) == ["posting.need_list_not_confirmed"]
    assert "磨坊村" in str(refused.value)
    assert again(round).state == "open"


def test_a_second_press_is_refused_in_words(scene: Scene) -> None:
    round = scene.filled()
    rounds.close_demand(round, actor=scene.world.officer)

    with pytest.raises(Refused) as refused:
        rounds.close_demand(round, actor=scene.world.second_officer)

    assert codes(refused) == ["posting.round.wrong_state"]
    assert AuditEntry.objects.filter(action="posting.round.demand_closed").count() == 1


def test_a_person_leaves_once_and_with_a_reason(scene: Scene) -> None:
    round = scene.asked()
    li = scene.taking_part(round, scene.world.li)

    with pytest.raises(Refused):
        rounds.withdraw_person(li, reason=" ", actor=scene.world.officer)
    rounds.withdraw_person(li, reason="工作调动", actor=scene.world.officer)
    with pytest.raises(Refused) as refused:
        rounds.withdraw_person(li, reason="工作调动", actor=scene.world.officer)

    assert codes(refused) == ["posting.already_withdrawn"]
    assert scene.taking_part(round, scene.world.li).withdrawn_on == TODAY


@pytest.mark.parametrize("stage", ["filled", "wished", "computed", "announced"])
def test_only_the_administrator_cancels_and_only_with_a_reason(scene: Scene, stage: str) -> None:
    round = getattr(scene, stage)()

    with pytest.raises(Refused) as refused:
        rounds.cancel_round(round, reason="", actor=scene.world.officer)
    assert codes(refused) == ["posting.round.wrong_role", "posting.reason_missing"]

    rounds.cancel_round(round, reason="重新摸底", actor=scene.world.admin)
    assert again(round).state == "cancelled"
    assert again(round).cancelled_reason == "重新摸底"


def test_an_issued_round_is_not_cancelled(scene: Scene) -> None:
    round = scene.issued()[0].round

    with pytest.raises(Refused) as refused:
        rounds.cancel_round(round, reason="重来", actor=scene.world.admin)

    assert codes(refused) == ["posting.round.wrong_state"]
    assert again(round).state == "issued"


def test_the_day_of_every_act_is_the_day_of_the_clock(scene: Scene) -> None:
    with clock.at(date(2026, 3, 5)):
        rounds.close_demand(scene.filled(), actor=scene.world.officer)

    entry = AuditEntry.objects.get(action="posting.round.demand_closed")
    assert entry.acted_at.date() == date(2026, 3, 5)
