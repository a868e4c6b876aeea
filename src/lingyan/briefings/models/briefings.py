"""What does a briefing say, which numbers were frozen with it, and who wrote and passed it (M28)?

依据：9.4、R-0-15、R-9-01、R-9-02。
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from lingyan.briefings.rules.briefing_words import BriefingState
from lingyan.directory.models import Place, Unit
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self

TITLE_MAX, TEXT_MAX = 80, 20_000
SERIES_MAX = 20


class BriefingTemplateQuerySet(models.QuerySet["BriefingTemplate"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "county__"))


class BriefingQuerySet(models.QuerySet["Briefing"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "county__"))


class BriefingTemplate(models.Model):
    """模板: the text with which a briefing begins. Edited by the county; no edition is lost."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(
        Place, models.PROTECT, related_name="briefing_templates", verbose_name="县"
    )
    key = models.CharField("编码", max_length=30, blank=True)  # of the one that came with us
    name = models.CharField("名称", max_length=40)
    series = models.CharField("简报名称", max_length=SERIES_MAX)
    title = models.CharField("标题", max_length=TITLE_MAX)
    text = models.TextField("正文", max_length=TEXT_MAX)
    version = models.PositiveIntegerField("版本", default=1)
    withdrawn_on = models.DateField("停用日期", null=True, blank=True)

    objects = BriefingTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = "简报模板"
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("county", "name"),
                name="briefing_template_name_once",
                violation_error_message="本县已有这个名称的模板",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def audit_place_path(self) -> str:
        return self.county.path


class Briefing(models.Model):
    """简报. `version` grows with every saved text; what was issued never changes again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Place, models.PROTECT, related_name="briefings", verbose_name="县")
    template_name = models.CharField("所用模板", max_length=40, blank=True)
    series = models.CharField("简报名称", max_length=SERIES_MAX)
    issuer = models.CharField("编发单位", max_length=40)
    title = models.CharField("标题", max_length=TITLE_MAX)
    text = models.TextField("正文", max_length=TEXT_MAX, blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    on = models.DateField("统计日")
    period = models.CharField("统计期", max_length=30)
    editor_note = models.CharField("编者按", max_length=500, blank=True)
    to_report = models.CharField("报", max_length=200, blank=True)
    to_send = models.CharField("送", max_length=200, blank=True)
    to_distribute = models.CharField("发", max_length=200, blank=True)
    printer = models.CharField("印发单位", max_length=40, blank=True)
    copies = models.PositiveIntegerField("份数", null=True, blank=True)
    is_supplement = models.BooleanField("增刊", default=False)
    is_internal = models.BooleanField("内部资料", default=False)
    state = models.CharField(
        "状态", max_length=12, choices=BriefingState.choices(), default=BriefingState.DRAFTED
    )
    drafted_by_id = models.BigIntegerField(null=True)
    drafted_by_name = models.CharField("起草人", max_length=40)
    drafted_at = models.DateTimeField("起草时间")
    checked_by_id = models.BigIntegerField(null=True)
    checked_by_name = models.CharField("核对人", max_length=40, blank=True)
    checked_at = models.DateTimeField("数据核对时间", null=True, blank=True)
    reviewed_by_id = models.BigIntegerField(null=True)
    reviewed_by_name = models.CharField("审核人", max_length=40, blank=True)
    signed_by_name = models.CharField("签发人", max_length=40, blank=True)
    signed_on = models.DateField("签发日期", null=True, blank=True)
    issue_year = models.PositiveSmallIntegerField("年度", null=True, blank=True)
    issue_no = models.PositiveIntegerField("期号", null=True, blank=True)
    total_no = models.PositiveIntegerField("总期号", null=True, blank=True)
    issued_at = models.DateTimeField("印发时间", null=True, blank=True)
    issued_by_name = models.CharField("印发人", max_length=40, blank=True)
    recalled_on = models.DateField("撤回日期", null=True, blank=True)
    recall_notice = models.CharField("撤回说明", max_length=500, blank=True)

    objects = BriefingQuerySet.as_manager()

    class Meta:
        verbose_name = "简报"
        ordering = ("-drafted_at", "pk")
        indexes = (models.Index(fields=("county", "state"), name="briefing_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=("county", "series", "is_supplement", "issue_year", "issue_no"),
                name="briefing_number_once",
                violation_error_message="这个期号已经用过",
            ),
            models.UniqueConstraint(
                fields=("county", "series", "total_no"),
                condition=Q(issue_no__isnull=False),
                name="briefing_total_once",
                violation_error_message="这个总期号已经用过",
            ),
            models.CheckConstraint(
                condition=Q(issue_no__isnull=False)
                | ~Q(state__in=("signed", "issued", "recalled")),
                name="briefing_signed_is_numbered",
                violation_error_message="签发的简报要有期号",
            ),
            models.CheckConstraint(
                condition=Q(issue_no__isnull=True) | ~Q(state="void"),
                name="briefing_number_leaves_no_gap",
                violation_error_message="已经编号的简报不能作废，期号不能空缺",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def audit_place_path(self) -> str:
        return self.county.path


class SavedText(models.Model):
    """One edition of a text: who saved what, and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField("版本")
    title = models.CharField("标题", max_length=TITLE_MAX)
    text = models.TextField("正文", max_length=TEXT_MAX, blank=True)
    saved_by_id = models.BigIntegerField(null=True)
    saved_by_name = models.CharField("修改人", max_length=40)
    saved_at = models.DateTimeField("修改时间")

    class Meta:
        abstract = True


