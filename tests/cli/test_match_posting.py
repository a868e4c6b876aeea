"""`lingyan match posting`: two workbooks in, a proved plan out, and a clear word otherwise."""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from lingyan.common.workbook import read_workbook
from tests.cli.books import NEEDS, PEOPLE, PEOPLE_HEAD, Desk, book, person


def only(errors: list[dict[str, Any]]) -> dict[str, Any]:
    assert len(errors) == 1, errors
    return errors[0]


# --- the plan -----------------------------------------------------------------------------------


def test_two_workbooks_give_a_plan_for_people_and_one_for_checking(desk: Desk) -> None:
    status, out, err = desk.match()

    assert (status, err) == (0, "")
    assert "岗位 4 个，配备 4 人，空缺 0 个" in out
    assert sorted(path.name for path in desk.out.iterdir()) == ["plan.json", "plan.xlsx"]
    titles = list(read_workbook(desk.out / "plan.xlsx").sheets)
    assert titles == ["方案", "空缺原因", "未派人选及原因", "规则与核查", "汇总指标", "方案对比"]


def test_the_plan_sends_people_where_they_fit_and_may_go(desk: Desk) -> None:
    desk.match()

    sent = {line["person"]: line["village"] for line in desk.plan()["assignments"]}
    assert sent == {
        "李甲一": "龙泉土家族乡罗盘村",
        "李甲二": "白马镇毕城村",
        "李甲三": "三墩土家族乡大窝村",
        "李甲四": "龙泉土家族乡罗盘村",
    }
    assert desk.plan()["unused"] == ["李甲五"]


def test_every_assignment_explains_itself(desk: Desk) -> None:
    desk.match()

    plan = desk.plan()
    sent = [(line["person"], line["post"]) for line in plan["assignments"]]
    told = [(one["person"], one["post"]) for one in plan["explanations"] if one["assigned"]]
    assert told == sent
    said = plan["explanations"][0]
    assert said["fit"]["parts"].keys() == {"cover", "lead", "near", "wish", "wanted"}
    assert {line["rule"] for line in said["eligibility"]} >= {"R01", "R02", "R04", "R07/R09"}
    assert said["counterfactual"]
    assert plan["certificate"]
    assert plan["instance"]["format"] == "lingyan.instance/1"


def test_everybody_who_is_left_is_told_the_price_and_what_would_flip_it(desk: Desk) -> None:
    desk.needs(NEEDS[:3])
    desk.people((*PEOPLE, person("李甲六", 回避村="罗盘村、毕城村")))

    desk.match()

    plan = desk.plan()
    left = {one["person"]: one for one in plan["explanations"] if not one["assigned"]}
    assert list(left) == plan["unused"]
    rows = read_workbook(desk.out / "plan.xlsx").sheets["未派人选及原因"].rows
    head, *lines = [[str(cell) for cell in row] for row in rows]
    told = {line[0]: dict(zip(head, line, strict=False)) for line in lines}
    assert told.keys() == left.keys()
    out, other = left.pop("李甲五"), left.pop("李甲六")
    assert {change["kind"] for change in (*out["counterfactual"], *other["counterfactual"])} == {
        "rule"
    }
    assert left
    for name, one in left.items():
        (change,) = one["counterfactual"]
        assert one["regret"]["score"] > 0
        assert f"少 {one['regret']['score']} 分" in told[name]["坚持派去的代价"]
        assert change["kind"] == "fit"
        assert change["text"] in told[name]["怎样才会派去"]
        assert change["supply_text"] in told[name]["怎样才会派去"]
        assert change["supply_text"] in one["text_zh"]
        assert change["supply"][0]["points"] > 0


def test_the_file_says_when_it_was_written_and_why_a_post_is_empty(desk: Desk) -> None:
    desk.people((*PEOPLE[:2], person("李甲六", 入库状态="出库")))

    desk.match()

    plan = desk.plan()
    assert datetime.datetime.fromisoformat(plan["run"]["created"]).tzinfo is not None
    (competing, *_) = plan["hall"]
    for line in plan["empty"]:
        reason = line["reason"]
        assert reason["kind"] == "hall"
        assert line["post"] in plan["hall"][reason["hall"][0]]["posts"]
        assert reason["text"]
        assert {"rule": "R01 在库状态", "people": 1}.keys() == reason["rules"][0].keys()
    assert f"缺 {competing['deficit']} 人" in plan["empty"][0]["reason"]["text"]

    desk.people((PEOPLE[0], person("李甲六", 入库状态="出库")))
    desk.match()
    reason = desk.plan()["empty"][0]["reason"]
    assert (reason["kind"], reason["eligible"]) == ("nobody", 0)
    assert sum(line["people"] for line in reason["rules"]) == 1
    assert "没有合格人选" in reason["text"]


