"""数据与简报: an indicator, places side by side, records in the reader's scope, and a file."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db.models import Q

from lingyan.briefings.exports.figure_data import record_data
from lingyan.briefings.rules.figure_cells import cells_of
from lingyan.common import clock
from lingyan.directory.models import PartyOrganization, Place
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.indicators import registry
from lingyan.platform.indicators.definitions import (
    Indicator,
    Measure,
    PeriodKind,
    Question,
    Record,
)
from lingyan.platform.indicators.sources import FromQuery, FromRecords
from lingyan.platform.ui.charts import Point, bars, line
from lingyan.platform.wall import reach
from tests.world import World

TODAY = date(2026, 3, 10)
READERS = ("county_org_staff", "county_org_admin", "town_org", "village_secretary", "county_office")


def _organizations(asked: Question) -> Any:
    return PartyOrganization.objects.visible_to(asked.scope).filter(
        since__lt=asked.period.until, since__gte=asked.period.since
    ).select_related("place")  # fmt: skip


def _organization(one: PartyOrganization) -> Record:
    url = f"/organization/organizations/{one.pk}/"
    return Record(
        "directory.PartyOrganization", str(one.pk), one.place.path, (one.name, one.since or ""), url
    )


FOUNDED = Indicator(
    code="T-FOUNDED", rows=("Z01",), name="新建的党支部", unit="个", basis="统计期内成立的党支部",
    kind=PeriodKind.OF_PERIOD, measure=Measure.NUMBER,
    source=FromQuery(
        _organizations, _organization, ("name",), "place",
        search=lambda text: Q(name__contains=text),
    ),
    heads=("名称", "成立日期"), group="试验", rule="R-0-13", readers=READERS,
    openers=("county_org_staff",), is_good_high=True,
)  # fmt: skip


RATED: list[tuple[str, int]] = []


def _ratings(asked: Question) -> list[Record]:
    return [
        Record("test.Rating", f"{path}-{number}", path, (f"第{number}张",), part=number % 2)
        for path, count in RATED
        for number in range(count)
        if path.startswith(asked.scope.place_paths)
    ]


SATISFIED = Indicator(
    code="T-SATISFIED", name="群众满意率", unit="%", basis="有效评价里满意的",
    kind=PeriodKind.OF_YEAR, measure=Measure.SHARE, source=FromRecords(_ratings),
    heads=("评价",), group="试验", rule="R-7-07", readers=READERS, shown_from=10,
)  # fmt: skip


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two indicators of this test beside those of the product."""
    monkeypatch.setattr(registry, "INDICATORS", {**registry.INDICATORS})
    monkeypatch.setattr(registry, "_BY_ROW", {**registry._BY_ROW})
    registry.register((FOUNDED, SATISFIED))
    monkeypatch.setattr(f"{__name__}.RATED", [])
    with clock.at(TODAY):
        yield


@pytest.fixture
def county(world: World) -> World:
    """Five branches founded in 松树村, two in 石桥村: four this year, one in March."""
    founded = (
        (world.pine, "松树一支部", date(2025, 2, 1)),
        (world.pine, "松树二支部", date(2026, 1, 5)),
        (world.pine, "松树三支部", date(2026, 2, 9)),
        (world.pine, "松树四支部", date(2026, 3, 2)),
        (world.stone, "石桥一支部", date(2026, 1, 7)),
        (world.stone, "石桥二支部", date(2025, 1, 7)),
        (world.pine, "松树旧支部", date(2020, 1, 7)),
    )
    for place, name, since in founded:
        PartyOrganization.objects.create(name=name, kind="branch", place=place, since=since)
    return world


def page(world: World, actor: Any, address: str) -> str:
    answer = world.client(actor).get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def number(text: str) -> str:
    found = re.search(r'<p class="big"[^>]*><a [^>]*>([^<]*)</a>', text)
    assert found
    return found[1]


# --- the catalogue --------------------------------------------------------------------------------


def test_the_catalogue_lists_what_the_role_may_read(county: World) -> None:
    for actor, sees in ((county.officer, True), (county.agri, False)):
        text = page(county, actor, "/figures/")
        assert ("新建的党支部" in text) == sees


