"""What the worksheets of a round say: every cell finds its fact, or its error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from lingyan.common.identity import check_character, mask_identity
from lingyan.common.pages import BadSheets
from lingyan.common.sheet import CellError, RawSheet
from lingyan.common.workbook import UnreadableFile, Workbook
from lingyan.posting.problem.from_sheets import PostingInput, read_posting
from lingyan.posting.problem.left import unused_people
from lingyan.posting.problem.plan_sheets import plan_parts
from lingyan.posting.problem.refusing import build_from_sheets
from lingyan.posting.rules import WeightedNeed
from lingyan_matching import build, solve

TODAY = date(2026, 3, 1)
Rows = Sequence[Sequence[Any]]
VILLAGES: Rows = (("村", "乡镇"), ("罗盘村", "龙泉土家族乡"), ("大窝村", "三墩土家族乡"))
PEOPLE: Rows = (("姓名", "单位"), ("李甲一", "县财政局"), ("李甲二", "县林业局"))


def workbook(name: str, sheets: dict[str, Rows]) -> Workbook:
    return Workbook(name, {title: RawSheet(title, rows) for title, rows in sheets.items()})


def read(needs: Rows = VILLAGES, people: Rows = PEOPLE, **extra: Rows) -> PostingInput:
    return read_posting(
        workbook("needs.xlsx", {"需求清单": needs}),
        workbook("people.xlsx", {"人选": people}),
        workbook("rules.xlsx", dict(extra)) if extra else None,
        today=TODAY,
    )


def errors(needs: Rows = VILLAGES, people: Rows = PEOPLE, **extra: Rows) -> list[CellError]:
    with pytest.raises(BadSheets) as raised:
        read(needs, people, **extra)
    for error in raised.value.errors:
        assert all((error.reason, error.mend, error.reason_en, error.mend_en)), error
    return list(raised.value.errors)


def test_a_village_alone_asks_for_one_first_secretary() -> None:
    need = read().needs[0]

    assert (need.first_secretaries, need.members, need.members_min) == (1, 0, 0)
    assert need.priority == 3
    assert need.intentions is None


def test_what_a_row_of_needs_may_say() -> None:
    head = (
        "村", "村类型", "优先级", "第一书记", "第一书记必配", "队员", "队员至少", "需要能力",
        "需求程度", "需要等级",
    )  # fmt: skip
    row = ("罗盘村", "薄弱村", 1, 1, "是", 3, 1, "农技", 3, 2)

    (need,) = read((head, row)).needs

    assert (need.priority, need.first_secretaries_min) == (1, 1)
    assert (need.members, need.members_min) == (3, 1)
    assert WeightedNeed("tech", 2, 3) in need.profile
    assert WeightedNeed("economy", 4, 15) in need.profile


def test_needed_capabilities_without_a_severity_are_urgent() -> None:
    (need,) = read((("村", "需要能力"), ("罗盘村", "农技"))).needs

    assert WeightedNeed("tech", 4, 4) in need.profile


def test_a_list_of_items_adds_to_its_village() -> None:
    found = read(
        需求条目=(
            ("村", "体检项目", "需求程度", "需要能力", "权重", "说明"),
            ("罗盘村", "主导产业", 2, "农技、财会", 3, "茶园改造"),
        )
    )

    assert WeightedNeed("finance", 4, 6) in found.needs[0].profile


def test_officers_of_the_register_count_while_they_are_in_office() -> None:
    found = read(
        村干部=(
            ("村", "姓名", "职务", "离任日期"),
            ("罗盘村", "王甲一", "村支书", None),
            ("罗盘村", "王甲二", "村主任", date(2026, 3, 1)),
            ("罗盘村", "王甲三", "报账员", date(2026, 3, 2)),
            ("天上村", "王甲四", "文书", None),
        ),
        近亲属=(("人选", "近亲属姓名", "关系"), ("李甲一", "王甲一", "父亲")),
    )

    assert {officer.name for officer in found.needs[0].facts.officers} == {"王甲一", "王甲三"}
    assert found.people[0].facts.relatives[0].relation == "parent"
    assert "R03" not in found.settings.unchecked
    assert "天上村" in found.notes[0]


def test_what_a_row_of_people_may_say() -> None:
    head = (
        "姓名", "人选编号", "单位", "回避村", "回避乡镇", "近亲属", "有经济往来的村",
        "不愿去的村", "不愿去的理由", "最远车程（分钟）", "语言", "居住乡镇", "基层工作年数",
        "年度考核1", "年度考核2", "能力佐证", "农技", "召回日期", "召回村", "召回情形", "入党日期",
    )  # fmt: skip
    row = (
        "李甲一", "R001", "县财政局", "罗盘村", "白马", "王甲一（父亲）、赵甲二", "大窝村",
        "大窝村", "路远", 60, "土家语", "县外", 3,
        "优秀", "称职", "农技：农艺师；财政局 3 年", 4,
        date(2020, 1, 1), "罗盘村", "RG03", date(2010, 7, 1),
    )  # fmt: skip

    (one,) = read(people=(head, row)).people

    facts = one.facts
    assert one.id == "R001"
    assert facts.home_villages == ("龙泉土家族乡罗盘村",)
    assert facts.home_towns == ("白马", "龙泉土家族乡")
    assert [(who.name, who.relation) for who in facts.relatives] == [
        ("王甲一", "父亲"),
        ("赵甲二", None),
    ]
    assert facts.contract_villages == ("三墩土家族乡大窝村",)
    assert facts.refusals == {"三墩土家族乡大窝村": "路远"}
    assert (facts.minutes_max, facts.languages, one.residence) == (60, ("土家语",), "县外")
    assert (one.grassroots_years, one.yearly_results) == (3, ("excellent", "competent"))
    assert one.evidence == {"": ("财政局 3 年",), "tech": ("农艺师",)}
    assert one.evidence_of("tech") == ("农艺师",)
    assert one.evidence_of("law") == ()
    assert facts.recalls[0].village == "龙泉土家族乡罗盘村"
    assert facts.party_joined_on == date(2010, 7, 1)


def test_a_recall_village_without_a_day() -> None:
    (error,) = errors(people=(("姓名", "召回日期", "召回村"), ("李甲一", None, "罗盘村")))

    assert error.heading == "召回日期"


def test_towns_are_one_however_they_are_written() -> None:
    found = read(
        people=(
            ("姓名", "居住乡镇"),
            ("李甲一", "龙泉乡"),
            ("李甲二", "三墩"),
            ("李甲三", "白马镇"),
        ),
        乡镇相邻=(
            ("乡镇", "另一乡镇", "是否相邻", "车程（分钟）"),
            ("龙泉", "三墩土家族乡", None, None),
            ("龙泉乡", "白马镇", "否", 90),
        ),
    )

    assert [one.residence for one in found.people] == ["龙泉土家族乡", "三墩土家族乡", "白马镇"]
    assert found.settings.adjoining == {
        "龙泉土家族乡": ("三墩土家族乡",),
        "三墩土家族乡": ("龙泉土家族乡",),
    }
    assert found.settings.minutes[("白马镇", "龙泉土家族乡")] == 90


def test_units_may_limit_whom_they_send_and_where() -> None:
    found = read(
        单位=(
            ("单位", "最多选派人数", "不派乡镇"),
            ("县财政局", 1, "龙泉乡、三墩"),
            ("天上局", 2, None),
        )
    )

    assert found.settings.unit_limits == {"县财政局": 1, "天上局": 2}
    assert found.people[0].facts.barred_towns == ("三墩土家族乡", "龙泉土家族乡")
    assert found.people[1].facts.barred_towns == ()
    assert "R15" not in found.settings.unchecked
    assert "没有这个单位的人" in found.notes[0]


def test_bans_may_name_a_role() -> None:
    found = read(
        排除=(
            ("人选", "单位", "村", "岗位", "理由"),
            ("李甲一", "县财政局", "罗盘村", None, "有矛盾"),
            ("李甲二", None, "罗盘村", "队员", "有矛盾"),
        )
    )

    assert set(found.needs[0].facts.bans) == {"李甲一", "李甲二/member"}


def test_settings_change_row_by_row() -> None:
    found = read(
        规则=(
            ("编号", "作用", "数值", "日期", "适用岗位"),
            ("统计日期", None, None, date(2026, 2, 1), None),
            ("match.starts_on", None, None, date(2026, 5, 1), None),
            ("任期月数", None, 36, None, None),
            ("match.allow_unranked", None, 0, None, None),
            ("R04", None, 2, None, "第一书记、队员"),
            ("召回限制月数", None, 12, None, None),
            ("pair.near", None, 10, None, None),
        )
    )
    settings = found.settings
    by_code = {rule.code: rule for rule in settings.rules}

    assert (settings.term.as_of, settings.term.starts_on) == (date(2026, 2, 1), date(2026, 5, 1))
    assert settings.term.months == 36
    assert settings.allow_unranked is False
    assert by_code["R04"].parameters == {"min_party_years": 2}
    assert by_code["R04"].roles == {"first_secretary", "member"}
    assert by_code["R08"].parameters == {"ban_months": 12, "rest_months": 0}


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ((("李甲一", "天上村", None, 1),), "没有这个村"),
        ((("李甲一", "罗盘村", None, 1), ("李甲一", "罗盘村", "第一书记", 2)), "写了两次"),
    ],
)
def test_wishes_on_a_sheet_of_their_own_are_checked(rows: Rows, reason: str) -> None:
    (error,) = errors(志愿=(("人选", "村", "岗位", "志愿顺序"), *rows))

    assert reason in error.reason


def test_the_same_wish_said_twice_alike_is_one() -> None:
    found = read(
        people=(("姓名", "志愿1"), ("李甲一", "罗盘村")),
        志愿=(("人选", "村", "志愿顺序"), ("李甲一", "罗盘村", 1)),
    )

    assert found.people[0].wishes is not None
    assert len(found.people[0].wishes) == 1


def test_a_wish_on_a_sheet_of_its_own_may_name_the_post() -> None:
    found = read(
        people=(("姓名",), ("李甲一",)),
        志愿=(("人选", "村", "岗位", "志愿顺序"), ("李甲一", "罗盘村", "队员", 1)),
    )

    assert found.people[0].wishes is not None
    assert [(one.rank, one.role) for one in found.people[0].wishes] == [(1, "member")]


def test_intentions_are_five_a_post_and_each_once() -> None:
    names = [f"李乙{number}" for number in range(6)]
    people = (("姓名",), *((name,) for name in names))
    head = ("村", "岗位", "人选", "意向顺序")

    twice = (head, ("罗盘村", None, "李乙0", 1), ("罗盘村", "队员", "李乙0", 2))
    (error,) = errors(people=people, 意向=twice)
    assert "写了两次" in error.reason

    many = (head, *(("罗盘村", "队员", name, 5) for name in names))
    (error,) = errors(people=people, 意向=many)
    assert "超过 5 个" in error.reason

    (error,) = errors(people=people, 意向=(head, ("罗盘村", None, "李丙一", 1)))
    assert "没有此人" in error.reason


def test_a_veto_of_somebody_unknown_is_a_note() -> None:
    found = read((("村", "不接收人选", "不接收理由"), ("罗盘村", "李丙九", "有意见")))

    assert "没有此人" in found.notes[0]


def test_a_code_that_is_no_village() -> None:
    (error,) = errors((("村", "区划代码"), ("罗盘村", "511722223000")))

    assert error.heading == "区划代码"


def test_a_workbook_without_the_worksheet_is_said_by_its_titles() -> None:
    with pytest.raises(UnreadableFile) as raised:
        read_posting(
            workbook("needs.xlsx", {"甲": (("天",),), "乙": (("地",),)}),
            workbook("people.xlsx", {"人选": PEOPLE}),
            None,
            today=TODAY,
        )

    assert "需求清单" in raised.value.text
    assert "甲" in raised.value.text


def test_the_books_for_people_say_why_nobody_may_go() -> None:
    given = read(
        (("村", "队员"), ("罗盘村", 1)),
        (("姓名", "入库状态", "健康状况"), ("李甲一", "出库", None), ("李甲二", "在库", "不适合")),
    )
    problem = build_from_sheets(given)
    graph = build(problem.problem)
    plans = {mode: solve(graph, mode=mode) for mode in ("total", "stable-people", "stable-posts")}

    parts = {sheet.title: list(rows) for sheet, rows in plan_parts(problem, plans, notes=["看"])}
    plan = plans["total"]

    reasons = [row["reason"] for row in parts["空缺原因"]]
    assert reasons == ["没有合格人选。因R01 不在库或已有派驻排除 1 人。因个人事项排除 1 人。"] * 2
    unused = {row["person"]: row["reason"] for row in parts["未派人选及原因"]}
    assert "R01" in unused["李甲一"]
    assert unused["李甲二"] == "不符合硬性条件：R07/R09 不符合条件。"
    said = [one.reason for one in unused_people(problem, plan, coded=False)]
    assert said[1] == "不符合硬性条件：个人事项不符合条件。"
    checks = {row["code"]: row for row in parts["规则与核查"]}
    assert checks["R01"]["out"] == 2
    assert "out" not in checks["R07"]
    assert checks["说明"]["note"] == "看"
    assert parts["方案对比"][-1]["note"] == "稳定方案唯一"


FIRST = "99000019880523123"  # an area that is never issued; born on 23 May 1988, a man
NUMBER = FIRST + check_character(FIRST)


@pytest.mark.parametrize("born", [None, date(1988, 5, 23), date(1988, 5, 1)])
def test_a_birth_date_comes_out_of_the_number_also_where_only_the_month_is_written(
    born: date | None,
) -> None:
    """R-1-04."""
    found = read(people=(("姓名", "身份证号", "出生日期"), ("李甲一", NUMBER, born)))

    assert found.people[0].facts.birth_on == date(1988, 5, 23)
    assert found.people[0].facts.gender == "male"


@pytest.mark.parametrize(
    "born", [date(1988, 5, 22), date(1988, 6, 1), date(1987, 5, 1), date(1988, 5, 2)]
)
def test_a_birth_date_that_contradicts_the_number_is_an_error(born: date) -> None:
    (error,) = errors(people=(("姓名", "身份证号", "出生日期"), ("李甲一", NUMBER, born)))

    assert (error.row, error.heading, error.value) == (2, "出生日期", born.isoformat())


def test_a_gender_that_contradicts_the_number_is_an_error() -> None:
    (error,) = errors(people=(("姓名", "身份证号", "性别"), ("李甲一", NUMBER, "女")))

    assert (error.row, error.heading) == (2, "性别")


def test_a_wrong_number_is_an_error_that_does_not_give_it_away() -> None:
    wrong = FIRST + ("1" if NUMBER[-1] != "1" else "2")

    (error,) = errors(people=(("姓名", "身份证号"), ("李甲一", wrong)))

    assert (error.row, error.heading, error.value) == (2, "身份证号", mask_identity(wrong))
    assert "校验" in error.reason


def test_a_number_of_somebody_not_yet_born_is_an_error() -> None:
    first = "99000020260401123"

    (error,) = errors(people=(("姓名", "身份证号"), ("李甲一", first + check_character(first))))

    assert (error.row, error.heading) == (2, "身份证号")
    assert "出生日期不合理" in error.reason


def test_the_same_intention_said_twice_alike_is_one() -> None:
    found = read(
        (("村", "意向人选1"), ("罗盘村", "李甲一")),
        意向=(("村", "岗位", "人选", "意向顺序"), ("罗盘村", None, "李甲一", 1)),
    )

    assert found.needs[0].intentions is not None
    assert len(found.needs[0].intentions) == 1


def test_a_person_who_is_not_there_is_answered_with_those_of_like_names() -> None:
    people = (("姓名",), ("李甲一",), ("王乙二",))
    wishes = (("人选", "村", "岗位", "志愿顺序"), ("李甲壹", "罗盘村", None, 1))

    (error,) = errors(people=people, 志愿=wishes)

    assert (error.sheet, error.row, error.heading, error.value) == ("志愿", 2, "人选", "李甲壹")
    assert "相近的有：李甲一" in error.reason
    assert "王乙二" not in error.reason


def test_an_identity_number_that_stands_twice_names_the_person_and_the_row() -> None:
    people = (("姓名", "身份证号"), ("李甲一", NUMBER), ("李 甲二", NUMBER))

    (error,) = errors(people=people)

    assert (error.row, error.heading, error.value) == (3, "身份证号", "李甲二")
    assert "与第 2 行重复" in error.reason
