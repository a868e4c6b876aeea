"""The indicators of posting (2.12): which records, how they are counted, what a row shows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from lingyan.directory import search
from lingyan.directory.models import Place
from lingyan.platform.indicators.definitions import (
    Indicator,
    Measure,
    Parts,
    PeriodKind,
    Question,
    Record,
)
from lingyan.platform.indicators.sources import FromQuery, FromRecords
from lingyan.posting.facts_of_neighbours import villages_rectified
from lingyan.posting.models import CareerUse, HelpRequest, Honor, Posting
from lingyan.posting.queries import figures as queries
from lingyan.posting.queries.postings import search_q
from lingyan.posting.rules import MAIN_LEVEL
from lingyan.posting.rules import figures as readers
from lingyan.posting.rules.support_words import SupportItem

GROUP = "精准选派"
RULE = "2.12"
POSTING_HEADS = ("姓名", "村", "类别", "派出单位", "派驻日期")
POSTING_ORDER = ("village__path", "kind", "person__number")


def _place(one: Place) -> str:
    return f"{one.parent or ''}{one}"


def _in_full(unit: str) -> Callable[[Parts], str]:
    """People of whom a text tells each: 87人, not 80余人."""
    return lambda parts: f"{int(parts.part)}{unit}"


# --- who was posted -------------------------------------------------------------------------------


def _posting(one: Posting, counts: str = "", *more: str, part: int = 1, of: int = 1) -> Record:
    return Record(
        "posting.Posting", str(one.pk), one.village.path,
        (one.person.name, _place(one.village), one.get_kind_display(), str(one.unit or ""),
         one.since, *more),
        reverse("posting_detail", args=[one.pk]),
        part=part, of=of, counts=counts,
    )  # fmt: skip


KEYS: Mapping[str, Callable[[Posting], object]] = {
    "person": lambda one: one.person_id,
    "village": lambda one: one.village_id,
    "village__parent": lambda one: one.village.parent_id,
}


def _of_postings(
    records: Callable[[Question], QuerySet[Posting]], counted: str = "person"
) -> FromQuery:
    """Distinct people, villages or towns of postings."""
    key = KEYS[counted]

    def record(one: Posting) -> Record:
        return _posting(one, str(key(one)))

    return FromQuery(records, record, POSTING_ORDER, "village", counted=counted, search=search_q)


def _newly_sent(asked: Question) -> QuerySet[Posting]:
    return queries.newly_sent(asked.scope, asked.period, asked.on)


def _in_post(asked: Question) -> QuerySet[Posting]:
    return queries.of_party(queries.in_post_on(asked.scope, asked.on))


def _posted(asked: Question) -> QuerySet[Posting]:
    return queries.of_party(queries.begun_in(asked.scope, asked.period, asked.on))


def _sent(
    code: str, name: str, unit: str, counted: str, rows: tuple[str, ...] = ()
) -> tuple[Indicator, Indicator]:
    """T06 to T08 as the county reads them: who is in post on the day, or who was sent since."""
    once = {"人": "一人只算一次", "个": "一处只算一次"}[unit]
    said: dict[str, Any] = {
        "unit": unit, "measure": Measure.NUMBER, "heads": POSTING_HEADS, "group": GROUP,
        "rule": RULE, "readers": readers.READERS, "openers": readers.OPENERS, "is_good_high": True,
        "words": _in_full(unit),
    }  # fmt: skip
    return (
        Indicator(
            code=code, name=name, rows=rows, kind=PeriodKind.OF_DAY,
            basis=f"统计日在任的第一书记、工作队员和帮扶干部中的党员，{once}",
            source=_of_postings(_in_post, counted), **said,
        ),
        Indicator(
            code=f"{code}-POSTED", name=f"{name}（按派出计）", kind=PeriodKind.OF_PERIOD,
            basis=f"统计期内开始派驻的第一书记、工作队员和帮扶干部中的党员，{once}",
            source=_of_postings(_posted, counted), **said,
        ),
    )  # fmt: skip


def _recalled(asked: Question) -> QuerySet[Posting]:
    return queries.recalled(asked.scope, asked.period, asked.on)


def _recall(one: Posting) -> Record:
    return _posting(one, str(one.person_id), str(one.until))


def _in_post_of_any(asked: Question) -> QuerySet[Posting]:
    return queries.in_post_on(asked.scope, asked.on)


def _presence(one: Any) -> Record:
    return _posting(one, "", "在岗" if one.told_done else "请假或暂停履职")


NEWLY_SENT = Indicator(
    code="IND-2-01", rows=("X01",), name="新选派的第一书记", unit="人",
    basis="统计期内开始派驻的第一书记，来源是新选派或补派；调整、延期的不算，一人只算一次",
    kind=PeriodKind.OF_PERIOD, measure=Measure.NUMBER, source=_of_postings(_newly_sent),
    heads=POSTING_HEADS, group=GROUP, rule=RULE, readers=readers.READERS,
    openers=readers.OPENERS, words=_in_full("人"),
)  # fmt: skip
POSTINGS = (
    *_sent("IND-2-06", "选派到乡村振兴一线的党员干部", "人", "person", ("T06",)),
    *_sent("IND-2-07-T", "选派覆盖的乡镇", "个", "village__parent", ("T07",)),
    *_sent("IND-2-07-V", "选派覆盖的村", "个", "village", ("T08",)),
    Indicator(
        code="IND-2-08", name="驻村干部在岗率", unit="%",
        basis="统计日在任的驻村干部中，当天不在请假、暂停履职中的占比；公出算在岗",
        kind=PeriodKind.OF_DAY, measure=Measure.SHARE,
        source=FromQuery(
            _in_post_of_any, _presence, POSTING_ORDER, "village", search=search_q,
            done=lambda asked: queries.present_q(asked.on),
        ),
        heads=(*POSTING_HEADS, "当天"), group=GROUP, rule=RULE, readers=readers.READERS,
        openers=readers.OPENERS, is_good_high=True,
    ),
)  # fmt: skip
RECALLED = Indicator(
    code="IND-2-10", name="召回的驻村干部", unit="人",
    basis="统计期内决定召回、派驻因此结束的人，一人只算一次",
    kind=PeriodKind.OF_PERIOD, measure=Measure.NUMBER,
    source=FromQuery(
        _recalled, _recall, ("-until", *POSTING_ORDER), "village", counted="person",
        search=search_q,
    ),
    heads=(*POSTING_HEADS, "召回日期"), group=GROUP, rule=RULE, readers=readers.OPENERS,
    openers=readers.OPENERS, is_good_high=False, words=_in_full("人"),
)  # fmt: skip


# --- what they bring ------------------------------------------------------------------------------


Said = Callable[[Question, Collection[Posting]], Mapping[UUID, tuple[str, ...]]]


def _row(one: queries.Sent, *, part: int, of: int = 1) -> Record:
    """Without what a list shows: that is made for the rows of a page only."""
    return Record(
        "posting.Posting", str(one.pk), one.path, (), part=part, of=of, counts=str(one.person_id)
    )


def _dressed(more: Said) -> Callable[[Question, Sequence[Record]], Sequence[Record]]:
    """What a list shows of postings, and what it says of each beside."""

    def dressed(asked: Question, records: Sequence[Record]) -> Sequence[Record]:
        found = queries.named(one.key for one in records)
        said = more(asked, found.values())
        made = {key: _posting(one, "", *said[one.pk]) for key, one in found.items()}
        return [replace(one, cells=made[one.key].cells, url=made[one.key].url) for one in records]

    return dressed


def _experience(asked: Question) -> Sequence[Record]:
    rows = queries.sent(_newly_sent(asked).order_by("since", "village__path", "pk"))
    held = queries.experienced(rows)
    return [_row(one, part=bool(held[one.pk])) for one in rows]


def _experience_said(_: Question, rows: Collection[Posting]) -> dict[UUID, tuple[str, ...]]:
    held = queries.experienced(rows)
    return {pk: ("、".join(one.label for one in kinds) or "没有",) for pk, kinds in held.items()}


def _fit(asked: Question) -> Sequence[Record]:
    in_post = queries.in_post_on(asked.scope, asked.on)
    rows = queries.sent_as_asked(in_post.order_by(*POSTING_ORDER, "pk"))
    asked_for = [one for one in rows if one.mains]
    levels = queries.main_levels(asked_for)
    return [_row(one, part=levels[one.pk] >= MAIN_LEVEL) for one in asked_for]


def _fit_said(_: Question, rows: Collection[Posting]) -> dict[UUID, tuple[str, ...]]:
    asked_for = queries.sent_as_asked(queries.postings_with([one.pk for one in rows]))
    levels = queries.main_levels(asked_for)
    return {
        one.pk: ("、".join(main.label for main in one.mains), str(levels[one.pk]))
        for one in asked_for
    }


BROUGHT = (
    Indicator(
        code="IND-2-02", rows=("X02",), name="有涉农专业、项目管理或基层领导经历的占比", unit="%",
        basis="统计期内新选派的第一书记中，派驻前有已核实的涉农专业、项目管理或基层领导经历的占比",
        kind=PeriodKind.OF_PERIOD, measure=Measure.SHARE,
        source=FromRecords(_experience, _dressed(_experience_said)),
        heads=(*POSTING_HEADS, "派驻前的经历"), group=GROUP, rule="R-2-10",
        readers=readers.READERS, openers=readers.OPENERS, is_good_high=True,
    ),
    Indicator(
        code="IND-2-09", name="人岗匹配率", unit="%",
        basis=f"统计日在任、派驻时村类型要求主要能力的人中，当时这项能力达到 {MAIN_LEVEL} 级的占比",
        kind=PeriodKind.OF_DAY, measure=Measure.SHARE,
        source=FromRecords(_fit, _dressed(_fit_said)),
        heads=(*POSTING_HEADS, "村要求的能力", "等级"), group=GROUP, rule=RULE,
        readers=readers.READERS, openers=readers.OPENERS, is_good_high=True,
    ),
)  # fmt: skip


# --- what was done for them -----------------------------------------------------------------------


def _of_posting_q(text: str) -> Q:
    found = search.of_people_q(text, "posting__person")
    return found | search.of_villages_q(text, "posting__village")


def _solved(one: HelpRequest) -> Record:
    """A difficulty is a family's matter: what it was opens only for the county's office."""
    town = one.posting.village.parent
    return Record(
        "posting.HelpRequest", str(one.pk), one.posting.village.path,
        (one.closed_on or "", str(town or ""), one.get_owner_display(), one.raised_on),
        reverse("help_detail", args=[one.pk]),
    )  # fmt: skip


def _promoted(one: CareerUse) -> Record:
    return Record(
        "posting.CareerUse", str(one.pk), one.posting.village.path,
        (one.decided_on or "", one.posting.person.name, _place(one.posting.village),
         one.get_kind_display(), one.document_number),
        reverse("career_detail", args=[one.pk]),
        counts=str(one.posting.person_id),
    )  # fmt: skip


def _honoured(one: Honor) -> Record:
    return Record(
        "posting.Honor", str(one.pk), one.posting.village.path,
        (one.decided_on or "", one.posting.person.name, _place(one.posting.village),
         one.get_level_display(), one.title, one.document_number),
        reverse("honor_detail", args=[one.pk]),
        counts=str(one.posting.person_id),
    )  # fmt: skip


DONE_FOR_THEM = (
    Indicator(
        code="IND-2-03", rows=("X03",), name="解决第一书记实际困难", unit="件",
        basis="第一书记提出、本人在统计期内确认已解决的实际困难",
        kind=PeriodKind.OF_PERIOD, measure=Measure.NUMBER,
        source=FromQuery(
            lambda asked: queries.solved(asked.scope, asked.period, asked.on), _solved,
            ("-closed_on", "posting__village__path"), "posting__village",
        ),
        heads=("本人确认日期", "乡镇", "承办方", "提出日期"), group=GROUP, rule=RULE,
        readers=readers.HELP_READERS, openers=readers.HELP_OPENERS, is_good_high=True,
    ),
    Indicator(
        code="IND-2-04", rows=("X04",), name="提拔或进一步使用的第一书记", unit="人",
        basis="统计期内决定提拔或进一步使用的第一书记；晋升职级的不算，一人只算一次",
        kind=PeriodKind.OF_PERIOD, measure=Measure.NUMBER,
        source=FromQuery(
            lambda asked: queries.promoted(asked.scope, asked.period, asked.on), _promoted,
            ("-decided_on", "posting__village__path"), "posting__village",
            counted="posting__person", search=_of_posting_q,
        ),
        heads=("决定日期", "姓名", "村", "使用情况", "文号"), group=GROUP, rule=RULE,
        readers=readers.CAREER_READERS, openers=readers.CAREER_OPENERS, is_good_high=True,
        words=_in_full("人"),
    ),
    Indicator(
        code="IND-2-05", rows=("X05",), name="获省市级表彰的第一书记", unit="人",
        basis="统计期内获市级或省级表彰的第一书记，一人只算一次",
        kind=PeriodKind.OF_PERIOD, measure=Measure.NUMBER,
        source=FromQuery(
            lambda asked: queries.honoured(asked.scope, asked.period, asked.on), _honoured,
            ("-decided_on", "posting__village__path"), "posting__village",
            counted="posting__person", search=_of_posting_q,
        ),
        heads=("决定日期", "姓名", "村", "级别", "称号", "文号"), group=GROUP, rule=RULE,
        readers=readers.HONOR_READERS, openers=readers.HONOR_OPENERS, is_good_high=True,
        words=_in_full("人"),
    ),
)  # fmt: skip


# --- villages that are being rectified ------------------------------------------------------------


def _covered(asked: Question) -> Sequence[Record]:
    villages = queries.villages_of(villages_rectified(asked.scope, asked.on))
    held = queries.first_secretaries_on([one.pk for one in villages], asked.on)
    return [_village(one, held.get(one.pk)) for one in villages]


def _village(one: Place, held: Posting | None) -> Record:
    return Record(
        "directory.Place", str(one.pk), one.path,
        (_place(one), held.person.name if held else "没有", held.since if held else ""),
        reverse("place", args=[one.pk]),
        part=held is not None,
        people=(str(held.person_id),) if held else (),
    )  # fmt: skip


COVERED = Indicator(
    code="IND-2-11", name="软弱涣散村第一书记覆盖率", unit="%",
    basis="统计日在整顿中的村里，有在任第一书记的占比；应为 100%",
    kind=PeriodKind.OF_DAY, measure=Measure.SHARE, source=FromRecords(_covered),
    heads=("村", "第一书记", "派驻日期"), group=GROUP, rule=RULE, readers=readers.READERS,
    openers=readers.OPENERS, is_good_high=True,
)  # fmt: skip


# --- support --------------------------------------------------------------------------------------


def _given(items: Sequence[SupportItem]) -> FromRecords:
    """Of these, what each person in post in the year was given and what is missing."""
    names = [queries.has(item) for item in items]

    def records(asked: Question) -> Sequence[Record]:
        rows = queries.in_post_in_year(asked.scope, asked.on)
        told = queries.with_given(rows, items, asked.on).select_related(None)
        return [
            Record("posting.Posting", str(key), path, (), part=sum(given), of=len(items),
                   counts=str(person))
            for key, person, path, *given in told.values_list(
                "pk", "person_id", "village__path", *names
            )
        ]  # fmt: skip

    def missing(asked: Question, rows: Collection[Posting]) -> dict[UUID, tuple[str, ...]]:
        chosen = queries.postings_with([one.pk for one in rows])
        told = queries.with_given(chosen, items, asked.on).values_list("pk", *names)
        return {
            key: ("、".join(
                item.label for item, has in zip(items, given, strict=True) if not has
            ) or "没有",)
            for key, *given in told
        }  # fmt: skip

    return FromRecords(records, _dressed(missing))


COUNTED = {
    SupportItem.WORK_FUND: ("FUND", "当年下达了工作经费"),
    SupportItem.LIVING: ("LIVING", "当年发过生活补助"),
    SupportItem.TRANSPORT_COMM: ("TRANSPORT", "当年发过交通通讯补贴"),
    SupportItem.HEALTH_EXAM: ("EXAM", "当年做了健康体检"),
    SupportItem.ACCIDENT_INS: ("INSURANCE", "当年在任的每一天都有意外伤害保险"),
}


def _support(
    code: str, name: str, basis: str, items: Sequence[SupportItem], rows: tuple[str, ...] = ()
) -> Indicator:
    return Indicator(
        code=code, rows=rows, name=name, unit="%", basis=f"{basis}；应为 100%",
        kind=PeriodKind.OF_YEAR, measure=Measure.SHARE, source=_given(items),
        heads=(*POSTING_HEADS, "还缺"), group=GROUP, rule=RULE,
        readers=readers.SUPPORT_READERS, openers=readers.SUPPORT_OPENERS, is_good_high=True,
    )  # fmt: skip


SUPPORTED = (
    _support(
        "IND-2-12", "五项保障落实率",
        "统计日所在年度在任过的人，五项保障到统计日落实了几项，除以应落实的项数",
        tuple(COUNTED), ("X29",),
    ),
    *(
        _support(
            f"IND-2-12-{code}", f"{item.label}落实率",
            f"统计日所在年度在任过的人中，到统计日{said}的占比", (item,),
        )
        for item, (code, said) in COUNTED.items()
    ),
)  # fmt: skip

INDICATORS: tuple[Indicator, ...] = (
    NEWLY_SENT, BROUGHT[0], *DONE_FOR_THEM, *POSTINGS, BROUGHT[1], RECALLED, COVERED, *SUPPORTED,
)  # fmt: skip