def test_a_search_shows_the_numbers_and_finds_a_row_of_the_articles(county: World) -> None:
    for asked in ("新建", "z01"):
        text = page(county, county.officer, f"/figures/?q={asked}")
        assert "新建的党支部" in text
        assert "群众满意率" not in text
        assert '<div class="v">6<small>个</small>' in text

    assert "没有符合条件的指标" in page(county, county.officer, "/figures/?q=没有的")


def test_a_role_without_figures_is_refused(county: World) -> None:
    for address in ("/figures/", "/figures/T-FOUNDED/", "/figures/T-FOUNDED/records/"):
        assert county.client(county.candidate).get(address).status_code == 403


# --- one indicator --------------------------------------------------------------------------------


def test_an_indicator_says_its_number_its_meaning_and_what_it_was(county: World) -> None:
    text = page(county, county.officer, "/figures/T-FOUNDED/?period=2026-02")

    assert number(text) == "1"
    assert "统计期内成立的党支部" in text
    assert "R-0-13，口径第 1 版" in text
    assert "Z01" in text
    # In January 2026 two were founded, in February 2025 one.
    assert "上期</a>（2026-01-01 至 2026-01-31，2 个）" in text
    assert '<b class="down"><span aria-hidden="true">▼</span> 减少 1 个（50.0%）</b>' in text
    assert "上年同期</a>（2025-02-01 至 2025-02-28，1 个）<b>持平</b>" in text


def test_what_stands_beside_a_number_is_of_the_whole_area_too(county: World) -> None:
    """The number of the county is read past the wall between readers, so its notes are."""
    registry.register(
        (replace(FOUNDED, code="T-NOTED", rows=(), notes=lambda asked: [str(reach.wanted())]),)
    )

    assert "everything=True" in page(county, county.north_org, "/figures/T-NOTED/?area=county")


def test_towns_stand_side_by_side_and_add_up(county: World) -> None:
    text = page(county, county.officer, "/figures/T-FOUNDED/")

    assert number(text) == "6"
    assert re.search(r'北山镇</a></td><td class="n"[^>]*>4 个', text)
    assert re.search(r'南河镇</a></td><td class="n"[^>]*>2 个', text)
    assert text.count('<svg class="chart') == 2  # one for a wide page, one for a phone
    assert f'<a href="/figures/T-FOUNDED/?area=place-{county.north.pk}"' in text


@pytest.mark.pure
def test_a_drawing_says_its_unit_once_and_of_nothing_there_is_none() -> None:
    two = [Point("北山镇", Decimal(4), "4 个", mark="4"), Point("南河镇", None, "样本不足")]
    drawn = bars(two, name="n", title="t", unit="个")

    assert drawn.count("单位：个") == 1
    assert re.findall(r'<text class="v"[^>]*>([^<]*)', drawn) == ["4", "样本不足"] * 2
    assert 'aria-label="北山镇 4 个"' in drawn
    for draw in (bars, line):
        assert not draw([Point("甲", Decimal(0), "0 个")], name="n", title="t", unit="个")


def test_a_town_sees_its_villages_and_the_county_only_as_a_whole(county: World) -> None:
    own = page(county, county.north_org, "/figures/T-FOUNDED/")
    whole = page(county, county.north_org, "/figures/T-FOUNDED/?area=county")

    assert number(own) == "4"
    assert "松树村</a>" in own
    assert number(whole) == "6"
    assert "北山镇</a></td>" in whole
    assert "南河镇" not in whole


