"""Which imports and exports stand in a state in which nothing can stand for long?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from lingyan.common import clock
from lingyan.platform.accounts.actor import Scope
from lingyan.platform.checks.table import COUNTY, INSTALLATION, Check, Severity
from lingyan.platform.exchange.models import Export, ExportRequest, Import, ImportedRow
from lingyan.platform.exchange.rules import ImportState, RequestState

LONGEST_WORK = timedelta(hours=1)
EVERYBODY = (*INSTALLATION, *COUNTY)


def _of_scope(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """Files have no place of their own: they belong to the scope of who brought or took them."""
    if scope.is_everything:
        return rows
    mine = Q(scope_path="") if not scope.place_paths else Q(pk__in=())
    for path in scope.place_paths:
        mine |= Q(scope_path__startswith=path)
    return rows.filter(mine)


def _imports(scope: Scope) -> QuerySet[Import]:
    return _of_scope(Import.objects.all(), scope)


def _stuck(scope: Scope) -> QuerySet[Import]:
    since = clock.now() - LONGEST_WORK
    return _imports(scope).filter(
        state__in=(ImportState.APPLYING, ImportState.UNDOING), created_at__lt=since
    )


def _applied_without_rows(scope: Scope) -> QuerySet[Import]:
    written = ImportedRow.objects.filter(of=OuterRef("pk"))
    return _imports(scope).filter(
        ~Exists(written), Q(new_count__gt=0) | Q(changed_count__gt=0), state=ImportState.APPLIED
    )


CHECKS = (
    Check(
        "exchange.import_stuck", Severity.MUST, "导入或撤销超过一小时还没有结束",
        "多半是中途断了，同一文件不能再导入。", "请系统管理员重新启动服务，系统会自动收尾。",
        _stuck, "exchange_import", roles=EVERYBODY,
    ),
    Check(
        "exchange.import_without_rows", Severity.MUST, "已导入，却没有留下逐行记录",
        "这次导入无法撤销，也查不到每条记录来自哪一行。", "保留原件，报告系统管理员核查。",
        _applied_without_rows, "exchange_import", roles=EVERYBODY,
    ),
    Check(
        "exchange.import_without_day", Severity.MUST, "已导入，没有导入时间",
        "保存期限从导入时间算起，到期清理会漏掉它。", "报告系统管理员核查。",
        lambda scope: _imports(scope).filter(state=ImportState.APPLIED, applied_at__isnull=True),
        "exchange_import", roles=EVERYBODY,
    ),
    Check(
        "exchange.request_without_limit", Severity.MUST, "导出申请已批准，没有下载期限",
        "没有期限的批准等于一直开着门。", "重新申请，由管理员写明期限。",
        lambda scope: _of_scope(ExportRequest.objects.all(), scope).filter(
            state=RequestState.APPROVED, until__isnull=True
        ),
        "exchange_request", roles=EVERYBODY,
    ),
    Check(
        "exchange.request_decided_by_nobody", Severity.MUST, "导出申请已有结论，没有审批人",
        "大量导出要有人负责。", "报告安全管理员核查。",
        lambda scope: _of_scope(ExportRequest.objects.all(), scope).filter(
            decided_by_name=""
        ).exclude(state=RequestState.ASKED),
        "exchange_request", roles=EVERYBODY,
    ),
    Check(
        "exchange.export_of_nobody", Severity.LOOK, "导出记录没有写明导出人",
        "查不到是谁把数据带走的。", "报告安全管理员核查。",
        # An export at the server has no account and says 命令行.
        lambda scope: _of_scope(Export.objects.all(), scope).filter(
            created_by_id__isnull=True, created_by_name=""
        ),
        name=lambda one: f"{one.created_at:%Y-%m-%d} 导出 {one.row_count} 行", roles=INSTALLATION,
    ),
)  # fmt: skip
