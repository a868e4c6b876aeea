"""Records of one person are found, made one, told apart, and parted again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from lingyan.common.refusals import Refused
from lingyan.directory import duplicates, queries
from lingyan.directory.actions.merging import merge_people, tell_apart, undo_merge
from lingyan.directory.actions.officers import OfficerRow, register_officer
from lingyan.directory.actions.people import RelativeRow, register_relative
from lingyan.directory.models import Person, PersonMerge, Relative, VillageOfficer
from lingyan.platform.accounts.actor import EVERYTHING
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.verify import verify_chain
from tests.posting.scene import pool_entry
from tests.world import SINCE, World

NUMBER = "11010519491231002X"


def another(world: World, name: str, number: str = "R0901", **more: Any) -> Person:
    given = {"unit": world.finance, "place": world.county, "birth_on": world.li.birth_on}
    return Person.objects.create(name=name, number=number, **{**given, **more})


def merged(world: World, other: Person, **more: Any) -> PersonMerge:
    asked = {"take": (), "reason": "本人核对", "actor": world.admin, **more}
    return merge_people(world.li, other, **asked)


def codes(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {one.code for one in refused.value.refusals}


# --- finding --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "more", "reason"),
    [
        ("李甲一", {}, "同名，出生日期相同"),
        ("李甲一", {"birth_on": date(1985, 3, 30)}, "同名，同单位，出生年月相同"),
        ("李甲一", {"birth_on": None}, "同名，同单位，一方没有出生日期"),
        ("李家怡", {}, "姓名同音，出生日期相同"),
        ("李家伊", {"unit": None}, "姓名同音，出生日期相同"),
        ("李甲英", {}, "同单位，出生日期相同，姓名只差一字"),
    ],
)
def test_what_may_be_one_person_is_found(
    world: World, name: str, more: dict[str, Any], reason: str
) -> None:
    Person.objects.get(pk=world.li.pk).save()
    other = another(world, name, **more)

    [found] = duplicates.list_suspects(EVERYTHING).pairs

    assert {found.first.pk, found.second.pk} == {world.li.pk, other.pk}
    assert found.reason == reason
    [(first, second, said)] = duplicates.show_pairs(EVERYTHING, [found])
    assert ({first, second}, said) == ({world.li, other}, reason)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("李甲一", {"birth_on": date(1986, 3, 2)}),
        ("王大山", {}),
        ("李甲英", {"birth_on": date(1986, 3, 2)}),
    ],
)
def test_what_is_somebody_else_is_not(world: World, name: str, more: dict[str, Any]) -> None:
    another(world, name, **more)
    assert duplicates.list_suspects(EVERYTHING).pairs == []


def test_two_identity_numbers_are_two_people(world: World) -> None:
    other = another(world, "李甲一")
    other.set_id_number(NUMBER)
    other.save()
    world.li.set_id_number("11010519491231003X")
    world.li.save()
    assert duplicates.list_suspects(EVERYTHING).pairs == []


def test_who_was_told_apart_is_not_asked_about_again(world: World) -> None:
    other = another(world, "李甲一")
    tell_apart(other, world.li, actor=world.admin, reason="同名同日生")
    tell_apart(world.li, other, actor=world.admin, reason="再说一次")
    assert duplicates.list_suspects(EVERYTHING).pairs == []
    assert AuditEntry.objects.filter(action="directory.person.told_apart").count() == 1


def test_the_list_stays_in_scope(world: World) -> None:
    another(world, "李甲一")
    assert duplicates.list_suspects(world.stranger.scope).pairs == []


def test_finding_costs_the_same_at_any_size(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        another(world, "李甲一", f"R1{number:03d}")
    with django_assert_max_num_queries(8):
        assert len(duplicates.list_suspects(EVERYTHING).pairs) > 100


# --- making one -----------------------------------------------------------------------------------


def test_everything_leads_to_the_record_that_stays(world: World) -> None:
    other = another(world, "李甲一")
    office = register_officer(OfficerRow(other, world.pine, "clerk", SINCE), actor=world.officer)
    relation = register_relative(RelativeRow(world.wang, other, "spouse"), actor=world.officer)
    entry = pool_entry(other)

    merged(world, other)

    office.refresh_from_db()
    relation.refresh_from_db()
    entry.refresh_from_db()
    assert {office.person, relation.other, entry.person} == {world.li}
    assert AuditEntry.objects.filter(action="directory.person.led_on").count() == 3
    assert verify_chain().text is None


def test_fields_come_from_the_record_that_was_chosen(world: World) -> None:
    other = another(world, "李甲一", job_title="股长", rank="四级主任科员", gender=world.li.gender)
    other.set_id_number(NUMBER)
    other.save()

    merged(world, other, take={"job_title"})

    kept = Person.objects.get(pk=world.li.pk)
    assert (kept.job_title, kept.rank) == ("股长", "")
    assert queries.masked_id_number(kept) == "110105**********2X"
    entry = AuditEntry.objects.get(action="directory.person.kept")
    assert NUMBER not in str(entry.changes)


def test_the_old_id_leads_to_the_new_one(world: World) -> None:
    other = another(world, "李甲一")
    merged(world, other)

    answer = world.client(world.officer).get(reverse("person", args=[other.pk]))

    assert answer["Location"] == reverse("person", args=[world.li.pk])
    assert other not in queries.list_people(EVERYTHING)
    assert duplicates.list_suspects(EVERYTHING).pairs == []


def test_a_chain_of_mergers_leads_to_its_end(world: World) -> None:
    first, second = another(world, "李甲一"), another(world, "李甲一", "R0902")
    merge_people(second, first, take=(), reason="核对", actor=world.admin)
    merge_people(world.li, second, take=(), reason="核对", actor=world.admin)
    assert duplicates.find_successor(EVERYTHING, first.pk) == world.li


def test_an_account_goes_with_its_person(world: World) -> None:
    other = another(world, "李甲一")
    user = world.li.user
    merge_people(other, world.li, take=(), reason="核对", actor=world.admin)
    other.refresh_from_db()
    assert other.user == user


def test_a_relation_between_the_two_falls_away_and_comes_back(world: World) -> None:
    other = another(world, "李甲一")
    register_relative(RelativeRow(world.li, other, "sibling"), actor=world.officer)
    register_relative(RelativeRow(world.li, world.wang, "spouse"), actor=world.officer)
    register_relative(RelativeRow(other, world.wang, "spouse"), actor=world.officer)

    run = merged(world, other)
    assert Relative.objects.count() == 1

    undo_merge(run, actor=world.admin, reason="错了")
    assert Relative.objects.count() == 3


# --- refusals -------------------------------------------------------------------------------------


def test_what_cannot_stand_twice_is_named_and_nothing_changes(world: World) -> None:
    other = another(world, "李甲一")
    pool_entry(world.li)
    pool_entry(other)

    with pytest.raises(Refused) as refused:
        merged(world, other)

    assert codes(refused) == {"directory.merge_conflict"}
    assert "人才" in refused.value.refusals[0].text
    other.refresh_from_db()
    assert other.merged_into is None


def test_one_post_held_twice_is_a_conflict(world: World) -> None:
    other = another(world, "李甲一")
    for person in (world.li, other):
        register_officer(OfficerRow(person, world.pine, "vc_member", SINCE), actor=world.officer)
    with pytest.raises(Refused) as refused:
        merged(world, other)
    assert codes(refused) == {"directory.merge_conflict"}
    assert VillageOfficer.objects.filter(person=other).exists()


def test_the_same_record_two_people_and_no_reason_are_refused(world: World) -> None:
    other = another(world, "李甲一")
    with pytest.raises(Refused) as refused:
        merged(world, world.li)
    assert codes(refused) == {"directory.merge_oneself"}
    with pytest.raises(Refused) as refused:
        merged(world, other, reason=" ")
    assert codes(refused) == {"directory.merge_reason"}
    for person, number in ((world.li, NUMBER), (other, "11010519491231003X")):
        person.set_id_number(number)
        person.save()
    with pytest.raises(Refused) as refused:
        merged(world, other)
    assert codes(refused) == {"directory.merge_two_people"}


def test_what_is_merged_is_not_merged_again(world: World) -> None:
    other = another(world, "李甲一")
    merged(world, other)
    with pytest.raises(Refused) as refused:
        merge_people(world.wang, other, take=(), reason="核对", actor=world.admin)
    assert "directory.merge_gone" in codes(refused)


@pytest.mark.parametrize("who", ["officer", "leader", "unit_admin", "stranger"])
def test_only_the_administrator_merges(world: World, who: str) -> None:
    other = another(world, "李甲一")
    for act in (
        lambda: merged(world, other, actor=getattr(world, who)),
        lambda: tell_apart(world.li, other, actor=getattr(world, who), reason=""),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == {"directory.wrong_role"}


# --- parting again --------------------------------------------------------------------------------


def test_a_merger_is_taken_back_as_if_it_had_not_been(world: World) -> None:
    other = another(world, "李甲一", job_title="股长", gender=world.li.gender)
    other.set_id_number(NUMBER)
    other.save()
    office = register_officer(OfficerRow(other, world.pine, "clerk", SINCE), actor=world.officer)
    run = merged(world, other, take={"job_title"})

    undo_merge(run, actor=world.admin, reason="不是同一人")

    kept, parted = Person.objects.get(pk=world.li.pk), Person.objects.get(pk=other.pk)
    office.refresh_from_db()
    assert (kept.job_title, kept.id_number_index) == ("", None)
    assert (parted.merged_into, parted.job_title) == (None, "股长")
    assert queries.masked_id_number(parted) == "110105**********2X"
    assert office.person == other
    assert verify_chain().text is None


def test_what_has_changed_since_holds_the_merger_fast(world: World) -> None:
    from lingyan.directory.actions.people import change_person

    other = another(world, "李甲一", job_title="股长")
    run = merged(world, other, take={"job_title"})
    change_person(world.li, actor=world.officer, values={"job_title": "局长"})
    with pytest.raises(Refused) as refused:
        undo_merge(run, actor=world.admin, reason="不是同一人")
    assert codes(refused) == {"directory.merge_altered"}
    with pytest.raises(Refused) as refused:
        undo_merge(run, actor=world.officer, reason="不是同一人")
    assert codes(refused) == {"directory.wrong_role"}


def test_a_merger_is_taken_back_once(world: World) -> None:
    run = merged(world, another(world, "李甲一"))
    undo_merge(run, actor=world.admin, reason="不是同一人")
    with pytest.raises(Refused) as refused:
        undo_merge(run, actor=world.admin, reason="再来")
    assert codes(refused) == {"directory.merge_undone"}


# --- pages ----------------------------------------------------------------------------------------


def test_the_administrator_works_through_the_list(world: World) -> None:
    other = another(world, "李甲一", job_title="股长")
    client = world.client(world.admin)
    assert "同名，出生日期相同" in client.get(reverse("duplicate_list")).content.decode()
    address = reverse("duplicate", args=[world.li.pk, other.pk])
    assert "股长" in client.get(address).content.decode()

    refused = client.post(address, {"kept": "first", "from_job_title": "second", "reason": ""})
    assert refused.status_code == 422
    assert 'name="from_job_title" value="second" checked' in refused.content.decode()

    client.post(address, {"kept": "first", "from_job_title": "second", "reason": "本人核对"})
    world.li.refresh_from_db()
    assert world.li.job_title == "股长"
    run = PersonMerge.objects.get()
    client.post(reverse("merge_undo", args=[run.pk]), {"reason": "错了"})
    assert Person.objects.get(pk=other.pk).merged_into is None


def test_not_the_same_is_one_press(world: World) -> None:
    other = another(world, "李甲一")
    client = world.client(world.admin)
    client.post(reverse("duplicate_tell_apart", args=[world.li.pk, other.pk]), {"reason": ""})
    assert "没有疑似重复的人员" in client.get(reverse("duplicate_list")).content.decode()


def test_a_long_list_has_pages_and_leaves_out_nothing(world: World) -> None:
    for number in range(12):
        another(world, "李甲一", f"R1{number:03d}")
    client = world.client(world.admin)

    pages = [client.get(reverse("duplicate_list"), {"page": page}) for page in (1, 2)]

    assert all("共 <b>78</b> 条" in page.content.decode() for page in pages)
    shown = [page.content.decode().count("核对李甲一与李甲一") for page in pages]
    assert shown == [50, 28]


def test_too_many_to_look_through_are_said_and_found_by_name(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "GROUPS_MOST", 1)
    Person.objects.get(pk=world.li.pk).save()
    another(world, "李甲一")
    for number in ("R0911", "R0912"):
        another(world, "王癸癸", number)
    client = world.client(world.admin)

    cut = client.get(reverse("duplicate_list")).content.decode()
    one_name = client.get(reverse("duplicate_list"), {"q": "王癸"}).content.decode()

    assert "还有没列出的" in cut
    assert "还有没列出的" not in one_name
    assert "核对王癸癸与王癸癸" in one_name
    assert "李甲一" not in one_name.split('id="list"')[1]


def test_mergers_have_a_page_of_their_own(world: World) -> None:
    merged(world, another(world, "李甲一"))
    client = world.client(world.admin)
    listed = client.get(reverse("merge_list"), {"q": "李甲"}).content.decode()
    assert "本人核对" in listed
    assert "撤销" in listed
    assert "本人核对" not in client.get(reverse("merge_list"), {"q": "王"}).content.decode()


@pytest.mark.parametrize("page", ["duplicate_list", "merge_list"])
@pytest.mark.parametrize("who", ["officer", "leader", "unit_admin", "north_org", "candidate"])
def test_others_do_not_open_the_list(world: World, who: str, page: str) -> None:
    assert world.client(getattr(world, who)).get(reverse(page)).status_code == 403


# --- doubtful -------------------------------------------------------------------------------------


def test_two_birth_dates_are_joined_only_by_who_says_that_he_has_looked(world: World) -> None:
    other = another(world, "李甲一", birth_on=date(1990, 1, 1))
    with pytest.raises(Refused) as refused:
        merged(world, other)
    assert codes(refused) == {"directory.merge_differs"}
    other.refresh_from_db()
    assert other.merged_into is None

    merged(world, other, confirmed=True, reason="档案原件核对，旧记录录错")

    other.refresh_from_db()
    assert other.merged_into == world.li


@pytest.mark.parametrize(("take", "expected"), [((), {"directory.merge_unlike_number"}),
                                                (("birth_on", "gender"), set())])  # fmt: skip
def test_no_merger_makes_a_record_say_otherwise_than_its_identity_number(
    world: World, take: tuple[str, ...], expected: set[str]
) -> None:
    other = another(world, "李甲一", birth_on=date(1949, 12, 31), gender="female")
    other.set_id_number(NUMBER)
    other.save()
    found: set[str] = set()
    try:
        merged(world, other, take=take, confirmed=True)
    except Refused as refused:
        found = {one.code for one in refused.refusals}
    assert found == expected


def test_the_page_asks_for_it_only_where_the_two_differ(world: World) -> None:
    client = world.client(world.admin)
    alike, unlike = another(world, "李甲一"), another(world, "李甲一", "R0902")
    unlike.birth_on = date(1990, 1, 1)
    unlike.save()
    pages = {one.pk: reverse("duplicate", args=[world.li.pk, one.pk]) for one in (alike, unlike)}
    form = {"kept": "first", "reason": "档案核对", "from_birth_on": "first"}

    assert "确是同一人" not in client.get(pages[alike.pk]).content.decode()
    silent = client.post(pages[unlike.pk], form)
    said = client.post(pages[unlike.pk], {**form, "confirmed": "on"})

    assert (silent.status_code, said.status_code) == (409, 302)
    assert "可能是两个人" in silent.content.decode()
