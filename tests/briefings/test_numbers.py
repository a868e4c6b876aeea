"""Which digits typed by hand are known as no figures, and which block a text?"""

from __future__ import annotations

import pytest

from lingyan.briefings.rules.numbers import typed_numbers, unbound, unbound_above
from lingyan.briefings.rules.supplied import supplied_templates
from lingyan.briefings.rules.text import Spot, Words, parse

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    "text",
    [
        "2020年收入", "2025—2026年", "2026年1月23日", "截至1月底", "3月5日", "2026-01-23",
        "9:30集合", "上午9:30", "3月5日 9:30-11:00", "下午2\uff1a30至4\uff1a00",
        "中组发〔2023〕14号", "第12期", "第20届", "GB/T 9704-2012", "五项举措", "千家万户",
        "百年变局",
        "三会一课", "一线", "四议两公开一监督", "“十四五”规划", "二十届三中全会", "第二十个村",
        "十个全覆盖", "{X01|单位=余家}",
    ],
)  # fmt: skip
def test_years_dates_document_numbers_and_ordinals_are_no_figures(text: str) -> None:
    assert not unbound(parse(text))


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("选派87名", ["87"]),
        ("超75%", ["75%"]),
        ("近1.08万件", ["1.08"]),
        ("2.1万件次", ["2.1"]),
        ("3,200万元", ["3,200"]),
        ("\uff15\uff16\uff10余场", ["\uff15\uff16\uff10"]),
        ("13月45日", ["13", "45"]),
        ("3个月", ["3"]),
        ("1999人，2000人", ["1999", "2000"]),
        ("三百余人", ["三百余"]),
        ("两千多名", ["两千多"]),
        ("百余件", ["百余"]),
        ("八十七名", ["八十七"]),
        ("二十多个村", ["二十多"]),
        ("十余场", ["十余"]),
        ("占百分之三十五", ["百分之三十五"]),
        ("\u0668\u0667名", ["\u0668\u0667"]),
        ("2020年新增5个", ["5"]),
    ],
)
def test_any_other_number_is_marked(text: str, typed: list[str]) -> None:
    assert [one.text for one in typed_numbers(Words(text, Spot(1, 1)))] == typed


def test_a_typed_number_says_where_it_stands_and_a_declared_one_passes() -> None:
    (mistake,) = unbound(parse("一行\n{X01}名，12名，{文字=5|理由=文件原文}项"))

    assert (mistake.spot, mistake.refusal.code) == (Spot(2, 8), "briefings.text.unbound")
    assert "12" in mistake.refusal.text


def test_numbers_of_headings_are_no_figures() -> None:
    assert not unbound(parse("一、甲\n1. 乙\n（1）丙"))


def test_what_is_printed_behind_a_number_is_typed_as_well() -> None:
    (mistake,) = unbound(parse("共{X01|单位=名和临时的200人}"))

    assert (mistake.spot.line, mistake.refusal.code) == (1, "briefings.text.unbound")


@pytest.mark.parametrize(
    ("title", "typed"),
    [
        ("新选派87名第一书记", []),
        ("2026年新选派87名第一书记，超75%有经历", []),
        ("新选派187名第一书记", ["187"]),
        ("新选派87名第一书记，75%有经历", ["75%"]),
        ("新选派88名第一书记", ["88"]),
        ("以三项行动促振兴", []),
    ],
)
def test_the_title_says_no_number_that_the_text_does_not_say(title: str, typed: list[str]) -> None:
    found = list(unbound_above("标题", title, ("87名", "超75%", "")))

    assert [one.refusal.text.partition("“")[2].partition("”")[0] for one in found] == typed
    assert {str(one.spot) for one in found} <= {"正文之外"}


IN_WORDS = (
    "1:20", "1\uff1a20", "10\u223615", "1比20", "1/3", "一比二十",
    "三成", "两成多", "七成半", "近八成党员", "九成以上",
    "过半", "超半数", "半数", "半数以上", "将近半数", "近半", "一半", "一大半", "大半", "减半",
    "一倍", "两倍", "三倍多", "五十倍", "翻番", "翻一番", "翻了两番", "翻倍",
    "三分之二", "四分之三", "十分之一", "百分之三十", "百分之二点五", "万分之五", "百分百",
    "两个百分点", "三名", "两名", "五人次", "近百名", "上千人", "数十个", "几百户", "超百万元",
    "千名", "五十岁", "三十余项", "三十余次", "叁佰万元", "二十万名",
)  # fmt: skip


@pytest.mark.parametrize("said", IN_WORDS)
def test_a_number_in_words_blocks_wherever_it_stands_and_passes_declared(said: str) -> None:
    """In the middle and at the end of a sentence of each text that comes with the product."""
    declared = f"{{文字={said}|理由=文件原文}}"
    for template in supplied_templates():
        for between in ("，达到{}，", "，党员{}参加，", "，较上年{}。"):
            text = template.text.replace("，", between.format(said), 1)
            wrong = unbound(parse(text))

            assert [one.refusal.code for one in wrong] == ["briefings.text.unbound"], text[:80]
            assert wrong[0].refusal.text[1] in said
            assert not unbound(parse(template.text.replace("，", between.format(declared), 1)))


ORDINARY = (
    "一起", "一方面", "第一书记", "三会一课", "四议两公开", "一肩挑", "十五五", "“十五五”规划",
    "最后一公里", "一股绳", "两张皮", "千家万户", "一线", "逐一", "进一步", "一是", "一批",
    "三项行动", "四级联动", "五个一", "四个一", "四类人员", "三化四明", "一村一策", "两委",
    "半年", "上半年", "每半年", "近半年", "过半年", "大半年", "半个月", "近半个月", "半小时",
    "半导体", "大半生", "事半功倍", "成倍", "倍增", "加倍努力", "信心百倍", "百倍努力", "翻身",
    "一成不变", "统一成立", "统一成册", "成立", "三成员单位", "第一成员", "分之", "十分重要",
    "第二十三次会议", "第三名", "前三名", "第二十个村", "两名额", "两名单", "三名师", "名单",
    "千方百计", "百尺竿头", "千篇一律", "万众一心", "百花齐放", "十里八乡", "三下乡", "两不愁",
    "二十大", "二十届三中全会", "十九大", "百年", "百姓", "一次性", "一致", "两手抓", "三农",
    "每村一名", "十二项制度", "二十条措施", "队伍", "大陆",
    "五级书记", "一把手", "一盘棋", "双向", "数字化", "几个", "上万众", "年过半百", "减半征收",
    "一比高低", "对比", "占比", "比例", "过程", "超前", "近期", "上级", "数量", "约谈", "破解",
)  # fmt: skip


@pytest.mark.parametrize("said", ORDINARY)
def test_ordinary_words_are_no_numbers_wherever_they_stand(said: str) -> None:
    for template in supplied_templates():
        for between in ("，{}，", "，党员{}参加，", "，推进{}工作。"):
            assert not unbound(parse(template.text.replace("，", between.format(said), 1)))
