"""Which villages are found weak, what was decided, planned and promised for each (4.1-4.5)?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.scoping import place_q
from lingyan.organization.rules.rectification import BEFORE_THE_LIST, NOT_TOLD, RECT_OPEN
from lingyan.organization.rules.rectification_words import (
    CheckupTopic,
    Department,
    IdentifyMode,
    Opinion,
    ProblemOrigin,
    RectProblemState,
    RectState,
    Screened,
    Situation,
    SupportKind,
)
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


class RectScreening(models.Model):
    """过筛子: somebody looked at this village this year; `signals` are those that were answered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    village = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="村")
    year = models.PositiveSmallIntegerField("年度")
    outcome = models.CharField("结果", max_length=6, choices=Screened.choices())
    text = models.CharField("说明", max_length=500, blank=True)
    signals = models.JSONField("已答复的线索", default=list, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("排查人", max_length=40)
    made_on = models.DateField("排查日期")

    class Meta:
        verbose_name = "排查"
        ordering = ("-year", "village__path")
        constraints = (
            models.UniqueConstraint(
                fields=("village", "year"),
                name="rect_screening_once_a_year",
                violation_error_message="这个村本年度已经排查",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village} {self.year} 年排查"

    def audit_place_path(self) -> str:
        return self.village.path


class RectificationQuerySet(models.QuerySet["RectificationCase"]):
    def visible_to(self, scope: Scope) -> Self:
        """Whoever is above the village, and the unit that supports or was asked about it.

        The village itself learns of a case when the county has put it on the list.
        """
        own = Q(village__path__in=scope.place_paths, state__in=sorted(NOT_TOLD))
        seen = place_q(scope, "village__") & ~own
        if scope.unit_ids:
            asked = RectConsultation.objects.filter(case=OuterRef("pk"), unit_id__in=scope.unit_ids)
            supports = RectSupport.objects.filter(case=OuterRef("pk"), unit_id__in=scope.unit_ids)
            seen |= Q(Exists(asked)) | Q(Exists(supports))
        return self.filter(seen)

    def open(self) -> Self:
        """In RECT_OPEN (R-4-10): a case that relapsed speaks only until its child does."""
        spoken_for = Q(state=RectState.REOPENED, child__isnull=False)
        return self.filter(state__in=sorted(RECT_OPEN)).exclude(spoken_for)


class RectificationCase(models.Model):
    """整顿事项 of a village (4.5). `due_on` is the last day of its term.

    `rank` is its place from the bottom among those proposed in the year. `extended` counts how
    often its term was prolonged.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="县")
    village = models.ForeignKey(
        Place, models.PROTECT, related_name="rectifications", verbose_name="村"
    )
    year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveSmallIntegerField("序号")
    parent = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="child",
        verbose_name="反弹的原事项",
    )
    state = models.CharField(
        "状态", max_length=14, choices=RectState.choices(), default=RectState.SCREENED
    )
    state_since = models.DateField("进入现状态的日期")
    identify_mode = models.CharField(
        "认定方式", max_length=10, choices=IdentifyMode.choices(), blank=True
    )
    rank = models.PositiveSmallIntegerField("倒排名次", null=True, blank=True)
    opened_on = models.DateField("登记日期")
    decided_on = models.DateField("县委决定日期", null=True, blank=True)
    document_number = models.CharField("决定文号", max_length=60, blank=True)
    decision_text = models.CharField("决定说明", max_length=500, blank=True)
    plan_text = models.TextField("整顿目标", blank=True)
    started_on = models.DateField("开始整顿日期", null=True, blank=True)
    due_on = models.DateField("整顿期限", null=True, blank=True)
    extended = models.PositiveSmallIntegerField("延长次数", default=0)
    self_checked_by = models.JSONField("自查签字", default=dict, blank=True)
    cleared_on = models.DateField("销号日期", null=True, blank=True)
    closed_on = models.DateField("归档日期", null=True, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    is_demo = models.BooleanField("演示数据", default=False)

    objects = RectificationQuerySet.as_manager()

    class Meta:
        verbose_name = "整顿事项"
        ordering = ("-year", "serial", "pk")
        indexes = (
            models.Index(fields=("village", "state"), name="rect_case_by_village"),
            models.Index(fields=("state", "due_on", "id"), name="rect_case_by_state"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("county", "year", "serial"),
                name="rect_case_number_once",
                violation_error_message="这个编号已经用过",
            ),
            models.UniqueConstraint(
                fields=("village",),
                condition=Q(state__in=sorted((BEFORE_THE_LIST | RECT_OPEN) - {RectState.REOPENED})),
                name="rect_case_one_under_way",
                violation_error_message="这个村已有整顿事项在办理",
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(due_on__gte=F("started_on")),
                name="rect_case_due_after_start",
                violation_error_message="整顿期限不能早于开始整顿的日期",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village} 整顿{self.number}"

    def audit_place_path(self) -> str:
        return self.village.path

    @property
    def number(self) -> str:
        """〔2026〕3号, as lists and letters call it."""
        return f"〔{self.year}〕{self.serial}号"


class OfCase(models.Model):
    """What belongs to one case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        RectificationCase, models.PROTECT, related_name="%(class)ss", verbose_name="整顿事项"
    )

    class Meta:
        abstract = True

    def audit_place_path(self) -> str:
        return self.case.village.path


class RectSituation(OfCase):
    """A situation of 4.2 that a person has confirmed; `signal_text` is what the system had said."""

    case = models.ForeignKey(
        RectificationCase, models.PROTECT, related_name="situations", verbose_name="整顿事项"
    )
    code = models.CharField("情形", max_length=3, choices=Situation.choices())
    evidence = models.CharField("依据", max_length=500)
    signal_text = models.CharField("系统线索", max_length=200, blank=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    confirmed_by_name = models.CharField("认定人", max_length=40)
    confirmed_on = models.DateField("认定日期")

    class Meta:
        verbose_name = "整顿情形"
        ordering = ("case", "code")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "code"),
                name="rect_situation_once",
                violation_error_message="这种情形已经登记",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.get_code_display()}"


