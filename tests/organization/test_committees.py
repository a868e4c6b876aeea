"""Posts, terms, Party organizations and reserve cadres of 松树村: acts, pages and figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lingyan.common import clock
from lingyan.common.periods import ONE_DAY, Period, month_of
from lingyan.common.refusals import Refused
from lingyan.directory.actions.officers import OfficerRow, create_officers, end_offices
from lingyan.directory.models import PartyOrganization, Person, Relative, VillageOfficer
from lingyan.directory.roles import Role
from lingyan.directory.rules import Source
from lingyan.organization.actions import party_organizations as parties
from lingyan.organization.actions import reserve
from lingyan.organization.actions.terms import TermRow, begin_term, begin_terms
from lingyan.organization.models import RectificationCase, Term, VillageReserve
from lingyan.organization.panels.committees import count, page_of_village, worklist
from lingyan.organization.queries import committees as queries
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.exchange.registry import KINDS
from lingyan.platform.indicators.definitions import Question
from lingyan.platform.indicators.registry import find
from tests.furnished import body
from tests.platform.sheets import brought_in, exported, problems, sent, workbook
from tests.world import World, _actor

TODAY = date(2026, 3, 2)
OLD, NEW = date(2019, 3, 1), date(2024, 3, 1)
# name, gender, birth, schooling; posts of the old and of the new term
TEAM = (
    ("章戊一", "male", date(1960, 5, 1), "初中", ("party_secretary", "vc_director"), ()),
    ("章戊二", "female", date(1970, 5, 1), "高中", ("vc_member",), ("vc_member",)),
    ("章戊三", "male", date(1965, 5, 1), "小学", ("vc_member",), ()),
    ("章戊四", "male", date(1984, 3, 1), "大专", (), ("party_secretary", "vc_director")),
    ("章戊五", "male", date(1990, 3, 2), "高中肄业", (), ("vc_member", "party_deputy")),
)
EVIDENCE = (Source("returnee", "务工合同"), Source("veteran", "退出现役证"))


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with clock.at(TODAY):
        yield


@pytest.fixture
def people(world: World) -> dict[str, Person]:
    """松树村 before and after its change of term."""
    found, rows = {}, []
    for number, (name, gender, born, schooling, before, after) in enumerate(TEAM):
        found[name] = person = Person.objects.create(
            number=f"V{number:04d}", name=name, gender=gender, birth_on=born,
            education=schooling, place=world.pine,
        )  # fmt: skip
        sources = EVIDENCE if name == "章戊四" else ()
        rows += [OfficerRow(person, world.pine, post, OLD, NEW) for post in before]
        rows += [
            OfficerRow(person, world.pine, post, NEW, method="elected", sources=sources)
            for post in after
        ]
    create_officers(rows, actor=world.officer)
    terms = [
        row
        for kind in ("party", "vc")
        for row in (
            TermRow(world.pine, kind, 9, OLD, until=NEW),
            TermRow(world.pine, kind, 10, NEW),
        )
    ]
    begin_terms(terms, actor=world.north_org)
    return found


def refused(act: object) -> list[str]:
    with pytest.raises(Refused) as found:
        act()  # type: ignore[operator]  # a lambda of the test
    return [one.code for one in found.value.refusals]


def told(code: str, scope: Scope) -> str:
    figure = find(code)
    assert figure is not None
    asked = Question(scope, TODAY, Period(date(2025, 1, 1), TODAY + ONE_DAY))
    return figure.written(figure.parts(asked))


def notes(code: str, scope: Scope) -> list[str]:
    figure = find(code)
    assert figure is not None
    assert figure.notes is not None
    return figure.notes(Question(scope, TODAY, Period(date(2025, 1, 1), TODAY + ONE_DAY)))


# --- lists ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("name", "more"), [("committee_list", 0), ("term_list", 6), ("officer_list", 3)]
)
def test_a_list_costs_the_same_queries_at_any_length(world: World, name: str, more: int) -> None:
    """The list of committees has a line for each village, with one or without."""
    client = world.client(world.officer)

    def cost() -> tuple[int, int]:
        total = client.get(reverse(name)).context["listing"].total
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(name))
        return total, len(asked)

    few, cheap = cost()
    villages, rows = (world.brook, world.stone, world.mill), []
    begin_terms(
        [TermRow(one, kind, 10, NEW) for one in villages for kind in ("party", "vc")],
        actor=world.officer,
    )
    for number, village in enumerate(villages):
        person = Person.objects.create(number=f"W{number}", name=f"章己{number}", place=village)
        rows.append(OfficerRow(person, village, "vc_member", NEW, method="elected"))
    create_officers(rows, actor=world.officer)

    assert cost() == (few + more, cheap)


# --- figures --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("people")
def test_the_figures_of_two_terms(world: World) -> None:
    """New: 53, 39 (turns 40 that day) and 33; old, on that same day: 63, 53 and 58."""
    scope = world.officer.scope

    assert told("T01", scope) == "42.0岁"
    assert told("T02", scope) == "下降16.0岁"
    assert "两届各按本届起始日：下降 11.0 岁。" in notes("T02", scope)
    assert told("T03", scope) == "2人"
    assert told("T04", scope) == "提升33.3个百分点"
    assert told("IND-1-04-G", scope) == "提升100.0%"
    assert told("T05", scope) == told("IND-1-07", scope) == told("IND-1-08", scope) == "33.3%"
    assert told("T20", scope) == "1个"
    assert told("IND-1-06", scope) == "100.0%"
    assert told("IND-1-01-S", scope) == "40.0岁"
    assert told("IND-1-02-S", scope) == "下降23.0岁"


def test_who_is_by_elected_belongs_to_the_old_team(world: World, people: dict[str, Person]) -> None:
    before = told("T01", world.officer.scope)
    create_officers(
        [OfficerRow(people["章戊五"], world.pine, "vc_deputy", date(2022, 1, 1), NEW)],
        actor=world.officer,
    )

    assert told("T01", world.officer.scope) == before
    assert told("T02", world.officer.scope) == "下降9.8岁"  # 51.75 to 42


def test_a_vacancy_is_counted_from_the_day_it_began(
    world: World, people: dict[str, Person]
) -> None:
    held = VillageOfficer.objects.filter(post="party_secretary", until__isnull=True)
    with clock.at(date(2025, 12, 1)):
        end_offices(list(held), until=date(2025, 12, 1), reason="resigned", actor=world.north_org)
    page = page_of_village(world.pine, TODAY)

    assert queries.long_without_secretary([world.pine.pk], TODAY) == {world.pine.pk: 91}
    assert queries.long_without_secretary([world.pine.pk], date(2026, 3, 1)) == {}
    assert [one.text for one in page.findings if one.is_red] == ["村党组织书记空缺 91 天"]
    assert page_of_village(world.pine, date(2025, 11, 30)).one_shoulder == "章戊四"
    assert page.one_shoulder == ""
    vacant, village = find("IND-1-09"), Scope((world.pine.path,))
    assert vacant is not None
    found = vacant.source.evidence(Question(village, TODAY, month_of(TODAY)), village)
    assert [one.cells for one in found.records] == [
        ("北山镇松树村", "村党组织书记（2025-12-01 起）")
    ]
    assert "个村的书记或主任空缺" in " ".join(one.title for one in worklist(world.north_org))
    assert count(world.north_org) == len(worklist(world.north_org))


# --- posts ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("people")
def test_the_town_registers_and_ends_posts_of_its_own_villages_only(world: World) -> None:
    row = OfficerRow(world.zhao, world.pine, "cashier", NEW)
    [post] = create_officers([row], actor=world.north_org)

    elsewhere = OfficerRow(world.zhao, world.stone, "cashier", NEW)
    assert refused(lambda: create_officers([elsewhere], actor=world.north_org)) == [
        "directory.outside_scope"
    ]
    assert refused(lambda: end_offices([post], until=TODAY, actor=world.south_org)) == [
        "directory.outside_scope"
    ]
    assert refused(lambda: end_offices([post], until=TODAY, actor=world.pine_secretary)) == [
        "directory.wrong_role"
    ]
    [ended] = end_offices([post], until=TODAY, reason="moved", actor=world.north_org)
    assert (ended.until, ended.get_end_reason_display()) == (TODAY, "调离")
    assert AuditEntry.objects.filter(action="directory.officer.ended").count() == 1


def test_a_relative_of_the_committee_does_not_watch_over_it(
    world: World, people: dict[str, Person]
) -> None:
    Relative.objects.create(person=world.zhao, other=people["章戊二"], relation="sibling")
    row = OfficerRow(world.zhao, world.pine, "sup_member", NEW)
    own = OfficerRow(people["章戊二"], world.pine, "sup_member", NEW)

    assert refused(lambda: create_officers([row], actor=world.officer)) == [
        "directory.supervisor_related"
    ]
    assert refused(lambda: create_officers([own], actor=world.officer)) == [
        "directory.supervisor_post"
    ]


@pytest.mark.usefixtures("people")
def test_a_post_is_taken_up_and_left_on_its_pages(world: World) -> None:
    client = world.client(world.north_org)
    page = reverse("committee", args=[world.pine.pk])
    said = {"person": "V0002", "post": "clerk", "on": "2026-02-01", "method": "appointed",
            "full_time": "on", "veteran": "退出现役证"}  # fmt: skip

    made = client.post(reverse("committee_seat", args=[world.pine.pk]), said)
    again = client.post(reverse("committee_seat", args=[world.pine.pk]), said)
    post = VillageOfficer.objects.get(post="clerk")
    assert (made.url, again.status_code) == (page, 409)
    assert "同一职务不能重复任职" in body(again)
    assert post.sources == [["veteran", "退出现役证"]]
    text = body(client.get(page))
    assert "退出现役证" in text
    assert "第 10 届" in text
    assert "“一肩挑”" in text
    assert "村民委员会应由3至7人组成" not in text
    left = client.post(
        reverse("committee_post_leave", args=[post.pk]), {"on": "2026-03-01", "reason": "resigned"}
    )
    assert left.url == page
    assert "辞职" in body(client.get(page))


# --- terms ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("people")
def test_a_term_ends_the_one_before_it_and_soon_ends_itself(world: World) -> None:
    client = world.client(world.north_org)
    said = {"village": str(world.pine.pk), "kind": "coop", "number": "1", "since": "2021-05-01"}
    assert client.post(reverse("term_begin"), said).status_code == 302
    assert client.post(reverse("term_begin"), said).status_code == 409

    ending = client.get(reverse("term_list"), {"state": "ending"})
    assert "第 1 届" in body(ending)
    assert "第 10 届" not in body(ending)
    assert told("IND-1-10", world.officer.scope) == "1个"
    begin_term(TermRow(world.pine, "coop", 2, TODAY), actor=world.north_org)
    first, second = Term.objects.filter(kind="coop").order_by("number")
    assert (first.until, second.planned_until) == (TODAY, date(2031, 3, 2))
    assert told("IND-1-10", world.officer.scope) == "0个"
    assert refused(
        lambda: begin_term(TermRow(world.stone, "coop", 1, OLD), actor=world.north_org)
    ) == ["directory.outside_scope"]


# --- Party organizations --------------------------------------------------------------------------


def test_an_organization_from_its_preparation_to_its_end(world: World) -> None:
    secretary = _actor("north-secretary", "彭丙四", Role.TOWN_SECRETARY, place=world.north)
    town, head = world.client(world.north_org), world.client(secretary)
    said = {"name": "松树村第二党支部", "kind": "branch", "domain": "village",
            "place": str(world.pine.pk), "member_count": "2"}  # fmt: skip
    assert town.post(reverse("organization_prepare"), said).status_code == 302
    assert town.post(reverse("organization_prepare"), said).status_code == 409
    one = PartyOrganization.objects.get()

    def step(client: Client, act: str, **said: str) -> int:
        address = reverse("organization_step", args=[one.pk, act])
        return client.post(address, {"on": "2026-03-01", **said}).status_code

    assert step(head, "approve", document_number="北镇发8号") == 409  # two members are too few
    count = reverse("organization_count", args=[one.pk])
    assert town.post(count, {"member_count": "3"}).status_code == 302
    assert step(town, "approve", document_number="北镇发8号") == 409  # not the town's clerk
    assert step(head, "approve", document_number="北镇发8号") == 302
    with clock.at(date(2026, 3, 5)):
        assert step(town, "reorganize", text="与溪口村合并", on="2026-03-03") == 302
        assert step(head, "dissolve", document_number="北镇发9号", on="2026-03-04") == 409
        town.post(count, {"member_count": "0"})
        case = RectificationCase.objects.create(
            county=world.county,
            village=world.pine,
            year=2026,
            serial=1,
            state="rectifying",
            state_since=TODAY,
            opened_on=TODAY,
        )
        refusal = head.post(
            reverse("organization_step", args=[one.pk, "dissolve"]),
            {"on": "2026-03-04", "document_number": "北镇发9号"},
        )
        assert "软弱涣散整顿中" in body(refusal)
        case.delete()
        assert step(head, "dissolve", document_number="北镇发9号", on="2026-03-04") == 302
        text = body(head.get(reverse("organization_detail", args=[one.pk])))
    one.refresh_from_db()
    assert (one.state, one.since, one.until) == ("dissolved", date(2026, 3, 1), date(2026, 3, 4))
    acts = {"prepare", "approve", "reorganize", "dissolve"}
    assert {found.act for found in one.steps.all()} == acts
    assert "北镇发9号" in text


def test_organizations_that_stand_are_entered_with_day_and_document(world: World) -> None:
    row = parties.OrganizationRow("松树村党支部", "branch", "village", world.pine)

    assert refused(lambda: parties.register_organizations([row], actor=world.officer)) == [
        "organization.party.since",
        "organization.party.document",
    ]
    assert refused(
        lambda: parties.prepare_organization(row, actor=world.south_org)
    ) == ["organization.party.outside"]  # fmt: skip


# --- reserve --------------------------------------------------------------------------------------


def test_a_reserve_cadre_is_found_confirmed_trained_and_used(
    world: World, people: dict[str, Person]
) -> None:
    village, town = world.client(world.pine_secretary), world.client(world.north_org)
    said = {"village": str(world.pine.pk), "person": "V0003", "found_on": "2026-02-01",
            "local_graduate": "毕业证书"}  # fmt: skip
    assert village.post(reverse("reserve_find"), said).status_code == 302
    assert village.post(reverse("reserve_find"), said).status_code == 409
    one = VillageReserve.objects.get()
    assert told("IND-1-13", world.officer.scope) == "0人"
    assert "名后备力量待确认" in " ".join(found.title for found in worklist(world.north_org))

    def step(act: str, text: str = "镇党委委员") -> int:
        address = reverse("reserve_step", args=[one.pk, act])
        return town.post(address, {"on": "2026-03-01", "text": text}).status_code

    assert step("use") == 409
    assert [step("confirm"), step("train", "春季培训班")] == [302, 302]
    assert told("IND-1-13", world.officer.scope) == "1人"
    assert step("use", "村委会委员") == 302
    assert told("IND-1-13", world.officer.scope) == "0人"
    text = body(village.get(reverse("reserve_detail", args=[one.pk])))
    assert "春季培训班" in text
    assert "村委会委员" in text
    again = reserve.ReserveRow(people["章戊四"], world.pine, TODAY)
    assert reserve.find_reserve(again, actor=world.north_org).state == "found"


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("people")
def test_the_comparison_shows_both_scopes_and_both_readings(world: World) -> None:
    text = body(world.client(world.officer).get(reverse("committee_comparison")))

    assert "下降 16.0 岁" in text
    assert "下降 23.0 岁" in text
    assert "占比提升 33.3 个百分点" in text
    assert "人数提升 100.0%" in text


@pytest.mark.usefixtures("people")
def test_villages_are_found_by_how_their_posts_are_held(world: World) -> None:
    client = world.client(world.officer)

    def listed(state: str) -> str:
        return body(client.get(reverse("committee_list"), {"state": state}))

    assert "松树村" in listed("one")
    assert "溪口村" not in listed("one")
    assert "溪口村" in listed("vacant")
    assert "松树村" not in listed("vacant").partition('id="list"')[2]


# --- sheets ---------------------------------------------------------------------------------------

SHEETS = {
    "officers": (
        ("村", "姓名", "职务", "任职日期", "任职方式", "退役军人佐证"),
        ("松树村", "章戊五", "村民委员会委员", "2024-03-01", "选举", "退出现役证"),
    ),
    "terms": (
        ("村", "班子", "第几届", "起始日期"),
        ("石桥村", "村委会", "10", "2024-03-01"),
    ),
    "party_organizations": (
        ("党组织名称", "类型", "领域", "村", "正式党员数", "成立日期", "批复文号"),
        ("石桥村党支部", "党支部", "行政村", "石桥村", "21", "2012-07-01", "山组发1号"),
    ),
    "village_reserve": (
        ("村", "人选", "发现日期", "外出务工经商返乡人员佐证"),
        ("松树村", "V0002", "2025-06-01", "务工合同"),
    ),
}


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("code", SHEETS)
def test_a_sheet_comes_in_goes_out_and_says_the_same(world: World, code: str) -> None:
    headings, row = SHEETS[code]
    brought_in(code, workbook(headings, [row]), world.officer)
    out = [dict(one) for one in KINDS[code].export_rows(actor=world.officer, option="")]

    again = sent(code, exported(KINDS[code].sheet, out), world.officer)

    assert out
    assert problems(again) == []
    assert not again.checked_rows.exclude(verdict="same").exists()


@pytest.mark.usefixtures("people")
def test_what_a_sheet_says_of_a_post_that_stands_is_added_to_it(world: World) -> None:
    brought_in("officers", workbook(*_rows("officers")), world.officer)
    post = VillageOfficer.objects.get(person__number="V0004", post="vc_member")

    assert post.sources == [["veteran", "退出现役证"]]
    assert told("T05", world.officer.scope) == "66.7%"


def _rows(code: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    headings, row = SHEETS[code]
    return headings, [row]


@pytest.mark.usefixtures("people")
def test_a_sheet_of_terms_is_refused_where_the_page_would_refuse(world: World) -> None:
    rows = [("松树村", "村党组织", "9", "2020-03-01"), ("松树村", "村党组织", "8", "2025-03-01")]
    run = sent("terms", workbook(SHEETS["terms"][0], rows), world.officer)

    assert [(number, heading) for number, heading, _ in problems(run)] == [
        (2, "第几届"), (3, "第几届"),
    ]  # fmt: skip
