"""Which entries of the history contradict each other? What the seal itself says is checked apart.

`lingyan audit verify` computes the whole chain anew; these look for what needs no computing.
"""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from lingyan.platform.accounts.actor import Scope
from lingyan.platform.audit.models import AuditEntry, ChainHead, DailyAnchor
from lingyan.platform.audit.texts import action_text
from lingyan.platform.checks.table import INSTALLATION, Check, Severity

CLOCKS_APART = timedelta(days=1)
REPORT = "停用系统，保全数据库，报告网信部门。"


def _entries(_: Scope) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.all()


def _gap(scope: Scope) -> QuerySet[AuditEntry]:
    """Entries after the first one whose predecessor is not there."""
    before = AuditEntry.objects.filter(number=OuterRef("number") - 1)
    first = AuditEntry.objects.order_by("number").values("number")[:1]
    return _entries(scope).filter(~Exists(before), number__gt=Subquery(first))


def _torn(scope: Scope) -> QuerySet[AuditEntry]:
    before = AuditEntry.objects.filter(number=OuterRef("number") - 1)
    return (
        _entries(scope)
        .annotate(sealed_before=Subquery(before.values("entry_hash")[:1]))
        .filter(sealed_before__isnull=False)
        .exclude(previous_hash=F("sealed_before"))
    )


def _head_apart(_: Scope) -> QuerySet[ChainHead]:
    last = AuditEntry.objects.order_by("-number").values("number")[:1]
    return ChainHead.objects.annotate(found=Subquery(last)).exclude(last_number=F("found"))


def _anchor_ahead(_: Scope) -> QuerySet[DailyAnchor]:
    there = AuditEntry.objects.filter(number=OuterRef("last_number"))
    return DailyAnchor.objects.filter(~Exists(there))


def _of_unknown_account(scope: Scope) -> QuerySet[AuditEntry]:
    known = get_user_model().objects.filter(pk=OuterRef("actor_user_id"))
    return _entries(scope).filter(~Exists(known), actor_user_id__isnull=False)


def _name(entry: AuditEntry) -> str:
    return f"第 {entry.number} 条 {action_text(entry.action)} {entry.subject_text}"


CHECKS = (
    Check(
        "audit.gap", Severity.MUST, "留痕的序号不连续",
        "中间的留痕被删去了。", REPORT, _gap, name=_name, roles=INSTALLATION,
    ),
    Check(
        "audit.torn", Severity.MUST, "留痕与上一条的摘要接不上",
        "这一条或上一条被改动过。", REPORT, _torn, name=_name, roles=INSTALLATION,
    ),
    Check(
        "audit.head_apart", Severity.MUST, "留痕链头与最后一条不符",
        "末尾的留痕被删去，或有人绕过系统写入。", REPORT, _head_apart, roles=INSTALLATION,
    ),
    Check(
        "audit.anchor_ahead", Severity.MUST, "每日封存指向的留痕不存在",
        "封存那天的留痕被删去了。", REPORT, _anchor_ahead,
        name=lambda one: f"{one.day} 封存到第 {one.last_number} 条", roles=INSTALLATION,
    ),
    Check(
        "audit.acted_later", Severity.LOOK, "办理时间晚于写入时间一天以上",
        "服务器的时钟走错过，期限会算错。", "核对服务器时钟，说明原因存档。",
        lambda scope: _entries(scope).filter(acted_at__gt=F("written_at") + CLOCKS_APART),
        name=_name, roles=INSTALLATION,
    ),
    Check(
        "audit.of_nobody", Severity.MUST, "留痕没有办理人姓名",
        "追责时不知道是谁。", REPORT,
        lambda scope: _entries(scope).filter(actor_name=""), name=_name, roles=INSTALLATION,
    ),
    Check(
        "audit.of_unknown_account", Severity.MUST, "留痕的账号不存在",
        "账号只能停用，不能删去；有人直接改过数据库。", REPORT, _of_unknown_account,
        name=_name, roles=INSTALLATION,
    ),
)  # fmt: skip
