"""The pages of briefings: who reads them, writing without JavaScript, and what they show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db.models import Value
from django.db.models.functions import Concat
from django.urls import reverse
from docx import Document

from lingyan.briefings.actions import briefings as actions
from lingyan.briefings.models import Briefing, BriefingTemplate
from lingyan.briefings.queries.frozen import LISTED_MOST
from lingyan.common import clock
from lingyan.directory.models import Person, Place
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from tests.briefings.scene import ISSUED, ON, TEXT, drafted, passed_on, registered, scene, written
from tests.world import World, _actor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _scene(world: World) -> Iterator[None]:
    scene(world)
    with registered(), clock.at(date(2026, 7, 1)):
        yield


def page(world: World, actor: Actor, name: str, *args: Any, **asked: str) -> Any:
    return world.client(actor).get(reverse(name, args=args), asked)


def typed(briefing: Briefing, **changed: Any) -> dict[str, Any]:
    said = {
        "version": briefing.version, "title": briefing.title, "text": briefing.text,
        "period": briefing.period, "on": str(briefing.on), "series": briefing.series,
        "issuer": briefing.issuer, "do": "save",
    }  # fmt: skip
    return said | changed


def test_a_draft_is_the_offices_and_an_issued_one_is_everybodys(world: World) -> None:
    draft, issued = drafted(world, title="还在写的"), passed_on(world, *ISSUED)

    for actor, sees_draft in (
        (world.officer, True), (world.leader, True), (world.north_org, False),
        (world.pine_secretary, False), (world.unit_admin, False),
    ):  # fmt: skip
        listed = page(world, actor, "briefing_list")
        assert listed.status_code == 200
        assert ("还在写的" in listed.content.decode()) == sees_draft, actor.role
        found = page(world, actor, "briefing_detail", draft.pk)
        assert found.status_code == (200 if sees_draft else 404), actor.role
        assert page(world, actor, "briefing_detail", issued.pk).status_code == 200


def test_whoever_is_above_or_watches_the_village_reads_what_was_issued(world: World) -> None:
    """The city over two counties, and the committee and the cashier of a village."""
    draft, issued = drafted(world, title="还在写的"), passed_on(world, *ISSUED)
    city = Place.objects.create(
        path="0003", level="prefecture", name="山水市", short_name="山水市", code="990000000000"
    )
    Place.objects.filter(path__startswith="0001").update(path=Concat(Value("0003"), "path"))
    upper = _actor("upper", "丁一", Role.UPPER_VIEWER, place=city)
    cashier = _actor("cashier", "丁二", Role.VILLAGE_CASHIER, place=world.pine)
    watcher = _actor("watcher", "丁三", Role.VILLAGE_SUPERVISOR, place=world.pine)

    for actor, sees_record in ((upper, True), (cashier, False), (watcher, False)):
        listed = page(world, actor, "briefing_list").content.decode()
        assert "队伍建设情况" in listed, actor.role
        assert "还在写的" not in listed
        assert ('data-l="县"' in listed) == (actor is upper)
        assert page(world, actor, "briefing_detail", draft.pk).status_code == 404
        assert page(world, actor, "briefing_print", issued.pk).status_code == 200
        assert "6名" in page(world, actor, "briefing_detail", issued.pk).content.decode()
        assert page(world, actor, "briefing_edit", draft.pk).status_code == 403
        figure = page(world, actor, "briefing_figure", issued.pk, 1).content.decode()
        assert ("周甲六" in figure) == sees_record, actor.role


def test_who_reviews_sees_each_declared_number_with_its_reason(world: World) -> None:
    text = "共{T-PEOPLE}，{文字=35|理由=年龄段名称}岁以下的{文字=过半|理由=文件原文}。"
    briefing = passed_on(world, "check", text=text)

    for name, args in (
        ("briefing_detail", ()), ("briefing_step", ("review",)), ("briefing_print", ()),
    ):  # fmt: skip
        shown = page(world, world.admin, name, briefing.pk, *args, list="1").content.decode()
        assert "年龄段名称" in shown, name
        assert "第 1 行：共…，35岁以下的过半。" in shown, name
    plain = page(world, world.admin, "briefing_print", briefing.pk).content.decode()
    assert "文件原文" not in plain
    word = page(world, world.admin, "briefing_word", briefing.pk, list="1").content
    rows = Document(BytesIO(word)).tables[1].rows
    assert [cell.text for cell in rows[2].cells][:3] == ["2", "过半", "文件原文"]


def test_a_period_is_typed_freely_and_said_once_where_it_is_wrong(world: World) -> None:
    briefing = drafted(world)
    client, url = world.client(world.officer), reverse("briefing_pick", args=[briefing.pk])

    for wish, said in (
        ({"find_period": "2026Q1"}, "{T-WOMEN|期间=2026Q1}"),
        ({"find_period": "2026-03"}, "{T-WOMEN|期间=2026-03}"),
        ({"find_period": "2025-01-01..2026-01-23"}, "{T-WOMEN|期间=2025-01-01..2026-01-23}"),
        ({"find_period": "上季"}, 'data-code="indicators.bad_period"'),
        ({"find_period": "2027"}, 'data-code="indicators.ahead"'),
        ({"find_place": "东坡镇"}, 'data-code="briefings.figure.no_place"'),
    ):
        shown = client.post(url, typed(briefing, find="T-WOMEN", **wish)).content.decode()
        assert shown.count(said) == 1, wish
        assert ("data-insert" in shown) == said.startswith("{"), wish


def test_the_next_county_and_other_roles_see_nothing(world: World) -> None:
    issued = passed_on(world, *ISSUED)

    assert page(world, world.stranger, "briefing_detail", issued.pk).status_code == 404
    assert page(world, world.stranger, "briefing_figure", issued.pk, 1).status_code == 404
    assert page(world, world.sys_admin, "briefing_list").status_code == 403
    assert page(world, world.north_org, "briefing_edit", issued.pk).status_code == 403
    assert page(world, world.north_org, "briefing_editions", issued.pk).status_code == 403


def test_a_briefing_begins_with_a_template(world: World) -> None:
    offered = page(world, world.officer, "briefing_new").content.decode()
    assert "不用模板" in offered

    made = world.client(world.officer).post(
        reverse("briefing_new"),
        {"template": "xuanhan", "title": "", "period": "去年以来", "on": "2026-07-01"},
    )

    briefing = Briefing.objects.get()
    assert made.url == reverse("briefing_edit", args=[briefing.pk])
    assert briefing.issuer == "山阳县委组织部"
    assert briefing.template_name
    assert "{X12" in briefing.text


@pytest.mark.parametrize(
    ("said", "status", "words"),
    [
        ({"period": "哪天"}, 409, "看不出统计期"),
        ({"period": "2031"}, 409, "还没有开始"),
        ({"on": "2031-01-01"}, 409, "还没有开始"),
        ({"on": ""}, 422, "填过的内容都在"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(
    world: World, said: dict[str, str], status: int, words: str
) -> None:
    asked = {"template": "", "title": "试", "period": "去年以来", "on": "2026-07-01", **said}

    answer = world.client(world.officer).post(reverse("briefing_new"), asked)

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert not Briefing.objects.exists()


def test_figures_lead_to_their_records_and_what_is_wrong_is_marked(world: World) -> None:
    briefing = drafted(world, text=f"{TEXT}\n另有12名，{{T-PEOPLE|写法=超6人}}，{{T-NONE}}。")

    shown = page(world, world.officer, "briefing_detail", briefing.pk).content.decode()

    assert "/figures/T-PEOPLE/records/?area=county" in shown
    assert f"area=place-{world.north.pk}" in shown
    assert '<mark title="手写的数字">12</mark>' in shown
    for code in ("briefings.text.unbound", "wording.untrue", "indicators.unknown"):
        assert f'data-code="{code}"' in shown
    assert "第 3 行第 3 字" in shown


def test_without_javascript_a_figure_is_looked_for_and_put_into_the_text(world: World) -> None:
    briefing = drafted(world, text="甲段。\n乙段")
    client, url = world.client(world.officer), reverse("briefing_edit", args=[briefing.pk])
    wish = {"find": "女干部", "find_place": "北山镇", "find_period": "今年以来", "line": "1"}
    mine = typed(briefing, text="我改过的甲段。\n乙段", **wish)

    found = client.post(url, mine | {"do": "find"}).content.decode()
    token = "{T-WOMEN|期间=今年以来|地方=北山镇}"
    assert f'value="{token}"' in found
    assert "我改过的甲段" in found
    assert "T-PEOPLE|" not in found
    put = client.post(url, {**mine, "do": "", "insert": token}).content.decode()

    assert f"我改过的甲段{token}。" in put
    briefing.refresh_from_db()
    assert (briefing.version, briefing.text) == (1, "甲段。\n乙段")


def test_the_live_check_and_the_picker_answer_with_parts_of_the_page(world: World) -> None:
    briefing = drafted(world)
    client = world.client(world.officer)

    preview = client.post(
        reverse("briefing_preview", args=[briefing.pk]), typed(briefing, text="共{T-PEOPLE}，9人。")
    ).content.decode()
    picked = client.post(
        reverse("briefing_pick", args=[briefing.pk]), typed(briefing, find="女干部 占比")
    ).content.decode()

    assert "6人" in preview
    assert 'data-code="briefings.text.unbound"' in preview
    assert "50.0%" in picked
    assert "<html" not in preview + picked


def test_the_later_writer_sees_both_texts_and_may_save_then(world: World) -> None:
    briefing = drafted(world, text="共同的\n原来的")
    actions.save_briefing(
        briefing, written(text="共同的\n先存的", title="对方的题", is_internal=True),
        version=1, actor=world.second_officer,
    )  # fmt: skip
    client, url = world.client(world.officer), reverse("briefing_edit", args=[briefing.pk])
    mine = typed(briefing, version=1, text="共同的\n后存的")

    told = client.post(url, mine)

    assert told.status_code == 409
    shown = told.content.decode()
    assert "陈乙二" in shown
    assert "<del>先存的</del>" in shown
    assert "<ins>后存的</ins>" in shown
    assert "标题：对方写的是“对方的题”，您写的是“队伍建设情况”" in shown
    assert "印“内部资料　注意保存”：对方写的是“是”，您写的是“否”" in shown
    assert 'name="version" value="2"' in shown
    assert client.post(url, mine | {"version": 2}).status_code == 302
    briefing.refresh_from_db()
    assert (briefing.version, briefing.text) == (3, "共同的\n后存的")


def test_steps_are_offered_to_whom_they_belong_and_say_why_not(world: World) -> None:
    briefing = drafted(world)
    check = reverse("briefing_step", args=[briefing.pk, "check"])

    own = page(world, world.officer, "briefing_step", briefing.pk, "check").content.decode()
    assert 'data-code="briefings.briefing.own_work"' in own
    assert world.client(world.officer).post(check).status_code == 409
    assert (
        check in page(world, world.second_officer, "briefing_detail", briefing.pk).content.decode()
    )
    assert world.client(world.second_officer).post(check).status_code == 302
    assert page(world, world.officer, "briefing_edit", briefing.pk).status_code == 409
    assert page(world, world.officer, "briefing_step", briefing.pk, "dance").status_code == 404
    returned = world.client(world.leader).post(
        reverse("briefing_step", args=[briefing.pk, "return"]), {"note": "口径不清"}
    )
    assert returned.status_code == 302
    briefing.refresh_from_db()
    assert briefing.state == "drafted"


def test_a_page_that_is_out_of_date_passes_nothing_on(world: World) -> None:
    briefing = passed_on(world, "check")
    client, url = world.client(world.admin), reverse("briefing_step", args=[briefing.pk, "review"])
    shown = client.get(url).content.decode()
    base = shown.partition('name="base" value="')[2].partition('"')[0]
    assert base.startswith("1-")
    with clock.at(date(2026, 7, 2)):
        actions.check_data(briefing, actor=world.second_officer)

        assert client.post(url, {"base": base}).status_code == 409

    briefing.refresh_from_db()
    assert client.post(url, {"base": actions.stamp_of(briefing)}).status_code == 302


def test_a_figure_of_a_town_leads_to_todays_records_of_that_town(world: World) -> None:
    issued = passed_on(world, *ISSUED)

    of_town = page(world, world.officer, "briefing_figure", issued.pk, 4).content.decode()
    elsewhere = page(world, world.south_org, "briefing_figure", issued.pk, 4).content.decode()

    assert f"/records/?area=place-{world.north.pk}" in of_town
    assert "按现在的记录看" not in elsewhere


def test_the_mark_and_the_total_number_are_printed(world: World) -> None:
    signed = passed_on(world, "check", "review", "sign", is_internal=True, total_no=313)

    printed = page(world, world.officer, "briefing_print", signed.pk).content.decode()

    assert "内部资料　注意保存" in printed
    assert "第1期（总第313期）" in printed


def test_an_issued_figure_shows_its_records_as_far_as_one_sees_them(world: World) -> None:
    issued = passed_on(world, *ISSUED)

    whole = page(world, world.officer, "briefing_figure", issued.pk, 1).content.decode()
    north = page(world, world.north_org, "briefing_figure", issued.pk, 1).content.decode()

    assert all(name in whole for name in ("李甲一", "周甲六"))
    assert "李甲一" in north
    assert "周甲六" not in north
    assert "另有 4 条不在您的查看范围内" in north
    assert page(world, world.officer, "briefing_figure", issued.pk, 9).status_code == 404


def test_a_list_of_hundreds_is_compared_where_that_is_asked_for(world: World) -> None:
    issued = passed_on(world, *ISSUED)
    issued.figures.update(record_count=LISTED_MOST + 1)
    Person.objects.filter(pk=world.li.pk).update(gender="female")

    listed = page(world, world.officer, "briefing_figure", issued.pk, 2).content.decode()
    north = page(world, world.north_org, "briefing_figure", issued.pk, 1, page="7").content.decode()
    whole = page(world, world.officer, "briefing_figure", issued.pk, 2, compare="1")

    assert "与封存的逐条比对" in listed
    assert "封存以后" not in listed
    assert "李甲一" in listed
    assert "另有 4 条不在您的查看范围内" in north
    assert "周甲六" not in north
    assert "后来增加" in whole.content.decode()


def test_what_has_changed_since_is_marked_and_leads_to_the_record(world: World) -> None:
    issued = passed_on(world, *ISSUED)
    with clock.at(date(2026, 7, 5)):
        Person.objects.filter(pk=world.li.pk).update(gender="female")
        Person.objects.filter(pk=world.qian.pk).update(place=world.elsewhere)

        shown = page(world, world.officer, "briefing_detail", issued.pk).content.decode()
        women = page(world, world.officer, "briefing_figure", issued.pk, 2).content.decode()

    assert "印发以后，有 4 个数的记录有变化" in shown
    assert "已更正，现为 5人" in shown
    assert ">6名</a>" in shown  # what was issued stays
    assert "后来增加" in women
    assert "不再计入" in women
    assert f"/directory/people/{world.qian.pk}/" in women


def test_a_leader_lets_the_age_of_the_data_pass_from_the_page(world: World) -> None:
    signed = passed_on(world, "check", "review", "sign")
    url = reverse("briefing_let_through", args=[signed.pk])
    with clock.at(date(2026, 7, 20)):
        shown = page(world, world.leader, "briefing_detail", signed.pk).content.decode()
        assert url in shown
        assert world.client(world.officer).get(url).status_code == 403
        assert world.client(world.leader).post(url, {"note": "会期临近"}).status_code == 302
        issue = reverse("briefing_step", args=[signed.pk, "issue"])
        assert world.client(world.officer).post(issue).status_code == 302


def test_a_county_makes_a_template_its_own_and_a_broken_one_is_refused(world: World) -> None:
    client = world.client(world.officer)
    begun = f"{reverse('briefing_template_new')}?from=taibai"
    assert "{T06" in client.get(begun).content.decode()
    said = {
        "version": 0,
        "name": "本县的",
        "series": "组工简报",
        "title": "题",
        "text": "共{T-PEOPLE}",
    }

    broken = client.post(begun, said | {"text": "一行\n共{T-PEOPLE，{T-NONE}，5人"})
    assert broken.status_code == 409
    shown = broken.content.decode()
    assert "第 2 行第 2 字" in shown
    assert "没有“T-NONE”这个指标" in shown
    assert client.post(begun, said).status_code == 302
    template = BriefingTemplate.objects.get()
    assert template.key == "taibai"
    listed = page(world, world.officer, "briefing_template_list").content.decode()
    assert listed.count("随系统提供") == 2
    edit = reverse("briefing_template_edit", args=[template.pk])
    assert client.post(edit, said | {"version": 1, "text": "改"}).status_code == 302
    later = client.post(edit, said | {"version": 1, "text": "又改"})
    assert later.status_code == 409
    assert "又改" in later.content.decode()
    turn = reverse("briefing_template_turn", args=[template.pk])
    assert client.post(turn).status_code == 302
    assert "本县的" not in page(world, world.officer, "briefing_new").content.decode()
    assert world.client(world.north_org).get(edit).status_code == 403


def test_editions_say_who_changed_what(world: World) -> None:
    briefing = drafted(world, text="甲\n乙")
    actions.save_briefing(briefing, written(text="甲\n丙"), version=1, actor=world.admin)

    newest = page(world, world.officer, "briefing_editions", briefing.pk).content.decode()
    first = page(world, world.officer, "briefing_editions", briefing.pk, number="1")

    assert "何乙四" in newest
    assert "<del>乙</del>" in newest
    assert "<ins>丙</ins>" in newest
    assert "<ins>甲</ins>" in first.content.decode()


def test_whom_a_briefing_waits_for_is_told_so(world: World) -> None:
    from lingyan.briefings.panels.briefings import count, worklist

    passed_on(world, "check")
    passed_on(world, "check", "review")
    passed_on(world, "check", "review", "sign")

    for actor, lines in (
        (world.admin, ["1 份简报等您审核", "1 份已签发的简报等印发"]),
        (world.leader, ["1 份简报等您审核", "1 份简报等您签发"]),
        (world.second_officer, ["1 份已签发的简报等印发"]),
        (world.north_org, []),
    ):
        assert [one.title for one in worklist(actor)] == lines, actor.role
        assert count(actor) == len(lines), actor.role
    assert clock.today() == ON
