"""操作留痕 for programs: a collector of logs reads it; where each day ended is kept elsewhere."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import only, page_of
from lingyan.api.operations.own import JobOut, job_out
from lingyan.api.paging import ListQuery, PageOut
from lingyan.platform.audit import actions, checking, queries
from lingyan.platform.audit import views as pages
from lingyan.platform.audit.anchors import list_anchors
from lingyan.platform.audit.models import AuditEntry
from lingyan.platform.audit.words import shown

router = Router(tags=["操作留痕"])


class EntryOut(Schema):
    number: int
    acted_at: datetime
    actor: str
    role: str
    action: str = Field(description="事项的代码")
    action_text: str
    subject_type: str
    subject_id: str
    subject: str
    changes: str = Field(description="改前 → 改后")
    reason: str
    client_address: str
    is_reading: bool


class EntryQuery(ListQuery):
    sort: Literal["number", "-number"] = "-number"
    since: date | None = None
    until: date | None = Field(None, description="到这一天为止，含当天")
    action: str | None = Field(None, max_length=60)
    kind: Literal["acts", "readings"] | None = None
    after_number: int | None = Field(None, ge=0, le=2**63 - 1, description="只要序号更大的")


class AnchorOut(Schema):
    day: date
    day_count: int
    last_number: int
    last_hash: str


def entry_out(entry: AuditEntry) -> EntryOut:
    one = shown(entry)
    return EntryOut(
        number=one.number,
        acted_at=one.acted_at,
        actor=one.actor,
        role=one.role,
        action=entry.action,
        action_text=one.action,
        subject_type=entry.subject_type,
        subject_id=entry.subject_id,
        subject=one.subject,
        changes=one.changes_text,
        reason=one.reason,
        client_address=one.client_address,
        is_reading=entry.is_reading,
    )


@operation(
    router, "GET", "/history", roles=roles_of(pages.audit_list), summary="操作留痕",
    answer=PageOut[EntryOut],
)  # fmt: skip
def list_history(request: CalledRequest, query: Query[EntryQuery]) -> PageOut[EntryOut]:
    """To keep reading what is new: sort=number and after_number= the last one that was read."""
    given: dict[str, Any] = only(
        {"since": query.since, "until": query.until, "action": query.action, "kind": query.kind}
    )
    rows = queries.list_entries(queries.Wanted(**given))
    rows = rows.filter(**only({"number__gt": query.after_number}))
    if query.q:  # words are looked for in the newest only, as on the page
        rows = queries.within(rows, queries.looked_into(queries.Wanted(**given)))
    sorts, search = {"number": ("number",)}, ("actor_name", "subject_text")
    page = page_of(rows, query, entry_out, sort=query.sort, sorts=sorts, search=search)
    if page.items:
        numbers = [one.number for one in page.items]
        asked = f"接口读取第 {min(numbers)} 至 {max(numbers)} 条"
        actions.note_export(len(numbers), asked=asked, actor=request.actor)
    return page


@operation(
    router, "GET", "/history/anchors", roles=roles_of(pages.audit_anchors),
    summary="每日封存", answer=list[AnchorOut],
)  # fmt: skip
def list_history_anchors(request: CalledRequest) -> list[AnchorOut]:
    return [AnchorOut.from_orm(one) for one in list_anchors()[: pages.ANCHORS_SHOWN]]


@operation(
    router, "POST", "/history/check", roles=roles_of(pages.audit_verify), summary="核对全部留痕",
    answer=JobOut, status=202,
)  # fmt: skip
def check_history(request: CalledRequest) -> JobOut:
    return job_out(checking.start_check(request.actor))