def test_a_large_round_names_the_option_that_prices_everything(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lingyan.cli.match.pricing.PAIRS_PRICED", 2)

    _, out, _ = desk.match()
    assert "--reasons full" in out
    assert not any(said["counterfactual"] for said in desk.plan()["explanations"])

    _, out, _ = desk.match("--reasons", "full")
    assert "--reasons full" not in out
    assert all(said["counterfactual"] for said in desk.plan()["explanations"])


def test_brief_reasons_leave_the_exchanges_out(desk: Desk) -> None:
    desk.match("--reasons", "brief")

    assert all(not said["counterfactual"] for said in desk.plan()["explanations"])
    assert "--reasons full" in desk.plan()["remarks"][-1]


def test_no_price_is_not_the_price_0(desk: Desk) -> None:
    """A plan of a solver has no prices on its sheets: they say so, and how to get one."""
    desk.people((*PEOPLE, person("李甲六", "县水务局")))
    head = ("编号", "作用", "数值")
    desk.rules(规则=(head, ("match.goal_order", None, 2), ("match.score_slack", None, 20)))

    _, out, _ = desk.match()

    sheets = read_workbook(desk.out / "plan.xlsx").sheets
    assert "求解器" in out
    assert "写进“指定”工作表再算一次" in desk.plan()["remarks"][-1]
    assert "写进“指定”工作表再算一次" in str(sheets["汇总指标"].rows)
    columns, *lines = sheets["未派人选及原因"].rows
    priced = {line[list(columns).index("坚持派去的代价")] for line in lines}
    assert priced == {None, "未计算，不是 0"}  # somebody is eligible nowhere
    _, out, _ = desk.match("--lang", "en")
    assert "an empty cell is not 0" in out


def test_the_person_left_over_is_told_nothing_about_health(desk: Desk) -> None:
    desk.match()

    rows = read_workbook(desk.out / "plan.xlsx").sheets["未派人选及原因"].rows
    text = " ".join(str(cell) for cell in rows[1])
    assert "李甲五" in text
    assert "R07/R09 不符合条件" in text
    everything = (desk.out / "plan.json").read_text("utf-8")
    assert "不适合驻村" not in everything
    assert "unfit" not in everything


def test_rules_without_a_column_are_listed_as_not_checked(desk: Desk) -> None:
    _, out, _ = desk.match()

    assert "未核查的规则：" in out
    listed = {line["rule"] for line in desk.plan()["unchecked"]}
    assert {"R10", "R11", "R12", "R14", "R17"} <= listed
    assert not {"R01", "R02", "R03", "R04", "R09"} & listed


def test_the_order_of_rows_changes_nothing(desk: Desk) -> None:
    desk.match()
    first = desk.plan()

    desk.needs((NEEDS[0], *reversed(NEEDS[1:])))
    desk.people((PEOPLE[0], *reversed(PEOPLE[1:])))
    desk.match()

    again = desk.plan()
    for document in (first, again):
        del document["run"]["elapsed_ms"], document["run"]["created"]
    assert again == first


def test_names_alone_are_enough_if_the_rest_is_to_be_verified(desk: Desk) -> None:
    """Most optional cells empty: what must be known puts out, what is declared does not."""
    desk.needs((("村",), ("罗盘村",), ("毕城村",)))
    desk.people((("姓名",), ("李甲一",), ("李甲二",)))

    status, out, _ = desk.match()

    assert status == 0
    assert "配备 2 人" in out
    assert {"R04", "R05", "R06"} <= {line["rule"] for line in desk.plan()["unchecked"]}


def test_without_any_column_of_party_days_the_status_alone_decides(desk: Desk) -> None:
    """R04: what no sheet holds is not checked and said, instead of leaving every post empty."""
    desk.needs((("村", "第一书记"), ("罗盘村", 1), ("毕城村", 1)))
    desk.people(
        (("姓名", "政治面貌"), ("李甲一", "中共党员"), ("李甲二", "群众"), ("李甲三", None))
    )

    status, out, _ = desk.match()

    assert status == 0
    assert {line["person"] for line in desk.plan()["assignments"]} == {"李甲一"}
    assert "党龄未核查" in out
    assert "党龄未核查" in " ".join(desk.plan()["remarks"])
    assert desk.verify_with_books()[0] == 0


def test_an_empty_required_cell_puts_the_person_out(desk: Desk) -> None:
    desk.people((*PEOPLE[:1], person("李甲一", 转正日期=None), person("李甲二")))
    desk.needs(NEEDS[:2])

    desk.match()

    plan = desk.plan()
    roles = {line["person"]: line["role"] for line in plan["assignments"]}
    assert roles == {"李甲二": "first_secretary", "李甲一": "member"}


def test_an_empty_post_says_why(desk: Desk) -> None:
    desk.people((*PEOPLE[:2], person("李甲六", 入库状态="出库")))

    status, out, _ = desk.match()

    assert status == 0
    assert "空缺 3 个" in out
    rows = read_workbook(desk.out / "plan.xlsx").sheets["空缺原因"].rows
    assert len(rows) == 4
    assert all(row[-1] for row in rows)
    assert desk.plan()["hall"]


def test_each_township_gets_so_many_at_most_and_the_plan_is_proved(desk: Desk) -> None:
    status, out, err = desk.match("--town-max", 1)

    assert (status, err) == (0, "")
    assert "岗位 4 个，配备 3 人，空缺 1 个" in out
    assert "互选稳定的代价：人选优先" in out
    document = desk.plan()
    assert document["run"]["towns"] == {"lower": 0, "upper": 1}
    assert {row["bound"]: row["arranged"] for row in document["bounds"]} == {
        "三墩土家族乡合计": 1,
        "白马镇合计": 1,
        "龙泉土家族乡合计": 1,
    }
    (empty,) = document["empty"]
    assert empty["reason"]["kind"] == "bound"
    assert empty["reason"]["text"] == "总量“龙泉土家族乡合计”的上限 1 已满。"
    sheets = read_workbook(desk.out / "plan.xlsx").sheets
    assert "总量“龙泉土家族乡合计”的上限 1 已满" in sheets["空缺原因"].rows[1][-1]
    assert sheets["方案对比"].rows[-1][-1] == "稳定方案唯一"
    assert desk.verify()[0] == 0
    assert desk.verify_with_books()[0] == 0


def test_a_township_may_be_given_so_many_at_least(desk: Desk) -> None:
    status, out, _ = desk.match("--town-min", 2, "--lang", "en")

    assert status == 0
    assert "only 4/6 of the required seats can be filled" in out
    assert "price of stability: best for people" in out
    assert desk.verify_with_books()[0] == 0


@pytest.mark.parametrize("towns", [{}, {"lower": 0, "upper": 2}, {"lower": "1", "upper": True}, 3])
def test_a_plan_under_other_bounds_than_it_says_is_refuted(desk: Desk, towns: Any) -> None:
    desk.match("--town-max", 1)
    document = desk.plan() | {"run": desk.plan()["run"] | {"towns": towns}}
    (desk.out / "plan.json").write_text(json.dumps(document), "utf-8")

    status, out, _ = desk.verify_with_books()

    assert status == 1
    assert "总量" in out


def test_bounds_of_townships_that_cannot_be_are_refused(desk: Desk) -> None:
    status, _, err = desk.match("--town-min", 3, "--town-max", 2)
    assert status == 2
    assert "--town-min 3 大于 --town-max 2" in err
    desk.rules(指定=(("人选", "村", "理由"), ("李甲一", "罗盘村", "熟悉产业")))

    (error,) = desk.errors("--town-max", 0)

    assert error["where"] == "pins[0]"
    assert "总量“龙泉土家族乡合计”只能有 0 项" in error["reason"]


def test_a_relative_on_the_committee_keeps_a_person_away(desk: Desk) -> None:
    """R-2-13."""
    desk.people(
        (
            PEOPLE_HEAD,
            person("李甲一", 熟悉经济工作=4, 近亲属="王甲一（父亲）"),
            person("李甲二"),
            person("李甲三"),
            person("李甲四"),
        )
    )

    desk.match()

    sent = {line["person"]: line["village"] for line in desk.plan()["assignments"]}
    assert sent["李甲一"] != "龙泉土家族乡罗盘村"


def test_wishes_and_intentions_may_stand_on_sheets_of_their_own(desk: Desk) -> None:
    desk.needs(
        NEEDS,
        意向=(("村", "岗位", "人选", "意向顺序"), ("罗盘村", "队员", "李甲三", 1)),
        需求条目=(("村", "需求程度", "需要能力", "需要等级"), ("大窝村", 4, "农技、财会", 2)),
    )
    desk.people(PEOPLE, 志愿=(("姓名", "村", "志愿顺序"), ("李甲三", "罗盘村", 1)))

    desk.match()

    instance = desk.plan()["instance"]
    edges = instance["edges"]
    member = [post["id"] for post in instance["posts"]].index("龙泉土家族乡罗盘村/member")
    third = [one["id"] for one in instance["people"]].index("李甲三")
    pairs = list(zip(edges["person"], edges["post"], strict=True))
    number = pairs.index((third, member))
    assert (edges["person_rank"][number], edges["post_rank"][number]) == (1, 1)
    assert sum(edges["post_rank"]) == 1


def test_ties_stand_in_one_cell(desk: Desk) -> None:
    desk.people((PEOPLE_HEAD, person("李甲一", 志愿1="罗盘村、毕城村", 志愿2="大窝村")))

    assert desk.match()[0] == 0
    ranks = desk.plan()["instance"]["edges"]["person_rank"]
    assert sorted(ranks) == [1, 1, 1, 2]


def test_rules_pins_bans_and_limits_come_from_one_workbook(desk: Desk) -> None:
    desk.rules(
        规则=(
            ("编号", "作用", "数值", "日期"),
            ("R05", "提醒", 3, None),
            ("到任日期", None, None, datetime.date(2026, 5, 1)),
        ),
        指定=(("人选", "村", "理由"), ("李甲二", "罗盘村", "熟悉产业")),
        排除=(("人选", "村", "理由"), ("李甲一", "毕城村", "有矛盾")),
        单位=(("单位", "最多选派人数"), ("县林业局", 1)),
    )

    status, _, err = desk.match()

    assert (status, err) == (0, "")
    plan = desk.plan()
    pinned = [line for line in plan["assignments"] if line["pinned"]]
    assert [(line["person"], line["pin_reason"]) for line in pinned] == [("李甲二", "熟悉产业")]
    assert plan["run"]["starts_on"] == "2026-05-01"
    assert {"unit": "县林业局", "sent": 1, "limit": 1} in plan["units"]
    sent = {line["person"]: line["village"] for line in plan["assignments"]}
    assert sent["李甲一"] != "白马镇毕城村"


def test_rules_may_be_json(desk: Desk) -> None:
    rules = desk.folder / "rules.json"
    rules.write_text(
        json.dumps(
            {"rules": [{"code": "fit.cover", "value": 70}, {"code": "fit.lead", "value": 5}]}
        ),
        "utf-8",
    )

    assert desk.match("--rules", rules)[0] == 0
    assert desk.plan()["run"]["weights"]["cover"] == 70


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"rules": 3}', "“rules”应是一列对象"),
        ('{"rules": [{"编号": "R05"}, 7]}', "“rules”应是一列对象"),
        ('{\n"rules": [,]}', "第 2 行附近读不通"),
        (None, "没有这个文件"),
    ],
)
def test_rules_in_json_are_never_half_read(desk: Desk, text: str | None, said: str) -> None:
    rules = desk.folder / "rules.json"
    if text is not None:
        rules.write_text(text, "utf-8")

    status, _, err = desk.match("--rules", rules)

    assert (status, desk.out.exists()) == (2, False)
    assert said in err


