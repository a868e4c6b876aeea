"""How places and people are named: as in the county, not as in the list of codes."""

from __future__ import annotations

import pytest

from lingyan.directory.rules import (
    NameBook,
    Named,
    TownBook,
    is_village_code,
    plain_name,
    same_within,
    short_town_name,
    short_village_name,
)


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("塘口村委会", "塘口村"),
        ("秧田村民委员会", "秧田村"),
        ("仙桥社区居民委员会", "仙桥社区"),
        ("明月社区村民委员会", "明月社区"),
        ("柑子社区坝村民委员会", "柑子社区坝村"),
        ("罗盘 村", "罗盘村"),
        ("罗盘村", "罗盘村"),
        ("村委会", "村委会"),
    ],
)
def test_villages_are_called_as_people_call_them(written: str, short: str) -> None:
    assert short_village_name(written) == short


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("龙泉土家族乡", "龙泉"),
        ("龙泉乡", "龙泉"),
        ("白马镇", "白马"),
        ("东乡街道", "东乡"),
        ("镇", "镇"),
    ],
)
def test_towns_have_a_short_name(written: str, short: str) -> None:
    assert short_town_name(written) == short


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("龙泉土家族乡", "龙泉乡", True),
        ("龙泉土家族乡", "龙泉", True),
        ("三墩镇", "三墩乡", False),
        ("三墩镇", "三墩", True),
        ("白马镇", "三墩镇", False),
        ("白马镇", None, False),
    ],
)
def test_one_town_or_two(one: str, other: str | None, same: bool) -> None:
    assert same_within(one, other) is same
    assert same_within(other, one) is same


def test_a_town_keeps_its_fullest_name_whatever_the_order() -> None:
    names = ["龙泉", "龙泉土家族乡", "白马镇", "龙泉乡"]

    for order in (names, names[::-1]):
        book = TownBook(order)
        assert sorted(book.names) == ["白马镇", "龙泉土家族乡"]
        assert book.name_of("龙泉乡") == "龙泉土家族乡"
        assert book.name_of("别处镇") == "别处镇"
        assert book.name_of(None) is None
        assert book.find("别处镇") is None


@pytest.mark.parametrize(
    ("code", "village"),
    [
        ("511722223208", True),
        ("511722223000", False),
        ("511722000000", False),
        ("51172222320", False),
        ("51172222320x", False),
        ("511722223208".translate({ord("0"): "\uff10"}), False),
    ],
)
def test_a_village_code_has_twelve_digits_and_a_village_part(code: str, village: bool) -> None:
    """R-1-01."""
    assert is_village_code(code) is village


@pytest.fixture
def villages() -> NameBook:
    return NameBook(
        (
            Named("1", "和平村", "和平村（龙泉土家族乡）", "龙泉土家族乡"),
            Named("2", "和平村村民委员会", "和平村（白马镇）", "白马镇"),
            Named("3", "罗盘村", "罗盘村", None, "511722223208"),
        ),
        short=short_village_name,
    )


@pytest.mark.parametrize(
    ("text", "within", "ids"),
    [
        ("罗盘村", None, ["3"]),
        ("罗盘村委会", None, ["3"]),
        ("511722223208", None, ["3"]),
        ("和平村", None, ["1", "2"]),
        ("和平村", "白马", ["2"]),
        ("龙泉乡和平村", None, ["1"]),
        ("龙泉·和平村", None, ["1"]),
        ("和平村（白马镇）", None, ["2"]),
        ("和平村(白马)", None, ["2"]),
        ("和平村委会（白马）", None, ["2"]),
        ("和平村(别处镇)", None, []),
        ("天上村", None, []),
    ],
)
def test_a_written_name_finds_one_several_or_none(
    villages: NameBook, text: str, within: str | None, ids: list[str]
) -> None:
    assert [thing.id for thing in villages.find(text, within)] == ids


def test_the_nearest_names_are_offered(villages: NameBook) -> None:
    assert villages.nearest("罗磐村") == ("罗盘村",)
    assert villages.nearest("完全不同") == ()


def test_brackets_and_separators_make_no_difference() -> None:
    assert plain_name("李 甲·一（财政局）") == "李甲一(财政局)"
