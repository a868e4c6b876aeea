"""When may villages be renamed, joined, parted or moved, and when may that be taken back?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lingyan.common.refusals import Refusal
from lingyan.directory.rules import PlaceChangeKind, PlaceLevel, is_village_code

Kind = PlaceChangeKind
OF_VILLAGES = frozenset({Kind.MERGE, Kind.SPLIT, Kind.MOVE})


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A place that is to be changed, as the register knows it."""

    label: str
    level: str
    since: date | None = None
    ended_on: date | None = None
    last_changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ResultFacts:
    """A place that comes out of the change; `keeps` is the label of the one that goes on."""

    name: str = ""
    code: str = ""
    edition: str = ""
    keeps: str = ""
    code_taken: bool = False
    name_taken: bool = False


@dataclass(frozen=True, slots=True)
class PlaceChangeClaim:
    kind: str
    effective_on: date
    today: date
    document_number: str
    sources: tuple[SourceFacts, ...]
    results: tuple[ResultFacts, ...]
    town_given: bool = False
    town_is_other: bool = False


def refuse_place_change(claim: PlaceChangeClaim) -> tuple[Refusal, ...]:
    """Say every reason why the change may not be entered.

    依据：R-1-01（代码有有效期，撤并的村保留原代码并写明承继的村）。
    """
    return (
        *_refuse_paper(claim),
        *_refuse_sources(claim),
        *_refuse_shape(claim),
        *(reason for result in claim.results for reason in _refuse_result(claim, result)),
    )


def _refuse_paper(claim: PlaceChangeClaim) -> list[Refusal]:
    refusals = []
    if not claim.document_number.strip():
        refusals.append(Refusal("directory.change_no_document", "请填写批复文号"))
    if claim.effective_on > claim.today:
        refusals.append(
            Refusal("directory.change_in_future", "生效日期不能晚于今天，请在生效当日或以后登记")
        )
    return refusals


def _refuse_sources(claim: PlaceChangeClaim) -> list[Refusal]:
    refusals = []
    for one in claim.sources:
        if one.ended_on is not None:
            refusals.append(Refusal("directory.change_ended", f"{one.label}已经撤销"))
        if claim.kind in OF_VILLAGES and one.level != PlaceLevel.VILLAGE:
            refusals.append(Refusal("directory.change_not_a_village", f"{one.label}不是村（社区）"))
        last = max(filter(None, (one.since, one.last_changed_on)), default=None)
        if last is not None and claim.effective_on < last:
            refusals.append(
                Refusal(
                    "directory.change_before_last",
                    f"{one.label}在 {last} 已有变更，生效日期不能更早",
                )
            )
    return refusals


def _refuse_shape(claim: PlaceChangeClaim) -> list[Refusal]:
    """How many places go in and come out."""
    several, results = len(claim.sources) > 1, claim.results
    if claim.kind == Kind.MERGE:
        fits = several and len(results) == 1
        return (
            [] if fits else [Refusal("directory.merge_shape", "合并：请选两个以上的村，合成一个村")]
        )
    if several:
        return [Refusal("directory.change_one_place", "这项变更一次只办一个区划")]
    if claim.kind == Kind.SPLIT and len(results) < 2:
        return [Refusal("directory.split_shape", "拆分：请写明拆成的两个以上的村")]
    if claim.kind == Kind.MOVE and not (claim.town_given and claim.town_is_other):
        return [Refusal("directory.move_town", "划转：请选另一个乡镇")]
    if claim.kind == Kind.RECODE and not (results and results[0].code):
        return [Refusal("directory.recode_code", "换代码：请填写新的区划代码")]
    return []


def _refuse_result(claim: PlaceChangeClaim, result: ResultFacts) -> list[Refusal]:
    refusals = []
    named = result.name or "新村"
    if not result.name.strip():
        refusals.append(Refusal("directory.name_missing", "请填写名称"))
    if result.name_taken:
        refusals.append(Refusal("directory.change_name_taken", f"同一乡镇已有{named}，请核对名称"))
    village = claim.kind in OF_VILLAGES or claim.sources[0].level == PlaceLevel.VILLAGE
    if result.code and village and not is_village_code(result.code):
        refusals.append(
            Refusal("directory.village_code", "村的区划代码应为 12 位数字，后三位不为 000")
        )
    if result.code and not result.edition:
        refusals.append(Refusal("directory.code_edition", f"{named}：填了代码，请同时填代码版本"))
    if result.code_taken:
        refusals.append(Refusal("directory.code_taken", "同一版本中区划代码不能重复"))
    return refusals


def refuse_to_undo_change(
    *, undone: bool, later: Sequence[str], used: Sequence[str], altered: Sequence[str]
) -> tuple[Refusal, ...]:
    """A change is taken back only while nothing depends on it."""
    if undone:
        return (Refusal("directory.change_undone", "这项变更已经撤销"),)
    refusals = [
        Refusal("directory.change_later", f"之后又办了“{text}”，请先撤销那一项") for text in later
    ]
    refusals += [Refusal("directory.change_used", f"已有记录用到新的区划：{text}") for text in used]
    refusals += [
        Refusal("directory.change_altered", f"{label}在变更之后又被修改") for label in altered
    ]
    return tuple(refusals)


def text_of_change(kind: str, sources: Sequence[str], results: Sequence[str], town: str) -> str:
    """One line for lists: 松树村、溪口村 合并为 青溪村."""
    before, after = "、".join(sources), "、".join(results)
    return {
        Kind.RENAME: f"{before} 更名为 {after}",
        Kind.RECODE: f"{before} 换代码",
        Kind.MERGE: f"{before} 合并为 {after}",
        Kind.SPLIT: f"{before} 拆分为 {after}",
        Kind.MOVE: f"{before} 划转到 {town}",
    }[Kind(kind)]