def test_what_is_not_read_is_told(desk: Desk) -> None:
    head = ("村", "乡镇", "村类型", "书记要几个")
    desk.needs((head, ("罗盘村", "龙泉土家族乡", None, 0)))
    desk.people((PEOPLE_HEAD, person("李甲一")))
    desk.rules(规则=(("编号", "作用"), ("R05", "提醒")), 指定人选=(("人选",), ("李甲一",)))

    status, out, _ = desk.match()

    assert status == 0
    assert "needs.xlsx“需求清单”：没有用到的列：书记要几个" in out
    assert "rules.xlsx：没有用到的工作表：指定人选" in out


def test_two_worksheets_that_may_be_meant_are_refused(desk: Desk) -> None:
    towns = {"龙泉": NEEDS[:2], "白马": (NEEDS[0], NEEDS[2])}
    book(desk.folder / "needs.xlsx", towns)

    (error,) = desk.errors()

    assert error["reason"].startswith("有几张工作表都像“需求清单”：龙泉、白马")


def test_nobody_works_before_being_born(desk: Desk) -> None:
    born = [datetime.date(year, 5, 1) for year in (2011, 2030)]
    people = [
        person(name, 出生日期=day) for name, day in zip(("李甲一", "李甲二"), born, strict=True)
    ]
    desk.people((PEOPLE_HEAD, *people))

    found = [(error["row"], error["heading"], error["reason"]) for error in desk.errors()]

    assert found == [
        (2, "参加工作日期", "这个日期不能早于出生日期"),
        (3, "出生日期", "出生日期晚于统计日期"),
    ]


