"""What was done while a case ran: visits, checkups, reports, acceptance, votes, follow-up (4.4)?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from lingyan.directory.models import Person, Unit
from lingyan.organization.models.rectification import OfCase, RectificationCase, RectSupport
from lingyan.organization.rules.rectification_words import InspectionResult
from lingyan.platform.columns import BlindIndexField, SealedField


class LeaderVisit(OfCase):
    """督查调研 of the county leader in a village under rectification (R-4-04)."""

    case = models.ForeignKey(
        RectificationCase, models.PROTECT, related_name="visits", verbose_name="整顿事项"
    )
    support = models.ForeignKey(
        RectSupport, models.PROTECT, related_name="visits", verbose_name="联村领导"
    )
    on = models.DateField("督查日期")
    places = models.CharField("到过的地方", max_length=200)
    talked_to = models.CharField("谈话的人", max_length=200)
    problems_text = models.CharField("发现的问题", max_length=1000, blank=True)
    instructions = models.CharField("要求", max_length=1000, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "领导督查"
        ordering = ("case", "-on", "pk")
        indexes = (models.Index(fields=("on", "case"), name="leader_visit_by_day"),)

    def __str__(self) -> str:
        return f"{self.case} {self.on} 督查"


class RectCheckup(OfCase):
    """每月全面体检 of four topics; `topics` says of each what was seen, findings are problems."""

    case = models.ForeignKey(
        RectificationCase, models.PROTECT, related_name="checkups", verbose_name="整顿事项"
    )
    month = models.DateField("月份(第一天)")
    on = models.DateField("体检日期")
    topics = models.JSONField("各专题情况", default=dict, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("体检人", max_length=40)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "每月体检"
        ordering = ("case", "-month", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "month"),
                name="rect_checkup_once_a_month",
                violation_error_message="这个月已经体检",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} {self.month:%Y-%m} 体检"


class RectReport(OfCase):
    """The township's monthly report on a case (R-4-05); `figures` are counted when it is sent."""

    case = models.ForeignKey(
        RectificationCase, models.PROTECT, related_name="reports", verbose_name="整顿事项"
    )
    month = models.DateField("月份(第一天)")
    text = models.CharField("进展情况", max_length=1000)
    figures = models.JSONField("取数", default=dict, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("报送人", max_length=40)
    made_at = models.DateTimeField("报送时间")

    class Meta:
        verbose_name = "整顿月报"
        ordering = ("case", "-month", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "month"),
                name="rect_report_once_a_month",
                violation_error_message="这个月已经报送",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} {self.month:%Y-%m} 月报"


class RectInspection(OfCase):
    """专项检查考核组 and what it found: the first acceptance, or one after an extension."""

    case = models.ForeignKey(
        RectificationCase, models.PROTECT, related_name="inspections", verbose_name="整顿事项"
    )
    round = models.PositiveSmallIntegerField("第几次验收", default=1)
    opened_on = models.DateField("组成日期")
    items = models.JSONField("各项得分", default=dict, blank=True)
    score = models.PositiveSmallIntegerField("验收得分", null=True, blank=True)
    text = models.CharField("检查情况", max_length=1000, blank=True)
    scored_on = models.DateField("评分日期", null=True, blank=True)
    scored_by_id = models.BigIntegerField(null=True, blank=True)
    scored_by_name = models.CharField("评分登记人", max_length=40, blank=True)
    result = models.CharField("结论", max_length=8, choices=InspectionResult.choices(), blank=True)
    decided_on = models.DateField("结论日期", null=True, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)

    class Meta:
        verbose_name = "县级验收"
        ordering = ("case", "round")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "round"),
                name="rect_inspection_round_once",
                violation_error_message="这一次验收已经登记",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__lte=100),
                name="rect_inspection_up_to_100",
                violation_error_message="得分不超过 100 分",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} 第 {self.round} 次验收"


