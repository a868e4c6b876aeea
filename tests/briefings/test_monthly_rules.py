"""What may a monthly report ask, who moves it on, and when is it complete?"""

from __future__ import annotations

from datetime import date

import pytest

from lingyan.briefings.rules import monthly as rules
from lingyan.briefings.rules.monthly import Answer, Item
from lingyan.briefings.rules.monthly_words import UNITS
from lingyan.common.flow import open_acts
from lingyan.platform.indicators.definitions import UNITS as KNOWN_UNITS

FIGURES = {"IND-3-01": "结对的单位", "IND-2-07-V": "第一书记走访户次"}
OUTSIDE = Item("外出务工人数", "number", "安排春节慰问和培训", "人", "at_end")
ROAD = Item("通村路是否畅通", "yes_no", "汛期抢修排序")
NOTE = Item("需要县里协调的事", "text", "报部务会研究")


def codes(refusals: tuple[rules.Refusal, ...] | list[rules.Refusal]) -> list[str]:
    return [one.code.removeprefix("briefings.monthly.") for one in refusals]


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("结对的单位数", "指标“结对的单位”（IND-3-01）"),
        ("本月结对的单位", "指标“结对的单位”（IND-3-01）"),
        ("第一书记走访户次数", "指标“第一书记走访户次”（IND-2-07-V）"),
        ("党员数", "名录"),
        ("全村户籍人口", "名录"),
        ("本月走访户数", "第一书记的工作日志"),
        ("外出务工人数", ""),
        ("村集体增收", ""),
    ],
)
def test_what_the_system_knows_is_known_under_near_names_too(name: str, where: str) -> None:
    assert rules.known_as(name, FIGURES) == where


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ((), ["no_items"]),
        ((OUTSIDE,) * 2, ["twice"]),
        ((Item("结对单位数", "number", "", "匹"),), ["known", "why_missing", "unit"]),
        ((Item(" ", "text", "看看"),), ["name_missing"]),
        ((OUTSIDE, ROAD, NOTE), []),
    ],
)
def test_each_question_is_refused_with_every_reason(
    items: tuple[Item, ...], said: list[str]
) -> None:
    assert codes(rules.refuse_items(items, FIGURES)) == said


def test_more_than_a_page_of_questions_is_refused() -> None:
    names = "甲乙丙丁戊己庚辛壬癸子丑寅"
    many = tuple(Item(f"{one}{one}{one}{one}", "text", "试") for one in names)

    assert codes(rules.refuse_items(many, {})) == ["many_items"]
    assert rules.refuse_items(many[: rules.ITEMS_MOST], {}) == ()


def test_a_village_counts_in_units_of_the_book() -> None:
    assert set(UNITS) <= KNOWN_UNITS


def test_an_item_keeps_its_code_as_long_as_it_measures_the_same() -> None:
    first = rules.coded((OUTSIDE, ROAD), (), stem="990100", used=0)
    renamed = Item("在外务工人数", "number", "同上", "人", "at_end", first[0].code)
    turned = Item(ROAD.name, "text", "写明哪一段不通", code=first[1].code)

    second = rules.coded((renamed, turned, NOTE), first, stem="990100", used=2)

    assert [one.code for one in first] == ["YB-990100-01", "YB-990100-02"]
    assert [one.code for one in second] == ["YB-990100-01", "YB-990100-03", "YB-990100-04"]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(number=0), []),
        (Answer(number=10**9 - 1), []),
        (Answer(number=10**9), ["number"]),
        (Answer(number=-1), ["number"]),
        (Answer(), []),
        (Answer(text="六十"), ["kind"]),
        (Answer(number=1, is_so=True), ["kind"]),
    ],
)
def test_what_is_written_may_stand_or_not(answer: Answer, said: list[str]) -> None:
    assert codes(rules.refuse_answer(OUTSIDE, answer)) == said


@pytest.mark.parametrize(("length", "said"), [(500, []), (501, ["text_long"])])
def test_words_have_an_end(length: int, said: list[str]) -> None:
    assert codes(rules.refuse_answer(NOTE, Answer(text="长" * length))) == said
    assert codes(rules.refuse_answer(ROAD, Answer(number=0))) == ["kind"]


def test_numbers_and_yes_or_no_are_needed_before_it_is_sent_and_words_are_not() -> None:
    items = rules.coded((OUTSIDE, ROAD, NOTE), (), stem="990100", used=0)
    outside, road, _ = (one.code for one in items)

    [missing] = rules.refuse_incomplete(items, {outside: Answer(number=0), road: Answer()})

    assert missing.text == "还没有填：通村路是否畅通；没有发生的填 0"
    given = {outside: Answer(number=0), road: Answer(is_so=False)}
    assert rules.refuse_incomplete(items, given) == ()