def test_the_seed_draws_the_lots(desk: Desk) -> None:
    desk.match("--seed", 7)

    assert desk.plan()["run"]["seed"] == 7


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_of_the_county(desk: Desk, encoding: str) -> None:
    text = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in NEEDS)
    (desk.folder / "needs.csv").write_bytes(text.encode(encoding))

    assert desk.match("--needs", desk.folder / "needs.csv")[0] == 0


def test_one_workbook_may_hold_both(desk: Desk) -> None:
    both = book(desk.folder / "both.xlsx", {"需求清单": NEEDS, "人选": PEOPLE})

    assert desk.match("--needs", both, "--people", both)[0] == 0


def test_villages_are_known_by_name_by_town_and_name_and_by_code(desk: Desk) -> None:
    desk.needs(
        (
            ("村", "乡镇", "区划代码"),
            ("和平村村民委员会", "龙泉土家族乡", None),
            ("和平村委会", "白马镇", None),
            ("罗盘村", "龙泉土家族乡", "511722223208"),
        )
    )
    desk.people(
        (
            PEOPLE_HEAD,
            person("李甲一", 志愿1="龙泉乡和平村"),
            person("李甲二", 志愿1="和平村（白马）"),
            person("李甲三", 志愿1="511722223208"),
        )
    )

    desk.match()

    sent = {line["person"]: line["village"] for line in desk.plan()["assignments"]}
    assert sent == {
        "李甲一": "龙泉土家族乡和平村",
        "李甲二": "白马镇和平村",
        "李甲三": "511722223208",
    }


def test_both_languages_say_what_came_out(desk: Desk) -> None:
    _, chinese, _ = desk.match()
    _, english, _ = desk.match("--lang", "en")

    assert "已证明最优" in chinese
    assert "proved optimal" in english


def test_the_price_of_stability_counts_posts_before_points(desk: Desk) -> None:
    """One candidate wishes for a post of a member only: more points, one first secretary fewer."""
    desk.needs((("村", "第一书记", "队员"), ("罗盘村", 1, None), ("毕城村", None, 1)))
    desk.people((PEOPLE_HEAD, person("李甲一")), 志愿=(
        ("姓名", "村", "岗位", "志愿顺序"), ("李甲一", "毕城村", "队员", 1),
    ))  # fmt: skip

    _, out, _ = desk.match()
    _, english, _ = desk.match("--lang", "en")

    assert "少 -" not in out
    assert "第一书记（优先级 3）少 1 个" in out
    assert "-1 of class 3" in english
    rows = read_workbook(desk.out / "plan.xlsx").sheets["方案对比"].rows
    assert ("稳定的代价：少配备第一书记", 0, 1, 1) in [row[:4] for row in rows]


