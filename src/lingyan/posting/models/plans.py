"""What did the engine propose, what did people change, and why?"""

from __future__ import annotations

import uuid

from django.db import models

from lingyan.directory.models import Person, Place
from lingyan.posting.models.rounds import Round
from lingyan.posting.rules import words


class Plan(models.Model):
    """匹配方案 on a stored snapshot. A plan in force is never silently solved again.

    `snapshot` and `result` are gzip of canonical JSON: the problem as it was given to the engine,
    and plan with certificate as the engine gave it back (formats of docs/plan-format.md).
    """

    class Origin(models.TextChoices):
        TOTAL = "total", "统筹最优"
        STABLE_PEOPLE = "stable-people", "双向稳定·人选优先"
        STABLE_POSTS = "stable-posts", "双向稳定·村优先"
        STABLE_BEST = "stable-best", "稳定且配得最多"
        ADJUSTED = "adjusted", "人工调整"
        REPAIRED = "repaired", "补派修补"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="plans")
    origin = models.CharField("来源", max_length=16, choices=Origin)
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    number = models.PositiveSmallIntegerField("方案号")
    snapshot = models.BinaryField("快照")
    snapshot_sha256 = models.CharField("快照摘要", max_length=64)
    result = models.BinaryField("结果与复核凭证")
    figures = models.JSONField("汇总", default=dict)
    verified = models.BooleanField("复核通过", default=False)
    verdict_text = models.CharField("复核说明", max_length=200, blank=True)
    created_by_id = models.BigIntegerField("账号", null=True)
    created_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = "匹配方案"
        ordering = ("round", "number")
        constraints = (
            models.UniqueConstraint(fields=("round", "number"), name="plan_number_once"),
        )

    def __str__(self) -> str:
        return f"方案 {self.number}（{self.get_origin_display()}）"

    def audit_place_path(self) -> str:
        return self.round.county.path


class PlanQuestion(models.Model):
    """What a change of a plan by a solver would cost: worked out in the background, and kept.

    `key` says what was asked (``matching/questions.py``), `answer` is gzip of canonical JSON; a
    plan never changes, so an answer stays true.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="questions")
    key = models.CharField("问题", max_length=200)
    job_id = models.UUIDField("作业", null=True)
    answer = models.BinaryField("答案", null=True)
    asked_at = models.DateTimeField("发起时间")
    answered_at = models.DateTimeField("算完时间", null=True)

    class Meta:
        verbose_name = "方案代价"
        ordering = ("asked_at",)
        constraints = (models.UniqueConstraint(fields=("plan", "key"), name="plan_question_once"),)

    def __str__(self) -> str:
        return f"{self.plan} 的代价"

    def audit_place_path(self) -> str:
        return self.plan.round.county.path


class Draft(models.Model):
    """One line of a plan: a person proposed for a post."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="drafts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    village = models.ForeignKey(Place, models.PROTECT, related_name="+")
    role = models.CharField("岗位", max_length=20, choices=words.Role.choices())
    fit = models.PositiveSmallIntegerField("匹配度")
    wish_rank = models.PositiveSmallIntegerField("志愿顺序", null=True)
    intention_rank = models.PositiveSmallIntegerField("意向顺序", null=True)
    pinned = models.BooleanField("指定", default=False)

    class Meta:
        verbose_name = "拟派"
        ordering = ("village__path", "role", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "person"),
                name="draft_person_once",
                violation_error_message="一个人只能派到一个岗位",
            ),
        )

    def __str__(self) -> str:
        return f"{self.village} {self.get_role_display()} {self.person}"


class Adjustment(models.Model):
    """A change by hand with its price and named, dated reason; it leads to the next plan."""

    class Kind(models.TextChoices):
        PIN = "pin", "指定"
        BAN = "ban", "排除"
        SWAP = "swap", "互换"
        UNPIN = "unpin", "取消指定"
        UNBAN = "unban", "取消排除"
        WITHDRAW = "withdraw", "人选退出"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="adjustments")
    kind = models.CharField("方式", max_length=10, choices=Kind)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    other_person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+"
    )
    village = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField("岗位", max_length=20, blank=True, choices=words.Role.choices())
    reason = models.CharField("原因", max_length=300)
    price = models.JSONField("代价", default=dict)
    before = models.ForeignKey(Plan, models.CASCADE, related_name="+")
    after = models.ForeignKey(Plan, models.CASCADE, related_name="made_by")
    made_by_id = models.BigIntegerField("账号", null=True)
    made_by_name = models.CharField("调整人", max_length=60)
    made_at = models.DateTimeField("调整时间")

    class Meta:
        verbose_name = "人工调整"
        ordering = ("made_at",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.person}"

    def audit_place_path(self) -> str:
        return self.round.county.path
