"""G-2: a village on the list without a first secretary stands on the need list as urgent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from lingyan.common import clock
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions.need_lists import (
    NeedItemRow,
    NeedListRow,
    create_need_lists,
    issue_need_list,
)
from lingyan.posting.actions.urgent_needs import add_urgent_need, keep_urgent_need
from lingyan.posting.models import NeedList
from lingyan.posting.rules.urgent_needs import joined, urgent_text, weak_types
from tests.organization.listing_scene import TODAY, RectScene
from tests.world import World

UNTIL = date(2026, 4, 15)
URGENT = urgent_text(UNTIL)
OWN = NeedItemRow("industry", 3, ("economy",), "I1", text="缺产业")
TEAM = NeedItemRow("team", 2, ("party_work",), "T1", text="书记年龄偏大")


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


def waiting(world: World) -> NeedList:
    return NeedList.objects.get(village=world.pine, state=NeedList.State.CONFIRMED)


def in_words(need_list: NeedList) -> list[tuple[str, str, int, str]]:
    rows = need_list.items.order_by("item").values_list("domain", "item", "severity", "text")
    return list(rows)


@pytest.mark.django_db
def test_confirming_writes_the_need_and_gives_thirty_days(world: World) -> None:
    RectScene(world).confirmed()
    need_list = waiting(world)

    assert (need_list.first_secretary_seats, need_list.first_secretary_lower) == (1, 1)
    assert (need_list.priority_class, need_list.village_types) == (1, ["weak_org"])
    assert in_words(need_list) == [("team", "T1", 4, URGENT)]
    made = AuditEntry.objects.get(action="posting.need_list.created")
    assert made.subject_id == str(need_list.pk)
    page = world.client(world.officer).get(f"/posting/need-lists/{need_list.pk}/").text
    assert URGENT in page
    # It is complete: the county may issue it as it stands.
    assert issue_need_list(need_list, actor=world.officer).state == NeedList.State.ISSUED


@pytest.mark.django_db
def test_a_village_that_has_its_first_secretary_gets_none(world: World) -> None:
    scene = RectScene(world)
    scene.post_and_pair()
    scene.confirmed()

    assert not NeedList.objects.filter(village=world.pine).exists()


@pytest.mark.django_db
def test_what_the_lists_say_already_stays_and_once_more_changes_nothing(world: World) -> None:
    """On the list that waits; where the only one is in force, on a new one made from it."""
    row = NeedListRow(world.pine, ("ordinary",), member_seats=2, items=(OWN, TEAM))
    [first] = create_need_lists([row], actor=world.officer)
    add_urgent_need(world.pine, UNTIL)
    add_urgent_need(world.pine, UNTIL)
    first.refresh_from_db()

    assert AuditEntry.objects.filter(action="posting.need_list.changed").count() == 1
    assert (first.member_seats, first.village_types) == (2, ["weak_org"])
    assert in_words(first) == [
        ("industry", "I1", 3, "缺产业"), ("team", "T1", 4, f"{URGENT}；书记年龄偏大"),
    ]  # fmt: skip

    issue_need_list(first, actor=world.officer)
    later = add_urgent_need(world.pine, date(2026, 9, 1))
    assert later.pk != first.pk
    assert in_words(later)[1][3] == f"{urgent_text(date(2026, 9, 1))}；书记年龄偏大"
    assert NeedList.objects.get(pk=first.pk).state == NeedList.State.ISSUED


@pytest.mark.django_db
def test_a_new_list_keeps_it_while_the_village_is_bound_and_nobody_is_there(world: World) -> None:
    scene = RectScene(world)
    scene.confirmed()
    NeedList.objects.filter(village=world.pine).update(state=NeedList.State.SUPERSEDED)
    keep_urgent_need(world.pine)
    assert in_words(waiting(world)) == [("team", "T1", 4, URGENT)]

    NeedList.objects.filter(village=world.pine).update(state=NeedList.State.SUPERSEDED)
    scene.post_and_pair()
    keep_urgent_need(world.pine)
    keep_urgent_need(world.brook)
    assert not NeedList.objects.exclude(state=NeedList.State.SUPERSEDED).exists()


def test_the_gates_words_stand_first_and_no_village_is_weak_and_ordinary() -> None:
    earlier = joined(URGENT, "书记年龄偏大")

    assert joined(URGENT, earlier) == earlier
    assert joined(URGENT, "") == URGENT
    assert weak_types(("ordinary",)) == ("weak_org",)
    assert weak_types(("weak_industry",)) == ("weak_org", "weak_industry")