def test_a_minimum_that_only_all_together_cannot_have_is_said(desk: Desk) -> None:
    desk.needs((("村", "第一书记", "队员", "队员至少"), ("罗盘村", 0, 2, 2), ("毕城村", 0, 2, 2)))
    desk.people((PEOPLE_HEAD, person("李甲一"), person("李甲二"), person("李甲三")))

    status, out, _ = desk.match()

    assert status == 0
    assert "必须配备的名额只能满足 3/4" in out
    assert "3/4 of the required seats" in desk.match("--lang", "en")[1]


def test_data_for_programs(desk: Desk) -> None:
    _, out, _ = desk.match("--format", "json")

    said = json.loads(out)
    assert said["ok"] is True
    assert said["figures"]["filled"] == 4
    assert said["price_of_stability"].keys() == {"stable-people", "stable-posts"}
    assert all(Path(path).exists() for path in said["files"])


# --- bad input ----------------------------------------------------------------------------------


def test_a_wish_for_an_unknown_village_names_the_nearest(desk: Desk) -> None:
    desk.people((PEOPLE_HEAD, person("李甲一", 志愿2="罗磐村")))

    error = only(desk.errors())

    assert (error["file"], error["sheet"], error["row"]) == ("people.xlsx", "人选", 2)
    assert (error["heading"], error["value"]) == ("志愿2", "罗磐村")
    assert "罗盘村（龙泉土家族乡）" in error["reason"]


def test_two_villages_of_one_name_are_told_apart_or_refused(desk: Desk) -> None:
    desk.needs((("村", "乡镇"), ("和平村", "龙泉乡"), ("和平村", "白马镇"), ("大窝村", None)))
    desk.people((PEOPLE_HEAD, person("李甲一", 志愿1="和平村")))

    error = only(desk.errors())

    assert "和平村（龙泉乡）" in error["reason"]
    assert "和平村（白马镇）" in error["reason"]
    assert "乡镇" in error["mend"]


def test_rows_of_one_name_without_a_town_are_refused(desk: Desk) -> None:
    desk.needs((("村", "乡镇"), ("和平村", None), ("和平村委会", None), ("和平村", "白马镇")))
    desk.people((PEOPLE_HEAD, person("李甲一")))

    errors = desk.errors()

    assert [error["row"] for error in errors] == [2, 3]
    assert "乡镇" in errors[0]["mend"]


def test_a_village_twice(desk: Desk) -> None:
    desk.needs((*NEEDS, ("罗盘村委会", "龙泉乡", None, None, None, None)))

    assert "第 2 行重复" in only(desk.errors())["reason"]


def test_a_village_that_the_list_of_places_does_not_know(desk: Desk) -> None:
    desk.needs(
        (("村", "乡镇"), ("罗磐村", None), ("大窝村", None)),
        行政区划=(
            ("区划代码", "名称"),
            ("511722223000", "龙泉土家族乡"),
            ("511722223208", "罗盘村村民委员会"),
            ("511722223209", "大窝村村民委员会"),
        ),
    )
    desk.people((PEOPLE_HEAD, person("李甲一", 志愿1="大窝村")))

    error = only(desk.errors())

    assert (error["row"], error["value"]) == (2, "罗磐村")
    assert "行政区划里没有这个村" in error["reason"]
    assert "罗盘村" in error["reason"]


def test_a_person_twice(desk: Desk) -> None:
    desk.people((*PEOPLE, person("李甲一")))

    error = only(desk.errors())

    assert (error["row"], error["value"]) == (7, "李甲一")
    assert "第 2 行重复" in error["reason"]
    assert "人选编号" in error["mend"]


def test_two_people_of_one_name_are_told_apart_by_unit(desk: Desk) -> None:
    desk.people((PEOPLE_HEAD, person("李甲一", "甲局"), person("李甲一", "乙局")))
    assert desk.match()[0] == 0
    assert {line["id"] for line in desk.plan()["people"]} == {"李甲一（甲局）", "李甲一（乙局）"}


def test_a_name_that_two_people_bear_is_refused_where_it_is_used(desk: Desk) -> None:
    desk.people((PEOPLE_HEAD, person("李甲一", "甲局"), person("李甲一", "乙局")))
    desk.needs((("村", "意向1"), ("罗盘村", "李甲一"), ("大窝村", "李甲一（乙局）")))

    error = only(desk.errors())

    assert (error["row"], error["heading"]) == (2, "意向1")
    assert "李甲一（甲局）、李甲一（乙局）" in error["reason"]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("610331198002290008", "校验"),
        ("610331198102290007", "出生日期"),
        ("610331800229000", "15 位"),
    ],
)
def test_a_wrong_identity_number_is_named_but_not_shown(
    desk: Desk, number: str, reason: str
) -> None:
    """R-1-03, A.1."""
    desk.people((("姓名", "身份证号"), ("李甲一", number)))

    error = only(desk.errors())

    assert error["heading"] == "身份证号"
    assert reason in error["reason"]
    assert number not in json.dumps(error)


def test_one_identity_number_on_two_rows(desk: Desk) -> None:
    number = "610331198002290007"
    desk.people((("姓名", "身份证号"), ("李甲一", number), ("李甲二", number)))

    error = only(desk.errors())

    assert "第 2 行重复" in error["reason"]
    assert number not in json.dumps(error)


