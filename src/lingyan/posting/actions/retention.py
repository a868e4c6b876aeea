"""What of postings is kept for a time only: wishes, what removed candidates declared, places?

Each county says for how many months (Appendix C). Nothing goes by itself: the page of what is past
its time lists it, one person proposes and another confirms (R-10-08, R-0-20).
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from lingyan.common import clock
from lingyan.directory.scoping import path_end
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Trace, record_many
from lingyan.platform.exchange.kept import KeptKind, Past
from lingyan.posting.models import PoolEntry, Posting, Round, RoundPerson, SignIn, Wish
from lingyan.posting.queries.standards import number_for
from lingyan.posting.rules.support_words import StandardKey
from lingyan.posting.rules.words import PoolState, RoundState

ENDED = (RoundState.ISSUED, RoundState.CANCELLED)
REASONS = ("returned_reason", "withdrawn_reason")
# What was declared for the choice of people; dates of recall and sanction end by themselves.
TEXTS = ("health", "discipline", "hardship", "refusal_reason", "remark")
LISTS = ("languages", "yearly_results", "relatives_named", "refused_villages", "business_villages")


def _end(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.BEIJING)


def _under(path: str, column: str) -> dict[str, str]:
    return {f"{column}__path__gte": path, f"{column}__path__lt": path_end(path)}


def _past_wishes(before: date, path: str) -> Past:
    """Of rounds that have ended and were opened so long ago: who wished, or was sent back."""
    said = Q(Exists(Wish.objects.filter(round_person=OuterRef("pk"))))
    for name in REASONS:
        said |= ~Q(**{name: ""})
    # The few rounds first: their people are found by them, not gone through.
    ended = Round.objects.filter(
        state__in=ENDED, created_at__lt=_end(before), **_under(path, "county")
    )
    rows = RoundPerson.objects.filter(said, round__in=ended.order_by().values("pk"))
    return [rows.select_related("round", "person").annotate(kept_since=F("round__created_at"))]


def _clear_wishes(past: Past, actor: Actor) -> None:
    people = _locked(past)
    _leave_traces("posting.wish.cleared", people, actor)
    keys = [one.pk for one in people]
    Wish.objects.filter(round_person_id__in=keys).delete()
    RoundPerson.objects.filter(pk__in=keys).update(**dict.fromkeys(REASONS, ""))


def _past_entries(before: date, path: str) -> Past:
    """People who left the pool so long ago, as far as anything declared is kept of them."""
    said = Q()
    for name in TEXTS:
        said |= ~Q(**{name: ""})
    for name in LISTS:
        said |= ~Q(**{name: []})
    rows = PoolEntry.objects.filter(
        said, state=PoolState.REMOVED, updated_at__lt=_end(before), **_under(path, "person__place")
    )
    return [rows.select_related("person").annotate(kept_since=F("updated_at"))]


def _clear_entries(past: Past, actor: Actor) -> None:
    entries = _locked(past)
    _leave_traces("posting.pool.cleared", entries, actor)
    nothing: dict[str, Any] = {**dict.fromkeys(TEXTS, ""), **{name: [] for name in LISTS}}
    PoolEntry.objects.filter(pk__in=[one.pk for one in entries]).update(**nothing)


def _past_places(before: date, path: str) -> Past:
    # The few days first, by their index; not every posting of the county.
    under = Posting.objects.filter(pk=OuterRef("posting"), **_under(path, "village"))
    rows = SignIn.objects.filter(Exists(under), latitude__isnull=False, happened_on__lt=before)
    return [rows.select_related("posting__person").annotate(kept_since=F("happened_on"))]


def _clear_places(past: Past, actor: Actor) -> None:
    """The day stays with what it says of the range."""
    days = _locked(past)
    _leave_traces("posting.sign_in.cleared", days, actor)
    SignIn.objects.filter(pk__in=[one.pk for one in days]).update(latitude=None, longitude=None)


def _locked(past: Past) -> list[Any]:
    [rows] = past
    found: QuerySet[Any] = rows.select_for_update(of=("self",)).order_by("pk")
    return list(found)


def _leave_traces(code: str, rows: list[Any], actor: Actor) -> None:
    """That it went, of each; what it said stands in no trace."""
    record_many([Trace(code, one, {}) for one in rows], actor=actor)


KINDS = (
    KeptKind(
        "wishes", "志愿和退回、退出的理由",
        "删除已发文或已取消批次的志愿和理由；谁参加过、选派结果、方案和操作留痕不变",
        lambda path: number_for(path, StandardKey.KEEP_WISHES), _past_wishes, _clear_wishes,
    ),
    KeptKind(
        "rejected", "出库人选申报的情况",
        "清空健康、纪律、困难、回避等申报内容；人员登记、出库原因、召回和处分的期限不变",
        lambda path: number_for(path, StandardKey.KEEP_REJECTED), _past_entries, _clear_entries,
    ),
    KeptKind(
        "sign_ins", "定位登记的位置",
        "只留哪天登记、是否在范围内，清空位置",
        lambda path: number_for(path, StandardKey.KEEP_SIGN_INS), _past_places, _clear_places,
    ),
)  # fmt: skip
