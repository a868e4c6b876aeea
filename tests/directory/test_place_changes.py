"""Villages are joined, parted, renamed and moved; what was stays readable, and may come back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lingyan.common import clock
from lingyan.common.refusals import Refused
from lingyan.directory import history, queries
from lingyan.directory.actions.officers import OfficerRow, register_officer
from lingyan.directory.actions.place_changes import (
    ChangeRequest,
    Result,
    change_places,
    undo_change,
)
from lingyan.directory.models import (
    Place,
    PlaceChange,
    PlaceEdition,
    PlaceSuccession,
    RoleAssignment,
    VillageOfficer,
)
from lingyan.platform.accounts.actor import EVERYTHING, Scope
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.verify import verify_chain
from tests.world import SINCE, World

DAY = date(2026, 3, 1)


def ordered(
    kind: str,
    sources: list[Place],
    results: list[Result],
    *,
    on: date = DAY,
    town: Place | None = None,
    document: str = "山民发（2026）1号",
) -> ChangeRequest:
    return ChangeRequest(kind, tuple(sources), tuple(results), on, document, town)


def merged(world: World, **more: Any) -> PlaceChange:
    request = ordered(
        "merge", [world.pine, world.brook], [Result("青溪村", "990100100210", "2026")], **more
    )
    return change_places(request, actor=world.admin)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {one.code for one in refused.value.refusals}


# --- joining --------------------------------------------------------------------------------------


def test_two_villages_become_one_and_end(world: World) -> None:
    change = merged(world)

    new = Place.objects.get(short_name="青溪村")
    world.pine.refresh_from_db()
    assert change.text == "松树村、溪口村 合并为 青溪村"
    assert (new.parent, new.since, new.level) == (world.north, DAY, "village")
    assert (str(world.pine), world.pine.ended_on) == ("原松树村", DAY)
    assert set(history.list_predecessors(new)) == {world.pine, world.brook}
    assert history.list_successors(world.pine) == [new]
    assert verify_chain().text is None


def test_what_pointed_to_a_village_points_to_it_still(world: World) -> None:
    office = register_officer(
        OfficerRow(world.wang, world.pine, "clerk", SINCE), actor=world.officer
    )

    merged(world)

    office = VillageOfficer.objects.get(pk=office.pk)
    assert office.village_id == world.pine.pk
    assert str(office.village) == "原松树村"


def test_who_sees_the_successor_sees_what_was_before(world: World) -> None:
    merged(world)
    new = Place.objects.get(short_name="青溪村")

    seen = queries.list_places_ever(Scope(place_paths=(new.path,)))

    assert {place.short_name for place in seen} == {"青溪村", "松树村", "溪口村"}
    assert not queries.list_places_ever(
        Scope(place_paths=(Place.objects.get(pk=world.stone.pk).path,))
    ).filter(short_name="松树村")


def test_who_acted_for_a_village_acts_for_its_successor(world: World) -> None:
    merged(world)

    [assignment] = queries.list_assignments(world.pine_secretary.user_id or 0)
    assert assignment.place is not None
    assert assignment.place.short_name == "青溪村"
    entry = AuditEntry.objects.get(action="directory.account.role_led_on")
    assert entry.changes["place"] == ["原松树村", "青溪村"]


def test_one_of_the_villages_may_go_on(world: World) -> None:
    change_places(
        ordered("merge", [world.pine, world.brook], [Result("松树村", keeps=world.pine)]),
        actor=world.admin,
    )

    world.pine.refresh_from_db()
    world.brook.refresh_from_db()
    assert world.pine.ended_on is None
    assert world.brook.path.startswith(world.pine.path)
    assert history.list_successors(world.brook) == [world.pine]


def test_the_new_village_may_take_the_code_of_an_old_one(world: World) -> None:
    change_places(
        ordered("merge", [world.pine, world.brook], [Result("青溪村", world.pine.code, "2020")]),
        actor=world.admin,
    )

    assert Place.objects.get(code="990100100200").short_name == "青溪村"
    assert PlaceEdition.objects.get(code="990100100200").place_id == world.pine.pk


def test_lists_and_choices_hold_the_places_of_today(world: World) -> None:
    merged(world)

    today = {place.short_name for place in queries.list_villages(EVERYTHING)}

    assert today == {"青溪村", "石桥村", "磨坊村"}
    assert queries.find_places(EVERYTHING, "松树村") == []


# --- as at a date ---------------------------------------------------------------------------------


def test_the_register_is_read_as_it_was_on_a_day(world: World) -> None:
    merged(world)

    before = history.list_places_as_at(EVERYTHING, date(2026, 2, 28))
    after = history.list_places_as_at(EVERYTHING, DAY)

    assert {"松树村", "溪口村"} <= {one.short_name for one in before}
    assert "青溪村" not in {one.short_name for one in before}
    assert {one.code for one in before if one.short_name == "松树村"} == {"990100100200"}
    assert "青溪村" in {one.short_name for one in after}
    assert "松树村" not in {one.short_name for one in after}


def test_a_renamed_village_has_each_name_on_its_day(world: World) -> None:
    with clock.at(date(2026, 6, 1)):
        change_places(ordered("rename", [world.pine], [Result("青松村")]), actor=world.admin)
        change_places(
            ordered("rename", [world.pine], [Result("长青村")], on=date(2026, 5, 1)),
            actor=world.admin,
        )

    def name(day: date) -> str:
        found = history.list_places_as_at(EVERYTHING, day)
        return next(one.short_name for one in found if one.pk == world.pine.pk)

    assert [name(date(2026, month, 15)) for month in (2, 3, 6)] == ["松树村", "青松村", "长青村"]


def test_reading_a_day_costs_two_queries(world: World, django_assert_max_num_queries: Any) -> None:
    merged(world)
    with django_assert_max_num_queries(2):
        history.list_places_as_at(EVERYTHING, date(2026, 2, 1))


# --- parting, moving, other codes -----------------------------------------------------------------


def test_a_village_is_parted_and_goes_on(world: World) -> None:
    change_places(
        ordered(
            "split",
            [world.pine],
            [Result("松树村", keeps=world.pine), Result("东岭村", "990100100211", "2026")],
        ),
        actor=world.admin,
    )

    world.pine.refresh_from_db()
    east = Place.objects.get(short_name="东岭村")
    assert world.pine.ended_on is None
    assert history.list_predecessors(east) == [world.pine]
    assert not PlaceEdition.objects.exists()


def test_a_village_may_end_in_being_parted(world: World) -> None:
    change_places(
        ordered("split", [world.pine], [Result("东岭村"), Result("西岭村")]), actor=world.admin
    )

    world.pine.refresh_from_db()
    assert world.pine.ended_on == DAY
    assert [place.short_name for place in history.list_successors(world.pine)] == [
        "东岭村", "西岭村",
    ]  # fmt: skip
    # Nobody is given more than was granted: the role stays with the old village.
    [assignment] = queries.list_assignments(world.pine_secretary.user_id or 0)
    assert assignment.place == world.pine


def test_a_village_moves_to_another_town_and_its_scope_follows(world: World) -> None:
    merged(world)
    new = Place.objects.get(short_name="青溪村")

    change_places(
        ordered("move", [new], [Result("青溪村")], town=world.south, on=date(2026, 4, 1)),
        actor=world.admin,
    )

    new.refresh_from_db()
    seen = queries.list_places_ever(world.south_org.scope)
    assert new.parent == world.south
    assert {"青溪村", "松树村"} <= {place.short_name for place in seen}
    assert not queries.list_places_ever(world.north_org.scope).filter(level="village").exists()
    then = history.list_places_as_at(EVERYTHING, date(2026, 3, 15))
    assert next(one.parent_id for one in then if one.pk == new.pk) == world.north.pk


def test_another_edition_of_codes_leaves_the_old_one_readable(world: World) -> None:
    change_places(
        ordered("recode", [world.pine], [Result("松树村", "990100100299", "2026")]),
        actor=world.admin,
    )
    # The old code is free again: another village may have it in the same edition.
    change_places(
        ordered("recode", [world.brook], [Result("溪口村", "990100100200", "2020")]),
        actor=world.admin,
    )

    then = history.list_places_as_at(EVERYTHING, date(2026, 1, 1))
    assert {one.short_name: one.code for one in then if one.level == "village"}["松树村"] == (
        "990100100200"
    )


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "sources", "results", "more", "code"),
    [
        ("merge", ["pine"], ["青溪村"], {}, "directory.merge_shape"),
        ("merge", ["pine", "brook"], ["青溪村", "东岭村"], {}, "directory.merge_shape"),
        ("merge", ["pine", "north"], ["青溪村"], {}, "directory.change_not_a_village"),
        ("merge", ["pine", "brook"], [""], {}, "directory.name_missing"),
        ("split", ["pine"], ["东岭村"], {}, "directory.split_shape"),
        ("rename", ["pine", "brook"], ["东岭村"], {}, "directory.change_one_place"),
        ("rename", ["pine"], ["溪口村"], {}, "directory.change_name_taken"),
        ("rename", ["pine"], ["东岭村"], {"document": " "}, "directory.change_no_document"),
        ("rename", ["pine"], ["东岭村"], {"on": date(2030, 1, 1)}, "directory.change_in_future"),
        ("move", ["pine"], ["松树村"], {}, "directory.move_town"),
        ("recode", ["pine"], ["松树村"], {}, "directory.recode_code"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    world: World, kind: str, sources: list[str], results: list[str], more: Any, code: str
) -> None:
    request = ordered(
        kind, [getattr(world, name) for name in sources], [Result(name) for name in results], **more
    )

    with clock.at(date(2026, 6, 1)), pytest.raises(Refused) as refused:
        change_places(request, actor=world.admin)

    assert code in codes(refused)
    assert not PlaceChange.objects.exists()
    assert not Place.objects.filter(ended_on__isnull=False).exists()


@pytest.mark.parametrize(
    ("code", "edition", "expected"),
    [
        ("990100101200", "2020", "directory.code_taken"),
        ("990100100000", "2026", "directory.village_code"),
        ("990100100288", "", "directory.code_edition"),
    ],
)
def test_a_wrong_code_is_refused(world: World, code: str, edition: str, expected: str) -> None:
    request = ordered("rename", [world.pine], [Result("东岭村", code, edition)])
    with pytest.raises(Refused) as refused:
        change_places(request, actor=world.admin)
    assert expected in codes(refused)


def test_a_village_that_is_no_more_is_not_changed_again(world: World) -> None:
    merged(world)
    with pytest.raises(Refused) as refused:
        change_places(ordered("rename", [world.pine], [Result("东岭村")]), actor=world.admin)
    assert "directory.change_ended" in codes(refused)


def test_a_change_before_the_last_one_is_refused(world: World) -> None:
    change_places(ordered("rename", [world.pine], [Result("青松村")]), actor=world.admin)
    with pytest.raises(Refused) as refused:
        change_places(
            ordered("rename", [world.pine], [Result("东岭村")], on=date(2026, 1, 1)),
            actor=world.admin,
        )
    assert codes(refused) == {"directory.change_before_last"}


@pytest.mark.parametrize("who", ["officer", "leader", "north_org", "stranger"])
def test_only_the_administrator_changes_places(world: World, who: str) -> None:
    with pytest.raises(Refused) as refused:
        change_places(
            ordered("rename", [world.pine], [Result("东岭村")]), actor=getattr(world, who)
        )
    assert codes(refused) == {"directory.wrong_role"}


def test_the_administrator_of_another_county_is_refused(world: World) -> None:
    from lingyan.directory.roles import Role
    from tests.world import _actor

    other = _actor("other", "丁丁三", Role.COUNTY_ORG_ADMIN, place=world.elsewhere.parent)
    with pytest.raises(Refused) as refused:
        change_places(ordered("rename", [world.pine], [Result("东岭村")]), actor=other)
    assert "directory.outside_scope" in codes(refused)


# --- taking back ----------------------------------------------------------------------------------


def test_a_merger_is_taken_back_as_if_it_had_not_been(world: World) -> None:
    def picture() -> Any:
        fields = ("name", "short_name", "path", "code", "ended_on", "parent_id", "core", "pinyin")
        roles = RoleAssignment.objects.order_by("pk").values_list("pk", "place_id")
        return list(Place.objects.order_by("path").values_list(*fields)), list(roles)

    for place in Place.objects.all():
        place.save()  # as the actions store it, with what follows from the name
    before = picture()
    change = merged(world)
    assert picture() != before

    undo_change(change, actor=world.admin, reason="批复有误")

    assert picture() == before
    assert not PlaceEdition.objects.exists()
    assert not PlaceSuccession.objects.exists()
    change.refresh_from_db()
    assert change.undone_by_name == world.admin.name
    assert verify_chain().text is None


def test_a_change_is_taken_back_only_once(world: World) -> None:
    change = merged(world)
    undo_change(change, actor=world.admin, reason="批复有误")
    with pytest.raises(Refused) as refused:
        undo_change(change, actor=world.admin, reason="再来")
    assert codes(refused) == {"directory.change_undone"}


def test_what_uses_the_new_village_holds_the_change_fast(world: World) -> None:
    change = merged(world)
    new = Place.objects.get(short_name="青溪村")
    register_officer(OfficerRow(world.wang, new, "clerk", DAY), actor=world.officer)

    with pytest.raises(Refused) as refused:
        undo_change(change, actor=world.admin, reason="批复有误")

    assert codes(refused) == {"directory.change_used"}
    assert "村干部任职 1 条" in refused.value.refusals[0].text
    assert Place.objects.filter(pk=new.pk).exists()


def test_a_later_change_goes_first(world: World) -> None:
    first = merged(world)
    new = Place.objects.get(short_name="青溪村")
    second = change_places(
        ordered("rename", [new], [Result("清溪村")], on=date(2026, 4, 1)), actor=world.admin
    )

    with pytest.raises(Refused) as refused:
        undo_change(first, actor=world.admin, reason="批复有误")
    assert codes(refused) == {"directory.change_later"}

    undo_change(second, actor=world.admin, reason="批复有误")
    undo_change(first, actor=world.admin, reason="批复有误")
    assert not Place.objects.filter(ended_on__isnull=False).exists()


def test_a_correction_since_holds_the_change_fast(world: World) -> None:
    from lingyan.directory.actions.geography import change_place

    change = change_places(ordered("rename", [world.pine], [Result("青松村")]), actor=world.admin)
    change_place(world.pine, actor=world.admin, values={"short_name": "青松新村"})

    with pytest.raises(Refused) as refused:
        undo_change(change, actor=world.admin, reason="批复有误")
    assert codes(refused) == {"directory.change_altered"}