def test_an_identity_number_says_birth_and_gender_and_goes_no_further(desk: Desk) -> None:
    desk.people((("姓名", "身份证号"), ("李甲一", "610331198002290007")))

    assert desk.match()[0] == 0

    assert "610331198002290007" not in (desk.out / "plan.json").read_text("utf-8")
    assert "R06" not in {line["rule"] for line in desk.plan()["unchecked"]}


@pytest.mark.parametrize(
    ("heading", "value"),
    [("出生日期", datetime.date(1981, 2, 28)), ("性别", "男")],
)
def test_birth_and_gender_that_differ_from_the_number(
    desk: Desk, heading: str, value: object
) -> None:
    """R-1-04."""
    desk.people((("姓名", "身份证号", heading), ("李甲一", "610331198002290007", value)))

    assert "与身份证号不一致" in only(desk.errors())["reason"]


@pytest.mark.parametrize("number", ["610331198002290007", "13800000000"])
def test_a_private_number_is_no_number_of_a_candidate(desk: Desk, number: str) -> None:
    desk.people((("姓名", "人选编号"), ("李甲一", number)))

    assert "不能用身份证号或手机号" in only(desk.errors())["reason"]


@pytest.mark.parametrize(
    ("head", "row", "heading"),
    [
        (("村", "队员", "队员至少"), ("罗盘村", 1, 2), "队员至少"),
        (("村", "第一书记", "第一书记必配"), ("罗盘村", 0, "是"), "第一书记必配"),
    ],
)
def test_a_minimum_above_the_seats(
    desk: Desk, head: tuple[str, ...], row: tuple[object, ...], heading: str
) -> None:
    desk.needs((head, row))
    desk.people((PEOPLE_HEAD, person("李甲一")))

    error = only(desk.errors())

    assert error["heading"] == heading
    assert "无法满足" in error["reason"]


def test_a_quota_that_nobody_can_fill(desk: Desk) -> None:
    desk.needs((("村", "队员", "队员至少"), ("罗盘村", 3, 2)))
    desk.people((PEOPLE_HEAD, person("李甲一"), person("李甲二", 入库状态="出库")))

    error = only(desk.errors())

    assert "合格的人选只有 1 名" in error["reason"]


def test_a_pin_that_breaks_recusal(desk: Desk) -> None:
    desk.rules(指定=(("人选", "村", "理由"), ("李甲四", "大窝村", "本人愿意")))

    error = only(desk.errors())

    assert (error["file"], error["sheet"], error["row"]) == ("rules.xlsx", "指定", 2)
    assert "R02" in error["reason"]
    assert "不能用指定越过" in error["mend"]


def test_a_pin_does_not_tell_about_health(desk: Desk) -> None:
    desk.rules(指定=(("人选", "村", "理由"), ("李甲五", "大窝村", "本人愿意")))

    error = only(desk.errors())

    assert "R07/R09 不符合条件" in error["reason"]


def test_a_pin_over_a_warning_wants_a_name_and_a_day(desk: Desk) -> None:
    head = ("人选", "村", "理由", "决定人", "决定日期")
    old = person("李甲六", 出生日期=datetime.date(1967, 1, 1))
    desk.people((*PEOPLE, old))
    desk.rules(指定=(head, ("李甲六", "大窝村", "经验足", None, None)))
    assert "由谁、何日决定" in only(desk.errors())["mend"]

    desk.rules(指定=(head, ("李甲六", "大窝村", "经验足", "张乙一", datetime.date(2026, 2, 1))))
    assert desk.match()[0] == 0


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ((("李甲一", "大窝村", "队员"),), "没有这种岗位"),
        ((("李甲一", "罗盘村", None), ("李甲二", "罗盘村", None)), "超过名额"),
        ((("李甲一", "罗盘村", None), ("李甲一", "毕城村", None)), "指定了两次"),
        ((("李乙九", "罗盘村", None),), "没有此人"),
        ((("李甲三", "罗盘村", None), ("李甲四", "毕城村", None)), "最多选派"),
    ],
)
def test_pins_that_cannot_be(desk: Desk, rows: tuple[Any, ...], reason: str) -> None:
    desk.rules(
        指定=(("人选", "村", "岗位", "理由"), *((*row, "需要") for row in rows)),
        单位=(("单位", "最多选派人数"), ("县林业局", 1)),
    )

    assert reason in only(desk.errors())["reason"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ((("R99", None, None),), "没有“R99”"),
        ((("R01", "提醒", None),), "作用只能是"),
        ((("R01", None, 3),), "没有数值"),
        ((("fit.cover", None, 70),), "合计 100"),
        ((("post.min_work_years", None, None),), "没有填数值"),
        ((("到任日期", None, None),), "没有填日期"),
        ((("recusal.own_town", "不核查", None),), "拦截或提醒"),
        ((("match.goal_order", None, 5),), "应在 0 到 2 之间"),
        ((("每个乡镇至少几人", None, 3), ("每个乡镇至多几人", None, 2)), "下限大于上限"),
        ((("recusal.own_village", "提醒", None),), "只能是拦截"),
    ],
)
def test_rules_that_make_no_sense(desk: Desk, rows: tuple[Any, ...], reason: str) -> None:
    desk.rules(规则=(("编号", "作用", "数值"), *rows))

    error = only(desk.errors())
    assert reason in error["reason"] + error["mend"]