class RectInspector(models.Model):
    """Somebody of the inspection group; none of the “四个一” may be (4.5)."""

    inspection = models.ForeignKey(
        RectInspection, models.CASCADE, related_name="members", verbose_name="县级验收"
    )
    name = models.CharField("姓名", max_length=40)
    is_lead = models.BooleanField("组长", default=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="账号",
    )  # fmt: skip
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="人员"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )

    class Meta:
        verbose_name = "检查考核组成员"
        ordering = ("inspection", "-is_lead", "pk")

    def __str__(self) -> str:
        return self.name

    def audit_place_path(self) -> str:
        return self.inspection.case.village.path


class SatisfactionVote(models.Model):
    """群众满意度测评 of an acceptance (R-4-07). Ballots are counted, never kept."""

    inspection = models.ForeignKey(
        RectInspection, models.PROTECT, related_name="votes", verbose_name="县级验收"
    )
    attempt = models.PositiveSmallIntegerField("第几次", default=1)
    on = models.DateField("测评日期", null=True, blank=True)
    households = models.PositiveIntegerField("全村户数")
    issued = models.PositiveIntegerField("发出票数", default=0)
    method = models.CharField("投票方式", max_length=6, blank=True)
    satisfied = models.PositiveIntegerField("满意", default=0)
    basic = models.PositiveIntegerField("基本满意", default=0)
    unsatisfied = models.PositiveIntegerField("不满意", default=0)
    invalid = models.PositiveIntegerField("无效票", default=0)
    no_cadres = models.BooleanField("没有村干部在场", default=False)
    counters = models.CharField("监票人、计票人", max_length=80, blank=True)
    counted_on = models.DateField("计票日期", null=True, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=40)

    class Meta:
        verbose_name = "满意度测评"
        ordering = ("inspection", "attempt")
        constraints = (
            models.UniqueConstraint(
                fields=("inspection", "attempt"),
                name="rect_vote_attempt_once",
                violation_error_message="这一次测评已经登记",
            ),
            models.CheckConstraint(
                condition=Q(
                    issued__gte=F("satisfied") + F("basic") + F("unsatisfied") + F("invalid")
                ),
                name="rect_vote_up_to_issued",
                violation_error_message="收回的票数不能多于发出的票数",
            ),
        )

    def __str__(self) -> str:
        return f"{self.inspection} 满意度测评"

    def audit_place_path(self) -> str:
        return self.inspection.case.village.path


class RectBallotCode(models.Model):
    """A code on a slip: shown until it goes out, used or not after that, and no time of either."""

    vote = models.ForeignKey(SatisfactionVote, models.PROTECT, related_name="codes")
    sealed: Any = SealedField("编号(加密)", null=True, blank=True)
    index = BlindIndexField("编号摘要", of="sealed", unique=True)
    live = models.BooleanField("已发放", default=False)
    used = models.BooleanField("已投", default=False)

    class Meta:
        verbose_name = "测评票编号"
        ordering = ("vote", "pk")

    def __str__(self) -> str:
        return str(self.vote)

    def audit_place_path(self) -> str:
        return self.vote.audit_place_path()


class RectFollowUp(OfCase):
    """A visit after the clearing, at 3 and at 6 months."""

    case = models.ForeignKey(
        RectificationCase, models.PROTECT, related_name="follow_ups", verbose_name="整顿事项"
    )
    months = models.PositiveSmallIntegerField("销号后第几个月")
    due_on = models.DateField("应回访日期")
    visited_on = models.DateField("回访日期", null=True, blank=True)
    text = models.CharField("回访情况", max_length=1000, blank=True)
    made_by_id = models.BigIntegerField(null=True, blank=True)
    made_by_name = models.CharField("回访人", max_length=40, blank=True)

    class Meta:
        verbose_name = "销号后回访"
        ordering = ("case", "months")
        constraints = (
            models.UniqueConstraint(
                fields=("case", "months"),
                name="rect_follow_up_once",
                violation_error_message="这次回访已经列出",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} {self.months} 个月回访"
