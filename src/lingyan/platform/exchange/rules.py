"""When may a checked file be applied, and when may an import be taken back?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from lingyan.common import gates
from lingyan.common.choices import Choice
from lingyan.common.gates import Fact
from lingyan.common.refusals import Refusal
from lingyan.common.workbook.reading import MAX_CELLS

ROUND, HEADINGS = 1_000, 2
ROWS_MAX = 100_000  # new or changed rows of one file
WHOLE_ROWS = 10_000  # written in one short transaction; a larger file in several
PART_ROWS = 5_000  # of a larger file in one transaction: its records slow one another down
CHUNK_ROWS = 1_000
LISTED_MAX = 5
SYSTEM, APPROVER = "system", "county_org_admin"


PURPOSE_SHORTEST, PURPOSE_LONGEST = 4, 100


def refuse_to_export(*, role: str, purpose: str) -> tuple[Refusal, ...]:
    """Whoever takes personal data out says what for. 依据：R-10-14（导出须写明用途）。"""
    if role == SYSTEM or len(purpose.strip()) >= PURPOSE_SHORTEST:
        return ()
    return (Refusal("exchange.export.purpose", "请写明导出的用途，至少四个字"),)


def refuse_many_rows(
    *, role: str, rows: int, most: int, approvers: Collection[str], approved: int = 0
) -> tuple[Refusal, ...]:
    """A large part of the register leaves only by the hand of who would have to approve it.

    依据：R-10-14（超过 500 行由县委组织部管理员批准，行数可设）。管理员不能导出的表不限。
    """
    beyond = rows > most and role not in {SYSTEM, APPROVER} and APPROVER in approvers
    said = {Fact.BEYOND_VIEW: f"共 {rows} 行，超过 {most} 行的导出须经县委组织部管理员批准"}
    consent = ("G-29",) if rows <= approved else ()
    return gates.refusals(
        "platform.export.take", {Fact.BEYOND_VIEW: beyond}, let_through=consent, said=said
    )


class RequestState(Choice):
    """Of a request to take many rows out."""

    ASKED = "asked", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "不同意"


def refuse_to_ask(
    *, role: str, rows: int, most: int, approvers: Collection[str]
) -> tuple[Refusal, ...]:
    """Only what may not leave without a consent is asked for. 依据：R-10-14。"""
    if refuse_many_rows(role=role, rows=rows, most=most, approvers=approvers):
        return ()
    return (Refusal("exchange.request.needless", f"共 {rows} 行，不用申请，可以直接导出"),)


def refuse_to_decide(*, state: str, own: bool, reason: str | None = None) -> tuple[Refusal, ...]:
    """Another person consents, once; who does not consent says why.

    依据：R-10-14（批准），R-0-20（申请和批准不能是同一个人）。
    """
    refusals = []
    if state != RequestState.ASKED:
        refusals.append(Refusal("exchange.request.decided", "这份申请已经办理"))
    if own:
        refusals.append(Refusal("exchange.request.own", "自己提出的申请，由另一位管理员审批"))
    if reason is not None and len(reason.strip()) < PURPOSE_SHORTEST:
        refusals.append(Refusal("exchange.request.reason", "请写明不同意的理由，至少四个字"))
    return tuple(refusals)


def refuse_to_take(*, state: str, today: date, until: date | None) -> tuple[Refusal, ...]:
    """An approval runs out; the file is made when it is taken, and stays on no disk.

    依据：R-10-14（批准），等保“剩余信息保护”（导出到期作废）。
    """
    if state != RequestState.APPROVED:
        return (Refusal("exchange.request.not_approved", "这份申请没有获得批准，不能下载"),)
    if until is None or today > until:
        return (Refusal("exchange.request.expired", "批准的期限已过，请重新申请"),)
    return ()


class Kept(Choice):
    """What the exchange keeps for a time, and what happens to it then (R-10-08)."""

    IMPORTS = "imports", "导入的原表和撤销用的旧内容"
    EXPORTS = "exports", "导出的登记和导出申请"


CLEARERS = (APPROVER, "county_org_leader")
CLEARED_HOW = {
    Kept.IMPORTS: "删除上传的文件、预览和撤销用的旧内容；导入的登记、各条记录和操作留痕不变，"
    "但这些导入不能再撤销，原表不能再下载",
    Kept.EXPORTS: "删除导出登记和导出申请；操作留痕不变",
}


def refuse_to_clear(*, role: str, own: bool | None, count: int) -> tuple[Refusal, ...]:
    """One proposes, another confirms. 依据：R-10-08（到期清理，两人确认），R-0-20。"""
    refusals = []
    if role not in CLEARERS:
        text = "到期清理由县委组织部管理员提出，由另一位管理员或部领导确认"
        refusals.append(Refusal("exchange.clearing.wrong_role", text))
    if own:
        refusals.append(Refusal("exchange.clearing.own", "自己提出的清理，由另一个人确认"))
    if not count:
        refusals.append(Refusal("exchange.clearing.nothing", "没有超过保存期限的内容"))
    return tuple(refusals)


class Verdict(Choice):
    """What a row of the file would do to the records."""

    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    SAME = "same", "相同"
    WRONG = "wrong", "有误"


class ImportState(Choice):
    UPLOADED = "uploaded", "已上传"
    CHECKED = "checked", "待确认"
    REFUSED = "refused", "有误未导入"
    APPLYING = "applying", "导入中"
    APPLIED = "applied", "已导入"
    UNDOING = "undoing", "撤销中"
    UNDONE = "undone", "已撤销"
    FAILED = "failed", "未完成"
    CLEARED = "cleared", "已清理"


# A file that is not in the records at present may be looked at again, as often as one likes.
CHECKABLE = frozenset(
    {
        ImportState.UPLOADED,
        ImportState.CHECKED,
        ImportState.REFUSED,
        ImportState.UNDONE,
        ImportState.FAILED,
    }
)
# What rests: nobody is working on it, and its file is only kept.
AT_REST = CHECKABLE | {ImportState.APPLIED}
UNDER_WAY = frozenset({ImportState.APPLYING, ImportState.UNDOING})

AUDIT_TEXTS = {
    "exchange.import.uploaded": "上传表格",
    "exchange.import.checked": "检查表格",
    "exchange.import.cells_chosen": "选定两边都改动过的内容以哪边为准",
    "exchange.import.started": "开始导入表格",
    "exchange.import.applied": "导入表格",
    "exchange.import.failed": "导入未完成，已退回",
    "exchange.import.partly": "导入未完成，一部分已有后续办理，未能退回",
    "exchange.import.undo_started": "开始撤销导入",
    "exchange.import.undone": "撤销导入",
    "exchange.import.undo_stopped": "撤销导入未完成，没有撤销",
    "exchange.import.file_read": "下载导入的原表",
    "exchange.row.removed": "撤销导入：删除当时新增的记录",
    "exchange.row.restored": "撤销导入：恢复导入前的内容",
    "exchange.export.written": "导出表格",
    "exchange.request.asked": "申请导出表格",
    "exchange.request.approved": "批准导出表格",
    "exchange.request.refused": "不同意导出表格",
    "exchange.clearing.proposed": "提出到期清理",
    "exchange.clearing.withdrawn": "收回到期清理",
    "exchange.clearing.done": "确认到期清理",
    "exchange.import.cleared": "清理到期的导入",
    "exchange.request.taken": "下载批准导出的表格",
}


@dataclass(frozen=True, slots=True)
class ApplyFacts:
    state: str
    wrong_rows: int
    written_rows: int
    applied_by: str = ""


def refuse_to_apply(facts: ApplyFacts) -> tuple[Refusal, ...]:
    """A file is applied once, whole, and only when no row of it is wrong."""
    if facts.state in {ImportState.APPLYING, ImportState.APPLIED}:
        who = f"由{facts.applied_by}" if facts.applied_by else ""
        said = "正在导入" if facts.state == ImportState.APPLYING else "已经导入"
        return (Refusal("exchange.applied_already", f"这份表格已{who}确认，{said}，不会重复导入"),)
    if facts.state == ImportState.REFUSED or facts.wrong_rows:
        return (
            Refusal(
                "exchange.rows_wrong",
                f"有 {facts.wrong_rows} 行有误，全部改正后才能导入；请下载标注原因的表格修改",
            ),
        )
    if facts.state != ImportState.CHECKED:
        return (Refusal("exchange.not_checked", "请先检查表格再导入"),)
    if not facts.written_rows:
        return (Refusal("exchange.nothing_new", "表格内容与库中相同，没有需要导入的行"),)
    return refuse_too_many(facts.written_rows)


def rows_read(columns: int) -> int:
    """About how many rows of a sheet a file may have; an export keeps one cell more for each."""
    with_headings = MAX_CELLS // (columns + 1) - HEADINGS
    return with_headings // ROUND * ROUND


def is_in_parts(written_rows: int) -> bool:
    """Too many rows for one transaction that nobody has to wait for."""
    return written_rows > WHOLE_ROWS


def refuse_too_many(written_rows: int) -> tuple[Refusal, ...]:
    """Rows that stay the same do not count: an export may come back as long as it can be read.

    How many rows that are hangs on the columns: see `rows_read`.
    """
    if written_rows <= ROWS_MAX:
        return ()
    return (
        Refusal(
            "exchange.too_many_rows",
            f"这份表格要新增或变更 {written_rows:,} 行，一次最多 {ROWS_MAX:,} 行；"
            f"请按行分成 {-(-written_rows // ROWS_MAX)} 个文件，如按乡镇，每个都带表头，逐个导入",
        ),
    )


def refuse_to_check(state: str, applied_by: str = "") -> tuple[Refusal, ...]:
    """A file that is in the records, or on its way, is not looked at anew."""
    if state in CHECKABLE:
        return ()
    if state == ImportState.CLEARED:
        return refuse_cleared()
    return refuse_to_apply(ApplyFacts(state, 0, 0, applied_by)) or refuse_busy()


def refuse_cleared() -> tuple[Refusal, ...]:
    text = "这份表格已过保存期限，原表和旧内容已清理，不能再检查、下载或撤销"
    return (Refusal("exchange.cleared", text),)


def refuse_busy() -> tuple[Refusal, ...]:
    return (Refusal("exchange.busy", "这份表格正在处理中，请稍后刷新再看"),)


def refuse_stale_preview() -> tuple[Refusal, ...]:
    """What was shown is what is applied; anything else is shown again first."""
    return (
        Refusal(
            "exchange.changed_meanwhile",
            "预览之后库中的数据有变动，已重新检查，没有导入；请核对新的预览后再确认",
        ),
    )


def refuse_changed_row(labels: Sequence[str]) -> tuple[Refusal, ...]:
    return (
        Refusal(
            "exchange.row_changed_meanwhile",
            f"导入过程中有人改动了{listed(labels)}，本次导入已全部退回；请重新检查后再导入",
        ),
    )


@dataclass(frozen=True, slots=True)
class UndoFacts:
    """`changed_since` and `depended_on` name records, `computed_from` what was computed of them."""

    state: str
    changed_since: Sequence[str] = ()
    depended_on: Sequence[str] = ()
    computed_from: Sequence[str] = ()


def refuse_to_undo(facts: UndoFacts) -> tuple[Refusal, ...]:
    """An import is taken back whole, while nothing that came later rests on it."""
    if facts.state == ImportState.CLEARED:
        return refuse_cleared()
    if facts.state != ImportState.APPLIED:
        return (Refusal("exchange.not_applied", "只有已导入的表格可以撤销"),)
    refusals = []
    if facts.changed_since:
        refusals.append(
            Refusal(
                "exchange.changed_since",
                f"导入之后又改动过：{listed(facts.changed_since)}。请在各自的页面上更正",
            )
        )
    if facts.depended_on:
        refusals.append(
            Refusal(
                "exchange.depended_on",
                f"后来的办理已用到：{listed(facts.depended_on)}。请先撤回那些办理",
            )
        )
    if facts.computed_from:
        refusals.append(
            Refusal(
                "exchange.computed_from",
                f"{listed(facts.computed_from)}已用导入的内容计算，还没有办结。请先取消，"
                "或在各自的页面上更正后重新计算",
            )
        )
    return tuple(refusals)


def listed(labels: Sequence[str]) -> str:
    """A few names, and how many more there are."""
    names = list(dict.fromkeys(labels))
    shown = "、".join(names[:LISTED_MAX])
    return f"{shown}等 {len(names)} 条" if len(names) > LISTED_MAX else shown