def test_the_own_town_may_be_made_to_block(desk: Desk) -> None:
    desk.rules(
        规则=(("编号", "作用"), ("recusal.own_town", "拦截"), ("recusal.own_village", "拦截"))
    )

    assert desk.match()[0] == 0
    rule = next(rule for rule in desk.plan()["run"]["rules"] if rule["rule"] == "R02")
    assert rule["parameters"] == {"own_town_blocks": 1}


def test_more_than_five_wishes_and_one_village_twice(desk: Desk) -> None:
    desk.needs((("村",), *((f"{name}村",) for name in "甲乙丙丁戊己")))
    desk.people(
        (
            ("姓名", "志愿1", "志愿2"),
            ("李甲一", "甲村、乙村、丙村", "丁村、戊村、己村"),
            ("李甲二", "甲村", "甲村"),
        )
    )

    errors = desk.errors()

    assert ["超过 5 个" in errors[0]["reason"], "写了两次" in errors[1]["reason"]] == [True, True]


def test_refusals_want_a_reason(desk: Desk) -> None:
    desk.needs((("村", "不接收人选"), ("罗盘村", "李甲一")))
    desk.people((("姓名", "不愿去的村"), ("李甲一", "罗盘村")))

    assert [error["heading"] for error in desk.errors()] == ["不接收理由", "不愿去的理由"]


def test_every_bad_cell_is_named_not_only_the_first(desk: Desk) -> None:
    desk.people(
        (
            PEOPLE_HEAD,
            person("李甲一", 政治面貌="好人", 出生日期="某日"),
            person("李甲二", 志愿1="天上村"),
            person("李甲三", 熟悉经济工作=9),
        )
    )

    places = [(error["row"], error["heading"]) for error in desk.errors()]

    assert set(places) == {(2, "政治面貌"), (2, "出生日期"), (3, "志愿1"), (4, "熟悉经济工作")}


def test_a_bad_row_of_needs_does_not_make_wishes_look_unknown(desk: Desk) -> None:
    desk.needs((("村", "第一书记"), ("罗盘村", 5), ("大窝村", 1)))
    desk.people((PEOPLE_HEAD, person("李甲一", 志愿1="罗盘村")))

    assert only(desk.errors())["heading"] == "第一书记"


@pytest.mark.parametrize("which", ["needs", "people"])
def test_an_empty_sheet(desk: Desk, which: str) -> None:
    if which == "needs":
        desk.needs(NEEDS[:1])
    else:
        desk.people(PEOPLE[:1])

    assert "没有一个" in only(desk.errors())["reason"]


def test_needs_that_ask_for_nobody(desk: Desk) -> None:
    desk.needs((("村", "第一书记"), ("罗盘村", 0)))
    desk.people((PEOPLE_HEAD, person("李甲一")))

    assert "没有一个岗位" in only(desk.errors())["reason"]


def test_a_recusal_village_outside_the_round_is_a_note(desk: Desk) -> None:
    desk.people((PEOPLE_HEAD, person("李甲一", 回避村="罗磐村")))

    status, out, _ = desk.match()

    assert status == 0
    assert "请留意" in out
    assert "相近的有 罗盘村" in out


def test_a_file_that_is_not_there_or_no_workbook(desk: Desk) -> None:
    (desk.folder / "pdf.xlsx").write_bytes(b"%PDF-1.7 ...")

    for name in ("absent.xlsx", "pdf.xlsx"):
        status, _, err = desk.match("--needs", desk.folder / name)
        assert status == 2
        assert err.startswith(f"{name}：")


def test_a_file_over_the_limit_is_refused_before_reading(desk: Desk) -> None:
    big = desk.folder / "big.xlsx"
    with big.open("wb") as stream:
        stream.truncate(20_000_001)

    status, _, err = desk.match("--people", big)

    assert status == 2
    assert "20 MB" in err


def test_a_zip_bomb_is_refused(desk: Desk) -> None:
    bomb = desk.folder / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000_000)

    assert desk.match("--people", bomb)[0] == 2


def test_one_wrong_row_among_many_is_found(desk: Desk) -> None:
    rows = [person(f"李{number}") for number in range(3_000)]
    rows[1_999] = person("李错", 出生日期="某日")
    desk.people((PEOPLE_HEAD, *rows))

    assert only(desk.errors())["row"] == 2_001


def test_english_says_the_same(desk: Desk) -> None:
    desk.people((PEOPLE_HEAD, person("李甲一", 志愿1="天上村")))

    status, _, err = desk.match("--lang", "en")

    assert status == 2
    assert 'people.xlsx "人选" row 2 column "志愿1"' in err
    assert "not among the villages of this round" in err


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ((), "用法"),
        (("nonsense",), "没有“nonsense”这个命令"),
        (("match",), "缺少必须的选项"),
        (("match", "posting", "--needs"), "--needs 后面缺少内容"),
        (("match", "posting", "--frob", "1"), "缺少必须的选项"),
        (("template", "frob", "x.xlsx"), "不能是 'frob'"),
        (("match", "instance", "x.json", "--mode", "team", "--out", "y"), "不能是 'team'"),
    ],
)
def test_a_wrong_line_says_how_to_write_it(desk: Desk, words: tuple[str, ...], text: str) -> None:
    status, out, err = desk.run(*words)

    assert status == 2
    assert text in out + err


