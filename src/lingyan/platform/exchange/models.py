"""Which files were sent in, what did each row say, and which records did it touch?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from lingyan.platform.accounts.actor import Actor
from lingyan.platform.columns import SealedField
from lingyan.platform.exchange.kept import label_of
from lingyan.platform.exchange.rules import ImportState, RequestState, Verdict

if TYPE_CHECKING:
    from typing import Self


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, actor: Actor, kinds: list[str]) -> Self:
        """One's own, and those of colleagues whose scope lies inside one's own; kinds by role."""
        seen = Q(created_by_id=actor.user_id) if actor.user_id is not None else Q()
        for path in actor.scope.place_paths:
            seen |= Q(scope_path__startswith=path) if path else Q(pk__isnull=False)
        return self.filter(seen, kind__in=kinds)


class Import(models.Model):
    """One file on its way in. The file itself is kept encrypted beside the database."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("表格", max_length=20, db_index=True)
    option = models.CharField("所属", max_length=40, blank=True)
    filename = models.CharField("文件名", max_length=200)
    digest = models.CharField("SHA-256", max_length=64, db_index=True)
    size_bytes = models.PositiveBigIntegerField("大小")
    stored_name = models.CharField("存放位置", max_length=200)
    state = models.CharField(
        "状态", max_length=10, choices=ImportState.choices(), default=ImportState.UPLOADED
    )
    new_count = models.PositiveIntegerField("新增", default=0)
    changed_count = models.PositiveIntegerField("变更", default=0)
    same_count = models.PositiveIntegerField("相同", default=0)
    wrong_count = models.PositiveIntegerField("有误", default=0)
    notices = models.JSONField("提示", default=list)
    meanwhile = models.JSONField("导出之后的变化", default=list)
    choices = models.JSONField("两边都改时采用表中的格", default=dict)
    fingerprint = models.CharField("预览摘要", max_length=64, blank=True)
    message = models.TextField("说明", blank=True)
    scope_path = models.CharField("管辖路径", max_length=40, blank=True, db_index=True)
    job_id = models.UUIDField("作业", null=True)
    created_by_id = models.BigIntegerField("账号", null=True, db_index=True)
    created_by_name = models.CharField("上传人", max_length=60)
    created_at = models.DateTimeField("上传时间")
    checked_at = models.DateTimeField("检查时间", null=True)
    applied_by_name = models.CharField("确认人", max_length=60, blank=True)
    applied_at = models.DateTimeField("导入时间", null=True)
    undone_by_name = models.CharField("撤销人", max_length=60, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = "表格导入"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.filename

    def audit_place_path(self) -> str:
        return self.scope_path

    @property
    def written_count(self) -> int:
        return self.new_count + self.changed_count

    @property
    def row_count(self) -> int:
        return self.written_count + self.same_count + self.wrong_count


class CheckedRow(models.Model):
    """One row of the preview: what it would do, or what is wrong with it.

    `details` is a list of [heading, before, after]; for a wrong row it is one list of heading,
    value, reason and mend.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="checked_rows")
    number = models.PositiveIntegerField("行号")
    verdict = models.CharField("结果", max_length=8, choices=Verdict.choices())
    label = models.CharField("对象", max_length=200)
    details = models.JSONField("内容", default=list)

    class Meta:
        verbose_name = "预览行"
        ordering = ("number", "pk")
        indexes = (models.Index(fields=("of", "verdict", "number")),)

    def __str__(self) -> str:
        return f"第 {self.number} 行 {self.label}"


class ImportedRow(models.Model):
    """A record that an import created or changed, with what it takes to undo that.

    `before` is the record's earlier image, encrypted like all personal data at rest; empty for a
    created record. `audit_number` is the last audit entry of the chunk: a later entry about the
    record means that somebody has worked on it since.
    """

    id = models.BigAutoField(primary_key=True)
    of = models.ForeignKey(Import, models.CASCADE, related_name="imported_rows")
    number = models.PositiveIntegerField("行号")
    subject_type = models.CharField("对象类别", max_length=60)
    subject_id = models.CharField("对象编号", max_length=64)
    subject_text = models.CharField("对象", max_length=200)
    place_path = models.CharField("区划路径", max_length=40, blank=True)
    created = models.BooleanField("新增")
    before = SealedField("导入前(加密)", null=True)
    audit_number = models.BigIntegerField("留痕序号")

    class Meta:
        verbose_name = "导入的记录"
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("of", "number")),
            models.Index(fields=("subject_type", "subject_id")),
        )

    def __str__(self) -> str:
        return f"第 {self.number} 行 {self.subject_text}"


class Export(models.Model):
    """A file that went out: who took which rows and columns, and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("表格", max_length=20)
    option = models.CharField("所属", max_length=40, blank=True)
    row_count = models.PositiveIntegerField("行数")
    created_by_id = models.BigIntegerField("账号", null=True, db_index=True)
    created_by_name = models.CharField("导出人", max_length=60)
    created_at = models.DateTimeField("导出时间")
    scope_path = models.CharField("管辖路径", max_length=40, blank=True)

    class Meta:
        verbose_name = "表格导出"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.kind} {self.row_count} 行"

    def audit_place_path(self) -> str:
        return self.scope_path


