"""Does a bundle prove an issued briefing elsewhere, and is every change of it found out?"""

from __future__ import annotations

import json
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest

from lingyan.briefings.rules import bundle as rules
from lingyan.briefings.rules.bundle import (
    Bundle,
    BundledFigure,
    BundledNumber,
    UnreadableError,
    verify_bundle,
)
from lingyan.briefings.rules.text import parse
from lingyan.platform.indicators.definitions import Measure, Parts
from tests.briefings.bundles import PLANNED, bundle, figure, number, record


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return target.getvalue()


def resealed(made: Bundle) -> bytes:
    """By somebody who knows how the chain is made."""
    return rules.write_bundle(made)


def test_what_was_issued_is_proven() -> None:
    made = bundle()

    verdict = verify_bundle(rules.write_bundle(made))

    assert verdict.text is None
    assert (verdict.figures, verdict.records) == (4, 15)
    assert verdict.digest == rules.end_of_chain(made)


def test_equal_briefings_give_equal_bundles_that_name_nobody() -> None:
    content = rules.write_bundle(bundle())

    assert content == rules.write_bundle(bundle())
    assert not any("张三".encode() in one for one in parts_of(content).values())


@pytest.mark.parametrize("name", list(parts_of(rules.write_bundle(bundle()))))
def test_a_changed_byte_of_any_part_is_found(name: str) -> None:
    parts = parts_of(rules.write_bundle(bundle()))
    for place in range(0, len(parts[name]), max(len(parts[name]) // 40, 1)):
        changed = bytearray(parts[name])
        changed[place] ^= 1

        assert is_refused(packed(parts | {name: bytes(changed)})), f"{name} at {place}"


@pytest.mark.parametrize("name", list(parts_of(rules.write_bundle(bundle()))))
def test_a_part_that_is_missing_or_comes_twice_is_found(name: str) -> None:
    parts = parts_of(rules.write_bundle(bundle()))

    assert is_refused(packed({one: parts[one] for one in parts if one != name}))
    twice = BytesIO(packed(parts))
    with zipfile.ZipFile(twice, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr(name, parts[name])
    assert is_refused(twice.getvalue())


def is_refused(content: bytes) -> bool:
    try:
        return verify_bundle(content).text is not None
    except UnreadableError:
        return True


def test_a_part_too_many_is_found() -> None:
    parts = parts_of(rules.write_bundle(bundle()))

    assert is_refused(packed(parts | {"more.txt": b"more"}))
    assert is_refused(packed(dict(reversed(parts.items()))))


Change = Callable[[BundledFigure], BundledFigure]
FALSE: dict[str, tuple[int, Change, str]] = {
    "a record fewer": (0, lambda one: replace(one, records=one.records[:2]), "与所列记录相加不符"),
    "another value": (1, lambda one: replace(one, value="81.0"), "与算出的 80.0 不符"),
    "another unit": (3, lambda one: replace(one, unit="户"), "数值"),
    "another wording": (0, lambda one: replace(one, written="4人"), "的写法与数值 3 不符"),
    "the other way": (2, lambda one: replace(one, written="提高6.4岁"), "的写法与数值 -6.4 不符"),
    "other parts": (1, lambda one: replace(one, parts=("5", 5, "0", 0)), "与所列记录相加不符"),
    "a part that is none": (
        0,
        lambda one: replace(one, records=(replace(one.records[0], part="x"), *one.records[1:])),
        "的份额读不出来",
    ),
    "true, but not as the text has it": (
        1, lambda one: replace(one, written="超70%"), "在原稿里写作“超75%”"
    ),
    "true, but not as printed": (3, lambda one: replace(one, written="超3200万元"), "拼出的不符"),
}  # fmt: skip


@pytest.mark.parametrize("case", FALSE)
def test_a_figure_that_is_not_true_is_named_whoever_sealed_it(case: str) -> None:
    position, change, said = FALSE[case]
    made = bundle()
    figures = [change(one) if one.position == position else one for one in made.figures]

    verdict = verify_bundle(resealed(replace(made, figures=tuple(figures))))

    assert said in (verdict.text or "")
    if "拼出" not in said:
        assert f"第 {position + 1} 个数字" in (verdict.text or "")


def with_named(made: Bundle, position: int, *named: BundledNumber) -> Bundle:
    figures = tuple(
        replace(one, named=named) if one.position == position else one for one in made.figures
    )
    return replace(made, figures=figures)


OTHERWISE: dict[str, tuple[tuple[BundledNumber, ...], str]] = {
    "less than its part": (
        (number("X16", "IND-16", Measure.TOTAL, 30_000_000),), "却多于总数 30000000"
    ),
    "left out": ((), "第 4 个数字所附的对照数与原稿不符"),
    "another one": (
        (number("X17", "IND-16", Measure.TOTAL, 40_000_000),), "第 4 个数字所附的对照数与原稿不符"
    ),
    "told in another way elsewhere": (
        (number("X16", "IND-0", Measure.NUMBER, 40_000_000),), "IND-0 同一地方、同一期间有两个数"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHERWISE)
def test_a_relation_that_does_not_hold_is_found_whoever_sealed_it(case: str) -> None:
    named, said = OTHERWISE[case]

    assert said in (verify_bundle(resealed(with_named(bundle(), 3, *named))).text or "")


def test_a_small_group_tells_nothing_and_nothing_is_held_against_it() -> None:
    hidden = replace(PLANNED, parts=rules.as_told(Parts()), is_told=False)

    assert verify_bundle(resealed(with_named(bundle(), 3, hidden))).text is None


@pytest.mark.parametrize(
    ("source", "text", "said"),
    [
        ("共{X01}，其中{X05}。", "共3人，其中5人。", "5人 是其中的一部分，却多于总数 3"),
        ("共{X01|合计=X05}和{X05}。", "共3人和5人。", "3人 不等于 X05 的合计 5"),
        ("共{X01|占比=X05/X01}和{X05}。", "共3人和5人。", "3人 与 5 占 3 的比例"),
        ("共{X01}，其中{X05|不超过=X01}。", "共3人，其中5人。", "却多于总数 3"),
        ("{X05}里有{X01|不超过=X05}。", "5人里有3人。", ""),
    ],
)
def test_sums_shares_and_parts_are_held_against_each_other(
    source: str, text: str, said: str
) -> None:
    """By the rule with which the product checks, from the bundle alone."""
    counts = {"X01": 3, "X05": 5}
    numbers = {
        code: number(code, code, Measure.NUMBER, count, count) for code, count in counts.items()
    }
    figures = tuple(
        replace(
            figure(
                one.position, f"{counts[one.code]}人", Measure.NUMBER, "人",
                str(counts[one.code]), [record(str(key)) for key in range(counts[one.code])],
                *(numbers[code] for code in one.named),
            ),
            code=one.code,
        )
        for one in parse(source).figures
    )  # fmt: skip
    made = Bundle({"series": "组工简报"}, source, text, figures)

    found = verify_bundle(resealed(made)).text

    assert said in (found or "") if said else found is None


def test_the_first_wrong_figure_is_named() -> None:
    made = bundle()
    figures = tuple(replace(one, written="9件") for one in made.figures)

    verdict = verify_bundle(resealed(replace(made, figures=figures)))

    assert (verdict.text or "").startswith("第 1 个数字“9件”（IND-0 指标）")


@pytest.mark.parametrize("field", ["text", "source"])
def test_words_that_were_changed_are_found_whoever_sealed_them(field: str) -> None:
    made = bundle()
    changed = replace(made, **{field: getattr(made, field).replace("到位", "落实")})

    assert verify_bundle(resealed(changed)).text == "印出的正文与原稿和数字拼出的不符"


def test_a_number_more_in_the_text_is_found() -> None:
    made = bundle()
    changed = replace(made, source=made.source + "{X05}")

    assert verify_bundle(resealed(changed)).text == "原稿里的数字与所附的数字个数不符"


def test_a_number_typed_by_hand_is_found() -> None:
    made = bundle()
    changed = replace(made, source=made.source + "另有8件。", text=made.text + "另有8件。")

    assert "“8”是手写的数字" in (verify_bundle(resealed(changed)).text or "")


def test_a_bundle_made_anew_is_not_the_one_that_was_issued() -> None:
    made = bundle()
    other = replace(made, head={**made.head, "number": "第4期"})

    verdict = verify_bundle(resealed(other), expected=rules.end_of_chain(made))

    assert "与印发时的摘要不符" in (verdict.text or "")
    assert verify_bundle(resealed(made), expected=rules.end_of_chain(made)).text is None


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"no zip", rules.write_bundle(bundle())[:-40], packed({"a": b"b"})],
    ids=["empty", "beginning", "text", "cut", "another zip"],
)
def test_what_is_no_bundle_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableError):
        verify_bundle(content)


@pytest.mark.parametrize(
    ("path", "value"),
    [("position", "1"), ("measure", "guess"), ("value", "viel"), ("records", {}), ("version", 1.5),
     ("parts", []), ("more", 1), ("records", [{"digest": "x"}]), ("named", [{}]),
     ("named", [{"named": "X", "code": "X", "measure": "number", "parts": ["x", 1, "0", 0],
                 "is_told": True}])],
)  # fmt: skip
def test_a_figure_of_another_form_is_unreadable(path: str, value: object) -> None:
    parts = parts_of(rules.write_bundle(bundle()))
    name = "figures/001.json"
    told = json.loads(parts[name]) | {path: value}
    written = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    with pytest.raises(UnreadableError):
        verify_bundle(packed(parts | {name: written.encode()}))


def test_a_bundle_that_would_fill_the_machine_is_not_unpacked() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("text.txt", bytes(rules.LARGEST + 1))

    with pytest.raises(UnreadableError, match="太大"):
        verify_bundle(target.getvalue())


def test_a_part_that_lies_about_its_size_is_not_unpacked_either() -> None:
    size = 8 * 2**20
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("text.txt", bytes(size))
    content = target.getvalue().replace(size.to_bytes(4, "little"), b"\t\0\0\0")

    tracemalloc.start()
    with pytest.raises(UnreadableError):
        verify_bundle(content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < size // 8


def test_a_part_that_is_packed_in_another_way_is_unreadable() -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as file:
        file.writestr("text.txt", b"text")

    with pytest.raises(UnreadableError, match="压缩方式"):
        verify_bundle(target.getvalue())