def test_a_wrong_day_or_seed(desk: Desk) -> None:
    assert "--as-of" in desk.match("--as-of", "明天")[2]
    assert "--seed" in desk.match("--seed", "一")[2]
    assert "--seed" in desk.match("--seed", "-1")[2]


@pytest.mark.parametrize("words", [("--help",), ("match", "--help"), ("match", "posting", "-h")])
def test_help_in_both_languages(desk: Desk, words: tuple[str, ...]) -> None:
    status, chinese, _ = desk.run(*words)
    assert status == 0
    assert "用法" in chinese

    status, english, _ = desk.run(*words, "--lang", "en")
    assert status == 0
    assert "usage" in english


def test_the_version(desk: Desk) -> None:
    assert desk.run("--version")[1].startswith("lingyan ")


# --- writing ------------------------------------------------------------------------------------


def test_a_place_that_cannot_be_written_is_said(desk: Desk) -> None:
    desk.out.write_text("a file stands here")

    status, _, err = desk.match()

    assert status == 2
    assert "写不进" in err


def test_nothing_half_written_is_left_behind(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.match()
    before = {path.name: path.read_bytes() for path in desk.out.iterdir()}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lingyan.cli.match.posting.write_json", full)
    status, _, err = desk.match("--seed", 9)

    assert status == 2
    assert "磁盘已满" in err
    assert {path.name: path.read_bytes() for path in desk.out.iterdir()} == before


def test_a_folder_in_the_place_of_a_result_leaves_the_other_one_alone(desk: Desk) -> None:
    (desk.out / "plan.json").mkdir(parents=True)

    status, _, err = desk.match()

    assert (status, [path.name for path in desk.out.iterdir()]) == (2, ["plan.json"])
    assert "是文件夹" in err


@pytest.mark.parametrize(
    ("encoding", "out", "status", "said"),
    [
        ("ascii", subprocess.PIPE, 0, "快照一致"),  # LC_ALL=POSIX
        ("gbk", subprocess.PIPE, 0, "\\u2713"),  # has no ✓
        ("utf-8", "/dev/full", 2, "磁盘已满"),
    ],
)
def test_any_terminal_gets_words_and_no_traceback(
    desk: Desk, encoding: str, out: int | str, status: int, said: str
) -> None:
    desk.match()
    stdout = os.open(out, os.O_WRONLY) if isinstance(out, str) else out
    words = [sys.executable, "-c", "import sys; from lingyan.cli import main; sys.exit(main())"]
    ran = subprocess.run(
        [*words, "match", "verify", str(desk.out / "plan.json")],
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
    )
    if stdout != out:
        os.close(stdout)

    told = (ran.stdout or b"").decode("gbk" if encoding == "gbk" else "utf-8")
    assert (ran.returncode, "Traceback" in ran.stderr.decode()) == (status, False)
    assert said in told + ran.stderr.decode()


def test_long_texts_of_the_plan_are_wrapped_and_rules_speak_chinese(desk: Desk) -> None:
    desk.match()

    with zipfile.ZipFile(desk.out / "plan.xlsx") as parts:
        assert b'wrapText="1"' in parts.read("xl/styles.xml")
        widths = re.findall(rb'<col [^>]*width="([0-9.]+)"', parts.read("xl/worksheets/sheet1.xml"))
    assert float(widths[-1]) > 60  # 理由, the last column
    rules = read_workbook(desk.out / "plan.xlsx").sheets["规则与核查"].rows
    told = {row[0]: row[4] for row in rules if len(row) > 4}
    assert (told["R02"], told["R04"]) == ("同乡镇只提醒", "党龄满 1 年")


def test_matching_starts_without_django(desk: Desk) -> None:
    words = ["match", "posting", "--needs", str(desk.folder / "needs.xlsx")]
    words += ["--people", str(desk.folder / "people.xlsx"), "--out", str(desk.out)]
    program = (
        "import sys; from lingyan.cli import main; "
        f"status = main({words!r}); "
        "loaded = {'django', 'numba', 'scipy', 'highspy'} & set(sys.modules); "
        "sys.exit(f'{status} {loaded}' if status or loaded else 0)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


# --- English ------------------------------------------------------------------------------------


def test_in_english_rules_and_remarks_are_english_too(desk: Desk) -> None:
    desk.rules(单位=(("单位", "最多选派人数"), ("县气象局", 2)))

    _, out, _ = desk.match("--lang", "en")

    assert "R14 refused by the person" in out
    assert "no candidate is of this unit" in out
    assert not any(word in out for word in ("本人不愿去", "请留意", "人选里没有"))
    _, out, _ = desk.match("--lang", "en", "--format", "json")
    assert any("no candidate is of this unit" in note for note in json.loads(out)["remarks"])
    assert "人选里没有这个单位的人" in " ".join(desk.plan()["remarks"])


def test_in_english_a_pin_against_a_rule_names_the_rule_in_english(desk: Desk) -> None:
    desk.rules(指定=(("人选", "村", "理由"), ("李甲四", "大窝村", "熟悉")))

    status, _, err = desk.match("--lang", "en")

    assert status == 2
    assert "R02 recusal, native place" in err
    assert "籍贯" not in err
