"""`lingyan match verify`: 0 proven, 1 refuted, 2 unreadable."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.books import NEEDS, PEOPLE, PEOPLE_HEAD, Desk, person

Change = Callable[[dict[str, Any]], object]


def change(desk: Desk, alter: Change) -> None:
    """Write the plan back with something altered."""
    document = desk.plan()
    alter(document)
    (desk.out / "plan.json").write_text(json.dumps(document), "utf-8")


def test_alone_it_says_that_only_the_file_was_checked(desk: Desk) -> None:
    desk.match()

    status, out, _ = desk.verify()

    assert status == 0
    assert "成立" in out
    assert "只核对了文件自身" in out


def test_with_the_workbooks_it_names_them(desk: Desk) -> None:
    desk.match("--reasons", "full")

    status, out, _ = desk.verify_with_books()

    assert status == 0
    assert "needs.xlsx、people.xlsx" in out


def test_it_measures_against_the_day_of_the_plan(desk: Desk) -> None:
    """R06 would say something else in twenty years."""
    desk.match("--as-of", "2046-03-01")

    assert desk.verify_with_books()[0] == 0


def test_rules_are_read_again_too(desk: Desk) -> None:
    desk.rules(指定=(("人选", "村", "理由"), ("李甲二", "罗盘村", "熟悉产业")))
    desk.match()
    assert desk.verify_with_books()[0] == 0

    (desk.folder / "rules.xlsx").unlink()
    status, out, _ = desk.verify_with_books()

    assert status == 1
    assert "指定" in out


def test_other_numbers_in_the_rules_are_named_first(desk: Desk) -> None:
    desk.rules(规则=(("编号", "数值"), ("党龄年数", 5)))
    desk.match()
    (desk.folder / "rules.xlsx").unlink()

    status, out, _ = desk.verify_with_books()

    assert status == 1
    assert "不成立：run.rules[3].parameters.min_party_years：方案写的是 5" in out
    assert "请加上 --rules" in out
    assert "理由与工作簿一致" not in out


def test_rules_alone_are_no_source(desk: Desk) -> None:
    desk.match()

    status, _, err = desk.verify("--rules", desk.folder / "rules.xlsx")

    assert (status, "--rules 要和" in err) == (2, True)


def test_workbooks_of_the_other_kind_are_told_apart(desk: Desk) -> None:
    desk.match()
    files = ("--villages", desk.folder / "needs.xlsx", "--units", desk.folder / "people.xlsx")

    status, out, _ = desk.verify(*files)

    assert (status, "这是选派方案，请用 --needs 和 --people" in out) == (1, True)


@pytest.mark.parametrize(
    "alter",
    [
        lambda plan: plan["assignments"].pop(),
        lambda plan: plan["assignments"][0].update(person="李甲五"),
        lambda plan: plan["assignments"][0].update(fit=999),
        lambda plan: plan["goals"][-1].update(value=1),
        lambda plan: plan["instance"]["edges"]["score"].__setitem__(0, 1),
        lambda plan: plan["run"].update(snapshot_sha256="0" * 64),
        lambda plan: plan["empty"].append({"post": "x", "seats": 1}),
        lambda plan: plan["unused"].clear(),
        lambda plan: plan["explanations"][0]["fit"].update(total=1),
        lambda plan: plan.update(explanations=7),
        lambda plan: plan["explanations"].append("parts"),
        lambda plan: plan["unused"].append([]),
    ],
)
def test_a_plan_that_was_tampered_with_is_refuted(desk: Desk, alter: Change) -> None:
    desk.match()
    change(desk, alter)

    status, out, _ = desk.verify()

    assert status == 1
    assert "不成立" in out


@pytest.mark.parametrize(
    "alter",
    [
        lambda plan: plan.update(id="0" * 16),
        lambda plan: plan.pop("id"),
        lambda plan: plan["hall"].clear(),
        lambda plan: plan.pop("hall"),
        lambda plan: plan.update(hall=7),
        lambda plan: plan["hall"].append(plan["hall"][0]),
        lambda plan: plan["hall"][0]["people"].append("李甲六"),
        lambda plan: plan["hall"][0]["posts"].pop(),
        lambda plan: plan["hall"][0].update(supply=0),
        lambda plan: plan["hall"][0].update(seats=float(plan["hall"][0]["seats"])),
        lambda plan: plan["hall"][0].pop("deficit"),
    ],
)
def test_villages_that_are_said_to_lack_people_are_counted_again(desk: Desk, alter: Change) -> None:
    desk.people((*PEOPLE[:2], person("李甲六", 入库状态="出库")))
    desk.match()
    assert desk.verify()[0] == desk.verify_with_books()[0] == 0
    change(desk, alter)

    for status, out, _ in (desk.verify(), desk.verify_with_books()):
        assert status == 1
        assert "不成立" in out


@pytest.mark.parametrize(
    ("alter", "where"),
    [
        (lambda plan: plan["explanations"][0]["fit"]["parts"].update(near=1), "near"),
        (lambda plan: plan["explanations"][0]["eligibility"].pop(), "eligibility"),
        (lambda plan: plan["figures"].update(first_wish=99), "first_wish"),
        (lambda plan: plan["villages"][0].update(cover=1), "cover"),
        (lambda plan: plan["unchecked"].pop(), "unchecked"),
        (lambda plan: plan["run"]["weights"].update(cover=59), "cover"),
        (lambda plan: plan["run"]["rules"][3]["parameters"].clear(), "min_party_years"),
        (lambda plan: plan["assignments"][0].update(person_name="别人"), "person_name"),
        (lambda plan: plan["people"][0].update(unit="别处"), "people"),
    ],
)
def test_whatever_the_workbooks_do_not_give_refutes_and_is_named(
    desk: Desk, alter: Change, where: str
) -> None:
    desk.match()
    change(desk, alter)

    assert desk.verify()[0] == 0
    status, out, _ = desk.verify_with_books()

    assert status == 1
    assert where in out
    assert "按工作簿应为" in out


def test_another_level_in_the_workbook_names_the_pair(desk: Desk) -> None:
    desk.match()
    desk.people((PEOPLE[0], person("李甲一", 熟悉经济工作=3, 志愿1="罗盘村"), *PEOPLE[2:]))

    status, out, _ = desk.verify_with_books()

    assert status == 1
    assert "李甲一 → " in out


@pytest.mark.parametrize(
    ("needs", "people", "said"),
    [
        (NEEDS, PEOPLE[:-1], "方案里有人选“李甲五”"),
        (NEEDS, (*PEOPLE, person("李甲九")), "工作簿里有人选“李甲九”"),
        (NEEDS[:-1], PEOPLE, "方案里有岗位"),
        ((*NEEDS[:3], ("大窝村", "三墩土家族乡", "软弱涣散村（在整顿）")), PEOPLE, "岗位“三墩"),
    ],
)
def test_people_and_posts_must_be_the_same(desk: Desk, needs: Any, people: Any, said: str) -> None:
    people = tuple(tuple(None if cell == "大窝村" else cell for cell in row) for row in people)
    desk.people((*(row for row in PEOPLE if "李甲四" not in row),))
    desk.match()
    desk.needs(needs)
    desk.people(tuple(row for row in people if "李甲四" not in row))

    status, out, _ = desk.verify_with_books()

    assert status == 1
    assert said in out


def test_an_instance_beside_the_plan(desk: Desk) -> None:
    desk.match()
    instance = desk.folder / "instance.json.gz"
    instance.write_bytes(gzip.compress(json.dumps(desk.plan()["instance"]).encode()))
    assert desk.verify("--instance", instance)[0] == 0

    other = desk.plan()["instance"]
    other["edges"]["score"][0] += 1
    instance.write_bytes(gzip.compress(json.dumps(other).encode()))
    assert desk.verify("--instance", instance)[0] == 1


def test_data_for_programs(desk: Desk) -> None:
    desk.match()

    _, out, _ = desk.verify("--format", "json", "--lang", "en")

    said = json.loads(out)
    assert said["proven"] is True
    assert said["violation"] is None
    assert said["scope"] == "checked against the file itself only"


def test_english_says_it_in_english(desk: Desk) -> None:
    desk.match()
    change(desk, lambda plan: plan["assignments"][0].update(fit=999))

    _, out, _ = desk.verify("--lang", "en")

    assert "refuted: " in out
    assert "不符" not in out


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"format": "lingyan.plan/9"}', "\x00\x01", '{"format": 1e999}']
)
def test_what_is_no_plan_is_unreadable(desk: Desk, content: str) -> None:
    desk.out.mkdir()
    (desk.out / "plan.json").write_text(content, "utf-8")

    status, out, err = desk.verify()

    assert (status, out) == (2, "")
    assert err


def test_brackets_within_brackets_are_no_traceback_at_any_depth(desk: Desk) -> None:
    desk.match()
    plan = (desk.out / "plan.json").read_text("utf-8").replace('"bits":40', '"bits":@')
    for depth in (900, *range(960, 1000, 4), 100_000):
        deep = plan.replace("@", "[" * depth + "]" * depth)
        (desk.out / "plan.json").write_text(deep, "utf-8")
        assert desk.verify()[0] in (1, 2)


def test_half_a_character_is_unreadable_wherever_it_stands(desk: Desk) -> None:
    desk.match()
    for alter in (
        lambda plan: plan["assignments"][0].update(person="\ud800"),
        lambda plan: plan["people"][0].update(name="\ud9ab"),
    ):
        change(desk, alter)
        status, _, err = desk.verify()
        assert status == 2
        assert "半个字符" in err


def test_reasons_of_the_wrong_kind_are_no_traceback(desk: Desk) -> None:
    desk.match()
    for pair in ({"person": []}, {"fit": "parts"}, {"fit": {"parts": {}}, "post": {}}):
        change(desk, lambda plan, odd=pair: plan["explanations"][0].update(odd))
        assert desk.verify()[0] in (0, 1)
        assert desk.verify_with_books()[0] == 1


def test_a_plan_that_is_not_there(desk: Desk) -> None:
    assert desk.verify()[0] == 2


def test_half_a_pair_of_workbooks_is_no_source(desk: Desk) -> None:
    desk.match()

    needs, people = desk.folder / "needs.xlsx", desk.folder / "people.xlsx"
    assert desk.verify("--needs", needs)[0] == 2
    assert desk.verify("--needs", needs, "--people", people, "--villages", needs)[0] == 2
    assert "只给一种依据" in desk.verify("--units", people)[2]


def test_a_plan_without_an_instance_or_a_day_cannot_stand_alone(desk: Desk) -> None:
    desk.match()
    change(desk, lambda plan: plan.pop("instance"))
    assert desk.verify()[0] == 2
    assert desk.verify_with_books()[0] == 0

    change(desk, lambda plan: plan["run"].pop("as_of"))
    assert "统计日期" in desk.verify_with_books()[2]


def test_workbooks_that_became_wrong_are_named(desk: Desk) -> None:
    desk.match()
    desk.people((PEOPLE_HEAD, person("李甲一", 志愿1="天上村")))

    status, _, err = desk.verify_with_books()

    assert status == 2
    assert "天上村" in err
