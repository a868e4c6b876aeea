"""What does each row of the worksheet 规则 change, by its code or its name, and what may it not?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from lingyan.cli.template import sheets_of
from lingyan.common.pages import BadSheets
from lingyan.common.sheet import CellError, RawSheet
from lingyan.common.workbook import Workbook
from lingyan.pairing.problem.from_sheets import WEIGHT_KEYS
from lingyan.posting.problem import PostingSettings
from lingyan.posting.problem.from_sheets import read_posting
from lingyan.posting.problem.settings import (
    AS_OF,
    FIT_KEYS,
    NUMBERS,
    OTHER_NUMBERS,
    OWN_TOWN,
    OWN_VILLAGE,
    PARAMETERS,
    STARTS_ON,
)
from lingyan.posting.rules import DEFAULT_RULES
from lingyan.posting.sheets import KEY_OF_LABEL

HEAD = ("编号", "作用", "数值", "日期", "适用岗位")
Row = tuple[Any, ...]


def settings_of(*rows: Row) -> PostingSettings:
    def book(name: str, title: str, *lines: Row) -> Workbook:
        return Workbook(name, {title: RawSheet(title, lines)})

    return read_posting(
        book("needs.xlsx", "需求清单", ("村", "乡镇"), ("罗盘村", "龙泉乡")),
        book("people.xlsx", "人选", ("姓名", "单位"), ("李甲一", "县财政局")),
        book("rules.xlsx", "规则", HEAD, *rows),
        today=date(2026, 3, 1),
    ).settings


def error_of(*rows: Row) -> CellError:
    with pytest.raises(BadSheets) as raised:
        settings_of(*rows)
    (error,) = raised.value.errors
    assert all((error.reason, error.mend, error.reason_en, error.mend_en))
    return error


@pytest.mark.parametrize(
    ("names", "rule", "parameter"),
    [
        (("post.min_party_years", "党龄年数"), "R04", "min_party_years"),
        (("post.min_work_years", "工作年数"), "R05", "min_work_years"),
        (("post.min_months_to_retire", "距退休月数"), "R06", "min_months_to_retire"),
        (("post.retirement_age_men",), "R06", "retirement_age_men"),
        (("post.retirement_age_women",), "R06", "retirement_age_women"),
        (("recall.ban_months", "召回限制月数"), "R08", "ban_months"),
        (("post.rest_months", "轮休月数"), "R08", "rest_months"),
    ],
)
def test_a_number_of_a_rule_goes_by_its_code_and_by_its_name(
    names: tuple[str, ...], rule: str, parameter: str
) -> None:
    before = {each.code: each for each in settings_of().rules}
    for name in names:
        after = {each.code: each for each in settings_of((name, None, 7, None, None)).rules}

        assert after[rule].parameters == {**before[rule].parameters, parameter: 7}
        assert [code for code in after if after[code] != before[code]] == [rule]


@pytest.mark.parametrize("key", ["post.term_months", "任期月数"])
def test_the_term_has_months(key: str) -> None:
    assert settings_of().term.months == 24
    assert settings_of((key, None, 36, None, None)).term.months == 36


@pytest.mark.parametrize(("number", "allowed"), [(0, False), (1, True)])
def test_unranked_pairs_may_be_left_out(number: int, allowed: bool) -> None:
    assert settings_of().allow_unranked
    row = ("match.allow_unranked", None, number, None, None)
    assert settings_of(row).allow_unranked is allowed


def test_days_go_by_code_and_name_and_people_arrive_on_the_day_of_counting_unless_said() -> None:
    day, later = date(2026, 2, 1), date(2026, 5, 1)

    for as_of, starts_on in (("match.as_of", "match.starts_on"), ("统计日期", "到任日期")):
        term = settings_of(
            (as_of, None, None, day, None), (starts_on, None, None, later, None)
        ).term
        assert (term.as_of, term.starts_on) == (day, later)
    term = settings_of(("统计日期", None, None, day, None)).term
    assert (term.as_of, term.starts_on) == (day, day)
    assert settings_of().term.as_of == date(2026, 3, 1)


def test_weights_go_by_code_and_name_and_add_up_to_100() -> None:
    codes = ("fit.cover", "fit.lead", "fit.near", "fit.wish", "fit.wanted")
    names = ("需求匹配权重", "领导经历权重", "地域权重", "志愿权重", "意向权重")

    for keys in (codes, names):
        rows = [(key, None, 18 + n, None, None) for n, key in enumerate(keys)]
        weights = settings_of(*rows).weights
        assert (weights.cover, weights.lead, weights.near) == (18, 19, 20)
        assert (weights.wish, weights.wanted) == (21, 22)


def test_weights_that_do_not_add_up_are_an_error_where_the_last_one_stands() -> None:
    error = error_of(
        ("fit.cover", None, 50, None, None),
        ("fit.lead", None, 16, None, None),
        ("R10", "不核查", None, None, None),
    )

    assert (error.row, error.heading, error.value) == (3, "数值", "16")
    assert "现为 91" in error.reason  # 50 + 16 + 5 + 10 + 10


@pytest.mark.parametrize(("effect", "blocks"), [("拦截", 1), ("提醒", 0)])
@pytest.mark.parametrize("key", ["recusal.own_town", "同乡镇回避"])
def test_the_own_town_blocks_or_warns(key: str, effect: str, blocks: int) -> None:
    rules = settings_of((key, effect, None, None, None)).rules

    parameters = {rule.code: rule.parameters for rule in rules}["R02"]
    assert parameters == {"own_town_blocks": blocks}


def test_a_rule_takes_an_effect_a_number_and_roles_and_keeps_what_is_not_said() -> None:
    before = {rule.code: rule for rule in settings_of().rules}
    rules = settings_of(
        ("R05", "提醒", 3, None, None),
        ("R06", None, None, None, "第一书记"),
        ("R04", None, 2, None, None),
    ).rules
    after = {rule.code: rule for rule in rules}

    assert (after["R05"].effect, after["R05"].parameters) == ("warn", {"min_work_years": 3})
    assert after["R05"].roles == before["R05"].roles
    assert after["R06"].roles == {"first_secretary"}
    assert (after["R06"].effect, after["R06"].parameters) == (
        before["R06"].effect,
        before["R06"].parameters,
    )
    assert after["R04"].parameters == {"min_party_years": 2}
    assert [rule.code for rule in rules] == list(before)


def test_rows_of_a_pairing_are_passed_over() -> None:
    assert settings_of(("pair.near", None, 10, None, None)) == settings_of()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("R99", None, 1, None, None), "没有“R99”这个规则或设置项"),
        (("match.as_of", None, 5, None, None), "没有填日期"),
        (("任期月数", None, None, None, None), "没有填数值"),
        (("R03", None, 5, None, None), "这条规则没有数值"),
        (("R09", "提醒", None, None, None), "R09 处分和审查的作用只能是：拦截"),
        (("同乡镇回避", "不核查", None, None, None), "同乡镇回避只能是拦截或提醒"),
        (("recusal.own_village", "提醒", None, None, None), "本村回避只能是拦截"),
    ],
)
def test_a_row_that_makes_no_sense_is_an_error_at_its_code(row: Row, reason: str) -> None:
    error = error_of(row)

    assert (error.row, error.heading, error.value) == (2, "编号", row[0])
    assert reason in error.reason


@pytest.mark.parametrize("key", ["recusal.own_village", "本村回避"])
def test_the_own_village_may_be_said_to_block(key: str) -> None:
    assert settings_of((key, "拦截", None, None, None)) == settings_of()


def test_the_template_names_every_rule_and_setting_that_a_row_may_say() -> None:
    told = "\n".join(sheets_of("rules")[0].guidance)
    known = {*PARAMETERS, *FIT_KEYS, *NUMBERS, *OTHER_NUMBERS, AS_OF, STARTS_ON}

    assert set(KEY_OF_LABEL.values()) == known | {OWN_TOWN, OWN_VILLAGE}
    for words in [*KEY_OF_LABEL.items(), *((one.code, one.name) for one in DEFAULT_RULES)]:
        assert " ".join(words) in told
    assert all(key in told for key in WEIGHT_KEYS)