class RectConsultation(OfCase):
    """What one department was asked about a case and what it answered (R-4-02)."""

    case = models.ForeignKey(
        RectificationCase, models.PROTECT, related_name="consultations", verbose_name="整顿事项"
    )
    department = models.CharField("部门", max_length=14, choices=Department.choices())
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    asked_on = models.DateField("征求日期")
    due_on = models.DateField("答复期限")
    opinion = models.CharField("意见", max_length=8, choices=Opinion.choices(), blank=True)
    text = models.CharField("情况", max_length=500, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answered_by_id = models.BigIntegerField(null=True, blank=True)
    answered_by_name = models.CharField("答复人", max_length=40, blank=True)

    class Meta:
        verbose_name = "部门会商"
        ordering = ("case", "department")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "department"),
                name="rect_consultation_once",
                violation_error_message="已经征求过这个部门",
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | ~Q(opinion=""),
                name="rect_consultation_answer_says",
                violation_error_message="答复须有意见",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} {self.get_department_display()}"


class RectSupport(OfCase):
    """One of the “四个一” (4.3). `source_id` is the posting (S3) or the pair (S4).

    `until` is set when somebody else takes over: the case is never without (G-1).
    """

    case = models.ForeignKey(
        RectificationCase, models.PROTECT, related_name="supports", verbose_name="整顿事项"
    )
    kind = models.CharField("帮扶力量", max_length=2, choices=SupportKind.choices())
    name = models.CharField("姓名或单位", max_length=100)
    job_title = models.CharField("职务", max_length=60, blank=True)
    is_standing_committee = models.BooleanField("县委常委", default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="账号",
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="人员"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    source_id = models.UUIDField("派驻或结对", null=True, blank=True)
    since = models.DateField("从哪天")
    until = models.DateField("到哪天前", null=True, blank=True)
    made_by_name = models.CharField("登记人", max_length=40)

    class Meta:
        verbose_name = "“四个一”帮扶"
        ordering = ("case", "kind", "since", "pk")
        indexes = (
            models.Index(fields=("user", "kind", "until"), name="rect_support_by_user"),
            models.Index(fields=("unit", "until"), name="rect_support_by_unit"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("case", "kind"),
                condition=Q(until__isnull=True),
                name="rect_support_one_of_each",
                violation_error_message="这一项帮扶力量已经明确",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.name}"


class RectProblem(OfCase):
    """A problem with its measure; from the plan, a checkup, a visit or the acceptance (4.4)."""

    case = models.ForeignKey(
        RectificationCase, models.PROTECT, related_name="problems", verbose_name="整顿事项"
    )
    situation = models.CharField("情形", max_length=3, choices=Situation.choices(), blank=True)
    origin = models.CharField(
        "来源", max_length=8, choices=ProblemOrigin.choices(), default=ProblemOrigin.PLAN
    )
    checkup = models.ForeignKey(
        "organization.RectCheckup",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="problems",
        verbose_name="每月体检",
    )
    topic = models.CharField("专题", max_length=10, choices=CheckupTopic.choices(), blank=True)
    description = models.CharField("问题", max_length=500)
    cause = models.CharField("原因", max_length=500, blank=True)
    measure = models.CharField("措施", max_length=500)
    owner = models.CharField("责任人", max_length=60)
    due_on = models.DateField("整改期限")
    state = models.CharField(
        "状态",
        max_length=10,
        choices=RectProblemState.choices(),
        default=RectProblemState.OPEN,
    )
    evidence = models.CharField("整改佐证", max_length=500, blank=True)
    done_by_id = models.BigIntegerField(null=True, blank=True)
    done_by_name = models.CharField("整改人", max_length=40, blank=True)
    done_on = models.DateField("自认完成日期", null=True, blank=True)
    verified_by_name = models.CharField("核实人", max_length=40, blank=True)
    verified_on = models.DateField("核实日期", null=True, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    made_on = models.DateField("登记日期")

    class Meta:
        verbose_name = "整顿问题"
        ordering = ("case", "due_on", "made_on", "pk")
        indexes = (models.Index(fields=("state", "due_on", "id"), name="rect_problem_by_state"),)

    def __str__(self) -> str:
        return self.description[:30]


class RectStep(models.Model):
    """One step of a case, or of one of its problems, with what was said; nothing is overwritten.

    Numbered, not by chance: two steps of one moment keep their order.
    """

    case = models.ForeignKey(
        RectificationCase, models.PROTECT, related_name="steps", verbose_name="整顿事项"
    )
    problem = models.ForeignKey(
        RectProblem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name="问题",
    )
    act = models.CharField("事项", max_length=14)
    on = models.DateField("日期")
    text = models.CharField("内容", max_length=1000, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("办理人", max_length=40)
    made_by_role = models.CharField("身份", max_length=30, blank=True)
    made_at = models.DateTimeField("办理时间")

    class Meta:
        verbose_name = "整顿事项的步骤"
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.case} {self.act}"

    def audit_place_path(self) -> str:
        return self.case.village.path