@pytest.mark.parametrize(
    ("today", "is_early"),
    [(date(2026, 2, 23), True), (date(2026, 2, 24), False), (date(2026, 3, 1), False)],
)
def test_a_month_is_told_from_its_last_five_days_on(today: date, is_early: bool) -> None:
    assert bool(rules.refuse_early(month=date(2026, 2, 1), today=today)) is is_early


@pytest.mark.parametrize(
    ("state", "role", "acts"),
    [
        ("draft", "village_secretary", ["submit", "drop"]),
        ("draft", "first_secretary", []),
        ("draft", "county_org_staff", ["excuse", "drop"]),
        ("submitted", "town_org", ["approve", "return"]),
        ("submitted", "county_org_staff", []),
        ("submitted", "village_secretary", ["take_back"]),
        ("approved", "village_secretary", []),
        ("approved", "county_org_staff", ["lock", "send_back"]),
        ("approved", "town_org", []),
        ("returned", "village_org", ["submit", "drop"]),
        ("locked", "village_secretary", ["correct"]),
        ("locked", "town_secretary", []),
        ("replaced", "county_org_admin", []),
        ("dropped", "village_secretary", []),
        ("excused", "county_org_staff", ["ask_again"]),
    ],
)
def test_each_state_offers_its_steps_to_whose_turn_it_is(
    state: str, role: str, acts: list[str]
) -> None:
    found = open_acts(rules.MONTHLY_FLOW, state=state, role=role)
    assert [one.act for one in found] == acts


@pytest.mark.parametrize(
    ("act", "version", "said"),
    [
        ("drop", 1, ["first"]),
        ("drop", 2, []),
        ("excuse", 1, []),
        ("excuse", 2, ["correcting"]),
        ("ask_again", 2, ["correcting"]),
        ("submit", 2, []),
    ],
)
def test_a_month_is_let_off_and_a_correction_is_dropped(
    act: str, version: int, said: list[str]
) -> None:
    assert codes(rules.refuse_version(act, version)) == said


@pytest.mark.parametrize(
    ("due_on", "today", "added", "said"),
    [
        (date(2026, 3, 9), date(2026, 3, 1), 0, []),
        (date(2026, 3, 5), date(2026, 3, 1), 2, []),
        (date(2026, 3, 5), date(2026, 3, 1), 0, ["same"]),
        (date(2026, 3, 5), date(2026, 3, 9), 2, []),
        (date(2026, 3, 8), date(2026, 3, 9), 0, ["due"]),
        (date(2026, 3, 9), date(2026, 3, 9), 0, []),
    ],
)
def test_another_day_is_today_or_later_and_something_changes(
    due_on: date, today: date, added: int, said: list[str]
) -> None:
    refused = rules.refuse_to_change(
        due_before=date(2026, 3, 5), due_on=due_on, month=date(2026, 2, 1), today=today,
        added=added,
    )  # fmt: skip
    assert codes(refused) == said


def test_the_town_reads_which_villages_are_late_and_never_too_many() -> None:
    few = rules.what_is_late("2026年2月", ["松树村", "溪口村"], 30)
    many = rules.what_is_late("2026年2月", ["罗家坝村民委员会"] * 40, 30)

    assert few.startswith("2026年2月村月报：松树村、溪口村 2 个村超过期限 30 天以上没有报")
    assert "等 40 个村" in many
    assert len(many) < 500


@pytest.mark.parametrize("act", sorted(rules.REASONED))
def test_a_step_that_undoes_work_says_why(act: str) -> None:
    assert codes(rules.refuse_reason(act, " ")) == ["reason_missing"]
    assert codes(rules.refuse_reason(act, "长" * 301)) == ["reason_long"]
    assert rules.refuse_reason(act, "数字与台账不符") == []


def test_a_month_is_opened_with_a_form_a_day_ahead_and_towns() -> None:
    def against(**said: object) -> list[str]:
        given = {
            "month": date(2026, 2, 1), "due_on": date(2026, 3, 5), "today": date(2026, 3, 1),
            "has_form": True, "is_open": False, "towns": 2, **said,
        }  # fmt: skip
        return codes(rules.refuse_to_open(**given))  # type: ignore[arg-type]  # as they are named

    assert against() == []
    assert against(has_form=False, towns=0) == ["no_form", "no_towns"]
    assert against(is_open=True) == ["is_open"]
    assert against(month=date(2026, 4, 1), due_on=date(2026, 3, 5)) == ["month_ahead", "due"]
    assert against(due_on=date(2026, 2, 28)) == ["due"]
    assert against(due_on=date(2026, 2, 23), today=date(2026, 2, 20)) == ["due"]
    assert against(due_on=date(2026, 2, 24), today=date(2026, 2, 20)) == []
    assert against(stale=["结对的单位（指标）"]) == ["known"]