class BriefingEdition(SavedText):
    briefing = models.ForeignKey(
        Briefing, models.PROTECT, related_name="editions", verbose_name="简报"
    )

    class Meta:
        verbose_name = "简报版本"
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(
                fields=("briefing", "number"),
                name="briefing_edition_once",
                violation_error_message="这个版本已经存在",
            ),
        )

    def __str__(self) -> str:
        return f"{self.briefing}第 {self.number} 版"

    def audit_place_path(self) -> str:
        return self.briefing.county.path


class TemplateEdition(SavedText):
    template = models.ForeignKey(
        BriefingTemplate, models.PROTECT, related_name="editions", verbose_name="模板"
    )

    class Meta:
        verbose_name = "模板版本"
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(
                fields=("template", "number"),
                name="template_edition_once",
                violation_error_message="这个版本已经存在",
            ),
        )

    def __str__(self) -> str:
        return f"{self.template}第 {self.number} 版"

    def audit_place_path(self) -> str:
        return self.template.county.path


class BriefingFigure(models.Model):
    """One number of the text as it was when the data were checked; issuing leaves it so for ever.

    `exact`, and the two sums of `parts`, are written as fractions. `records` holds the list of
    records behind the number, packed; `digest` seals it, and `bundle_seal` the whole figure as it
    leaves in a bundle. `named` holds the figures that the text holds this one against (不超过,
    合计, 占比). It is of a place or of a unit, whatever that is called now and wherever it lies;
    `place_label` is how it was called.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    briefing = models.ForeignKey(
        Briefing, models.CASCADE, related_name="figures", verbose_name="简报"
    )
    position = models.PositiveSmallIntegerField("序号")
    source = models.CharField("文中写法", max_length=300)  # with its braces
    written = models.CharField("印出的文字", max_length=60)
    indicator = models.CharField("指标编码", max_length=30)
    name = models.CharField("指标名称", max_length=60)
    definition_version = models.PositiveSmallIntegerField("定义版本")
    basis = models.CharField("统计口径", max_length=300)
    rule = models.CharField("依据", max_length=120, blank=True)
    measure = models.CharField("算法", max_length=10)
    unit = models.CharField("单位", max_length=10)
    value = models.CharField("数值", max_length=40)
    exact = models.CharField("未取舍的数值", max_length=80)
    parts = models.JSONField("分子与分母", default=dict)
    named = models.JSONField("所对照的数", default=dict)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, related_name="+", verbose_name="范围"
    )
    of_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name="范围内的单位"
    )
    place_label = models.CharField("范围名称", max_length=120)
    since = models.DateField("统计期起")
    until = models.DateField("统计期止（不含）")
    period_label = models.CharField("统计期名称", max_length=40)
    on = models.DateField("统计日")
    taken_at = models.DateTimeField("取数时间")
    record_count = models.PositiveIntegerField("记录数")
    records = models.BinaryField("记录")
    digest = models.CharField("记录摘要", max_length=64)
    bundle_seal = models.CharField("核验摘要", max_length=64)

    class Meta:
        verbose_name = "简报数字"
        ordering = ("briefing", "position")
        constraints = (
            models.CheckConstraint(
                condition=Q(place__isnull=True) ^ Q(of_unit__isnull=True),
                name="briefing_figure_is_of_one",
                violation_error_message="一个数字属于一个地方或者一个单位",
            ),
            models.UniqueConstraint(
                fields=("briefing", "position"),
                name="briefing_figure_once",
                violation_error_message="一个位置只有一个数字",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.written}"

    def audit_place_path(self) -> str:
        return self.briefing.county.path