def test_what_is_not_in_scope_and_what_is_not_there_answer_alike(county: World) -> None:
    client = county.client(county.north_org)
    wrong = (
        f"/figures/T-FOUNDED/?area=place-{county.south.pk}",
        "/figures/T-FOUNDED/?area=place-00000000-0000-0000-0000-000000000000",
        f"/figures/T-FOUNDED/records/?area=place-{county.south.pk}",
        f"/figures/T-FOUNDED/?area=unit-{county.finance.pk}",
        "/figures/T-FOUNDED/?area=anything",
        "/figures/T-NOTHING/",
        "/figures/T-NOTHING/records/",
    )

    assert {client.get(address).status_code for address in wrong} == {404}
    assert county.client(county.agri).get("/figures/T-FOUNDED/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("period=2027", "统计期还没有开始"),
        ("period=2026-04", "统计期还没有开始"),
        ("period=2026-13", "看不出统计期"),
        ("period=2026-03-09..2026-03-01", "看不出统计期"),
        ("period=去年", "看不出统计期"),
        ("period=0001", "看不出统计期"),
        ("on=2026-03-11", "统计期还没有开始"),
        ("on=昨天", "看不出统计日"),
    ],
)
def test_a_period_that_makes_no_sense_is_said_in_words(
    county: World, asked: str, said: str
) -> None:
    for address in ("/figures/", "/figures/T-FOUNDED/", "/figures/T-FOUNDED/records/"):
        answer = county.client(county.officer).get(f"{address}?{asked}")
        assert answer.status_code == 422
        assert said in answer.content.decode()


def test_the_trend_counts_each_month_anew(county: World) -> None:
    before = page(county, county.officer, "/figures/T-FOUNDED/trend/")
    PartyOrganization.objects.filter(name="松树三支部").update(since=date(2025, 12, 9))
    after = page(county, county.officer, "/figures/T-FOUNDED/trend/")

    def month(text: str, name: str) -> str:
        found = re.search(rf'>{name}(?:（[^）]*）)?</a></td><td class="n"[^>]*>([^<]*)', text)
        assert found
        return found[1]

    assert (month(before, "2026年2月"), month(after, "2026年2月")) == ("1 个", "0 个")
    assert (month(before, "2025年12月"), month(after, "2025年12月")) == ("0 个", "1 个")
    assert "2026年3月（到 2026-03-10）</a>" in before


def test_the_trend_of_a_year_ends_with_the_day_that_was_asked(county: World) -> None:
    rated((county.pine, 12))
    text = page(county, county.officer, "/figures/T-SATISFIED/trend/?on=2025-06-30")

    assert "2025年（到 2025-06-30）</a>" in text
    assert "2024年</a></td>" in text
    assert "2026年" not in text
    assert page(county, county.officer, "/figures/T-SATISFIED/trend/?on=1950-01-01")


# --- the records behind it ------------------------------------------------------------------------


def test_the_records_are_those_of_the_number_and_a_search_keeps_the_sum(county: World) -> None:
    text = page(county, county.officer, "/figures/T-FOUNDED/records/?q=石桥")

    assert "新建的党支部 6 个" in text
    assert "石桥一支部" in text
    assert "松树一支部" not in text
    assert "共 <b>2</b> 条" in text


def test_a_town_reads_the_county_and_of_its_records_the_own(county: World) -> None:
    text = page(county, county.north_org, "/figures/T-FOUNDED/records/?area=county")

    assert "新建的党支部 6 个" in text
    assert "合计 4 个" in text
    assert "另有 2 条记录不在您的查看范围内" in text
    assert "松树一支部" in text
    assert "石桥一支部" not in text


def test_records_open_for_whoever_may_open_them(county: World) -> None:
    address = "/figures/T-FOUNDED/records/"
    links = "松树一支部</a>"
    assert links in page(county, county.officer, address)
    assert links not in page(county, county.north_org, address)


def test_many_records_are_turned_page_by_page(county: World) -> None:
    for one in range(60):
        PartyOrganization.objects.create(
            name=f"磨坊{one:02}支部", kind="branch", place=county.mill, since=date(2026, 1, 2)
        )
    first = page(county, county.officer, "/figures/T-FOUNDED/records/?q=磨坊")
    second = page(county, county.officer, "/figures/T-FOUNDED/records/?q=磨坊&page=2")

    assert "磨坊00支部" in first
    assert "磨坊59支部" not in first
    assert "磨坊59支部" in second
    assert "磨坊00支部" not in second
    for odd in ("3", "-1", "abc", "99999999999"):
        assert "磨坊" in page(
            county, county.officer, f"/figures/T-FOUNDED/records/?q=磨坊&page={odd}"
        )


# --- small groups ---------------------------------------------------------------------------------


def rated(*groups: tuple[Place, int]) -> None:
    RATED[:] = [(place.path, count) for place, count in groups]