class ExportRequestQuerySet(models.QuerySet["ExportRequest"]):
    def visible_to(self, actor: Actor, approver: str) -> Self:
        """One's own; for the approver those of everybody whose scope lies inside the own."""
        seen = Q(asked_by_id=actor.user_id) if actor.user_id is not None else Q(pk__isnull=True)
        for path in actor.scope.place_paths if actor.holds(approver) else ():
            seen |= Q(scope_path__startswith=path) if path else Q(pk__isnull=False)
        return self.filter(seen)


class ExportRequest(models.Model):
    """Somebody asks to take more rows out than leave without a consent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("表格", max_length=20)
    option = models.CharField("所属", max_length=40, blank=True)
    purpose = models.CharField("用途", max_length=100)
    row_count = models.PositiveIntegerField("行数")
    state = models.CharField(
        "状态", max_length=10, choices=RequestState.choices(), default=RequestState.ASKED
    )
    asked_by_id = models.BigIntegerField("申请人账号", null=True, db_index=True)
    asked_by_name = models.CharField("申请人", max_length=60)
    asked_role = models.CharField("申请人身份", max_length=40)
    asked_at = models.DateTimeField("申请时间")
    scope_path = models.CharField("管辖路径", max_length=40, blank=True)
    decided_by_name = models.CharField("审批人", max_length=60, blank=True)
    decided_at = models.DateTimeField("审批时间", null=True)
    reason = models.CharField("不同意的理由", max_length=200, blank=True)
    until = models.DateField("下载期限", null=True)
    taken_at = models.DateTimeField("最近下载", null=True)

    objects = ExportRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "导出申请"
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return f"{self.asked_by_name}申请导出 {self.row_count} 行"

    def audit_place_path(self) -> str:
        return self.scope_path


class Clearing(models.Model):
    """What is past its time, as one person proposes and another confirms that it goes (R-10-08)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("内容", max_length=10)
    before = models.DateField("此日以前")
    count = models.PositiveIntegerField("份数")
    scope_path = models.CharField("管辖路径", max_length=40, blank=True)
    proposed_by_id = models.BigIntegerField("提出人账号", null=True)
    proposed_by_name = models.CharField("提出人", max_length=60)
    proposed_at = models.DateTimeField("提出时间")
    done_by_name = models.CharField("确认人", max_length=60, blank=True)
    done_at = models.DateTimeField("清理时间", null=True)

    class Meta:
        verbose_name = "到期清理"
        ordering = ("-proposed_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "scope_path"),
                condition=Q(done_at__isnull=True),
                name="one_clearing_at_a_time",
                violation_error_message="已有人提出，等待另一个人确认",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind_label} {self.count} 份"

    @property
    def kind_label(self) -> str:
        return label_of(self.kind)

    def audit_place_path(self) -> str:
        return self.scope_path