def test_too_few_are_neither_told_nor_listed_nor_found_by_subtraction(county: World) -> None:
    rated((county.pine, 12), (county.stone, 4))
    text = page(county, county.officer, "/figures/T-SATISFIED/")

    assert number(text) == "50.0"
    # 南河镇 has four; were 北山镇 told, they could be worked out from the county's.
    assert len(re.findall(r'镇</a></td><td class="n"[^>]*>样本不足', text)) == 2

    town = page(county, county.officer, f"/figures/T-SATISFIED/?area=place-{county.south.pk}")
    assert number(town) == "样本不足"
    own = page(county, county.south_org, "/figures/T-SATISFIED/records/?area=county")
    assert "您看得到的记录太少" in own
    assert "第0张" not in own


def test_a_share_says_of_each_record_whether_it_counts(county: World) -> None:
    rated((county.pine, 10))
    text = page(county, county.officer, "/figures/T-SATISFIED/records/")

    assert text.count('data-l="计入">是</td>') == 5
    assert text.count('data-l="计入">否</td>') == 5


def test_a_vote_of_a_few_says_no_more_than_its_number() -> None:
    few, many = (
        Record("test.Vote", str(of), "", (f"有效票 {of} 张",), part=7, of=of) for of in (9, 12)
    )

    none = replace(few, part=0, of=0)
    assert cells_of(SATISFIED, few) == ("有效票 9 张", "样本不足")
    assert cells_of(SATISFIED, none) == ("有效票 9 张", "样本不足")
    assert cells_of(replace(SATISFIED, shown_from=0), none) == ("有效票 9 张", "不计")
    assert cells_of(SATISFIED, many) == ("有效票 12 张", "7 / 12")
    assert [record_data(SATISFIED, one)["part"] for one in (few, many)] == [None, 7]


# --- what leaves as a file ------------------------------------------------------------------------


def test_a_name_that_no_worksheet_may_have_leaves_all_the_same(county: World) -> None:
    registry.register((replace(FOUNDED, code="T-NAMED", rows=(), name="走访/入户的[支部]？*"),))
    answer = county.client(county.officer).post(
        "/figures/T-NAMED/export/", {"purpose": "报市委组织部备案"}
    )

    assert answer.status_code == 200
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).active["A3"].value


def test_the_list_leaves_when_it_is_said_what_for(county: World) -> None:
    client, address = county.client(county.officer), "/figures/T-FOUNDED/export/?q=石桥"
    assert client.get(address).status_code == 200
    refused = client.post(address, {"purpose": "备案"})
    answer = client.post(address, {"purpose": "报市委组织部备案"})

    assert refused.status_code == 422
    assert "至少四个字" in refused.content.decode()
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert "用途：报市委组织部备案" in rows[0][0]
    assert [row[0] for row in rows[2:]] == ["石桥一支部", "石桥二支部"]
    entry = AuditEntry.objects.filter(action="exchange.export.written").get()
    assert entry.reason == "报市委组织部备案"


def test_a_long_list_leaves_by_the_administrators_hand(county: World, settings: Any) -> None:
    settings.EXPORT_ROWS_MAX = 5
    said = {"purpose": "报市委组织部备案"}
    refused = county.client(county.officer).post("/figures/T-FOUNDED/export/", said)
    taken = county.client(county.admin).post("/figures/T-FOUNDED/export/", said)

    assert refused.status_code == 409
    assert "超过 5 行" in refused.content.decode()
    assert taken.status_code == 200


def test_small_groups_leave_in_no_file(county: World) -> None:
    rated((county.pine, 12), (county.stone, 4))
    said = {"purpose": "报市委组织部备案"}
    answer = county.client(county.south_org).post("/figures/T-SATISFIED/export/", said)

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert "第0张" not in str(list(sheet.iter_rows(values_only=True)))


# --- what it costs --------------------------------------------------------------------------------


def test_what_a_page_asks_of_the_database(
    county: World, django_assert_max_num_queries: Any
) -> None:
    client = county.client(county.officer)
    for address, most in (
        ("/figures/T-FOUNDED/", 16), ("/figures/T-FOUNDED/records/", 15),
    ):  # fmt: skip
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)
