"""Who takes part in a round of pairing, what did each side state, and what came out?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from lingyan.directory.models import Place, Unit
from lingyan.directory.scoping import place_q
from lingyan.pairing.rules.points import Answer, Resource
from lingyan.pairing.rules.rounds import FixKind, PairRoundState, Side
from lingyan.platform.accounts.actor import Scope

if TYPE_CHECKING:
    from typing import Self


def _in_words(levels: dict[str, int]) -> str:
    """资金 4、人才 2: what a list shows of five levels."""
    said = [f"{one.label} {levels[one]}" for one in Resource if levels.get(one)]
    return "、".join(said)


class PairRoundQuerySet(models.QuerySet["PairRound"]):
    def visible_to(self, scope: Scope) -> Self:
        """Rounds of the county in scope, or in which one's villages or unit take part."""
        seen = place_q(scope, "county__")
        if scope.place_paths and not scope.is_everything:
            villages = PairRoundVillage.objects.visible_to(scope).filter(round=OuterRef("pk"))
            seen |= Q(Exists(villages))
        if scope.unit_ids:
            units = PairRoundUnit.objects.filter(round=OuterRef("pk"), unit_id__in=scope.unit_ids)
            seen |= Q(Exists(units))
        return self.filter(seen)


class PairRound(models.Model):
    """结对批次: from the statements of both sides to a decided plan.

    `settings` were frozen when it opened; the matrix of sectors and industries may still be set
    while statements are collected. `seat` is the town in which the county's own units sit.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="县")
    name = models.CharField("批次名称", max_length=80)
    state = models.CharField(
        "状态",
        max_length=12,
        choices=PairRoundState.choices(),
        default=PairRoundState.COLLECTING,
    )
    seat = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="县直单位所在乡镇",
    )
    due_on = models.DateField("填报截止日期", null=True, blank=True)
    settings = models.JSONField("权重与上下限", default=dict)
    seed = models.PositiveIntegerField("抽签种子", default=1)
    chosen_plan = models.ForeignKey(
        "PairPlan",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="采用方案",
    )
    decision_text = models.TextField("决定意见", blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    decided_by_name = models.CharField("决定人", max_length=60, blank=True)
    reopened_reason = models.TextField("退回征集的理由", blank=True)
    cancelled_reason = models.TextField("取消原因", blank=True)
    computation_job_id = models.UUIDField("最近一次计算的作业", null=True, editable=False)
    created_by_id = models.BigIntegerField("建立账号", null=True)
    created_at = models.DateTimeField("建立时间")
    is_demo = models.BooleanField("演示数据", default=False)

    objects = PairRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "结对批次"
        ordering = ("-created_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("county", "name"),
                name="pair_round_name_once",
                violation_error_message="本县已有同名结对批次",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def audit_place_path(self) -> str:
        return self.county.path


class PairRoundUnitQuerySet(models.QuerySet["PairRoundUnit"]):
    def visible_to(self, scope: Scope) -> Self:
        """Its own unit, and whoever is above the county of the round."""
        return self.filter(place_q(scope, "round__county__") | Q(unit_id__in=scope.unit_ids))


class PairRoundUnit(models.Model):
    """What a unit has to give; `stated_at` is empty while it stands as it was offered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(PairRound, models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    town = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所在乡镇"
    )
    sectors = models.JSONField("行业", default=list)
    resources = models.JSONField("能提供的资源", default=dict)
    lower = models.PositiveSmallIntegerField("最少结对", default=1)
    upper = models.PositiveSmallIntegerField("最多结对", default=3)
    remark = models.CharField("说明", max_length=300, blank=True)
    stated_at = models.DateTimeField("填报时间", null=True, blank=True)
    stated_by_name = models.CharField("填报人", max_length=60, blank=True)

    objects = PairRoundUnitQuerySet.as_manager()

    class Meta:
        verbose_name = "结对批次中的单位"
        ordering = ("unit__name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("round", "unit"),
                name="pair_round_unit_once",
                violation_error_message="该单位已在本批次中",
            ),
            models.CheckConstraint(
                condition=Q(lower__lte=F("upper")), name="pair_round_unit_bounds"
            ),
        )

    def __str__(self) -> str:
        return f"{self.round} {self.unit}"

    @property
    def level_words(self) -> str:
        return _in_words(self.resources)

    def audit_place_path(self) -> str:
        return self.round.county.path


class PairRoundVillageQuerySet(models.QuerySet["PairRoundVillage"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(place_q(scope, "village__"))


class PairRoundVillage(models.Model):
    """What a village needs; types and needs were offered out of what the county knows already."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(PairRound, models.CASCADE, related_name="villages")
    village = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="村")
    types = models.JSONField("村类型", default=list)
    industries = models.JSONField("主导产业", default=list)
    needs = models.JSONField("需要的资源", default=dict)
    lower = models.PositiveSmallIntegerField("最少单位", default=1)
    upper = models.PositiveSmallIntegerField("最多单位", default=1)
    remark = models.CharField("说明", max_length=300, blank=True)
    stated_at = models.DateTimeField("填报时间", null=True, blank=True)
    stated_by_name = models.CharField("填报人", max_length=60, blank=True)

    objects = PairRoundVillageQuerySet.as_manager()

    class Meta:
        verbose_name = "结对批次中的村"
        ordering = ("village__path", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("round", "village"),
                name="pair_round_village_once",
                violation_error_message="该村已在本批次中",
            ),
            models.CheckConstraint(
                condition=Q(lower__lte=F("upper")), name="pair_round_village_bounds"
            ),
        )

    def __str__(self) -> str:
        return f"{self.round} {self.village}"

    @property
    def level_words(self) -> str:
        return _in_words(self.needs)

    def audit_place_path(self) -> str:
        return self.village.path


class PairAnswer(models.Model):
    """What one side said of the other; nothing said counts as 服从安排."""

    round_unit = models.ForeignKey(PairRoundUnit, models.CASCADE, related_name="answers")
    round_village = models.ForeignKey(PairRoundVillage, models.CASCADE, related_name="answers")
    side = models.CharField("哪一方", max_length=8, choices=Side.choices())
    answer = models.CharField("意愿", max_length=8, choices=Answer.choices())
    reason = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "结对意愿"
        ordering = ("side", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("round_unit", "round_village", "side"),
                name="pair_answer_once",
                violation_error_message="一方对另一方只有一种意愿",
            ),
        )

    def __str__(self) -> str:
        return self.get_answer_display()

    def audit_place_path(self) -> str:
        return self.round_village.village.path


class PairFix(models.Model):
    """指定、排除: what the county settled before the computation, with its reason."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(PairRound, models.CASCADE, related_name="fixes")
    kind = models.CharField("方式", max_length=4, choices=FixKind.choices())
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    village = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="村")
    reason = models.CharField("理由", max_length=200)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("登记人", max_length=60)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "指定和排除"
        ordering = ("village__path", "unit__name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("round", "unit", "village"),
                name="pair_fix_once",
                violation_error_message="这一对已经登记过指定或排除",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.unit}—{self.village}"

    def audit_place_path(self) -> str:
        return self.round.county.path


class PairPlan(models.Model):
    """结对方案 on a stored snapshot; `snapshot` and `result` are gzip of canonical JSON.

    The problem as it was given to the engine, and the plan with its certificate as it came back.
    """

    class Origin(models.TextChoices):
        COMPUTED = "computed", "统筹最优"
        ADJUSTED = "adjusted", "人工调整"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(PairRound, models.CASCADE, related_name="plans")
    origin = models.CharField("来源", max_length=10, choices=Origin)
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
        verbose_name = "结对方案"
        ordering = ("round", "number")
        constraints = (
            models.UniqueConstraint(fields=("round", "number"), name="pair_plan_number_once"),
        )

    def __str__(self) -> str:
        return f"方案 {self.number}（{self.get_origin_display()}）"

    def audit_place_path(self) -> str:
        return self.round.county.path


class PairDraft(models.Model):
    """One line of a plan: a unit proposed for a village, with its points by principle."""

    plan = models.ForeignKey(PairPlan, models.CASCADE, related_name="drafts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    village = models.ForeignKey(Place, models.PROTECT, related_name="+")
    points = models.PositiveSmallIntegerField("结对分")
    parts = models.JSONField("四项得分", default=dict)
    pinned = models.BooleanField("指定", default=False)

    class Meta:
        verbose_name = "拟结对"
        ordering = ("village__path", "unit__name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("plan", "unit", "village"), name="pair_draft_once"),
        )

    def __str__(self) -> str:
        return f"{self.unit}—{self.village}"

    def audit_place_path(self) -> str:
        return self.village.path


class PairAdjustment(models.Model):
    """A change by hand with its price and named, dated reason; it leads to the next plan."""

    class Kind(models.TextChoices):
        PIN = "pin", "指定"
        BAN = "ban", "排除"
        SWAP = "swap", "互换"
        UNPIN = "unpin", "取消指定"
        UNBAN = "unban", "取消排除"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(PairRound, models.CASCADE, related_name="adjustments")
    kind = models.CharField("方式", max_length=6, choices=Kind)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    village = models.ForeignKey(Place, models.PROTECT, related_name="+")
    other_unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    other_village = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField("理由", max_length=300)
    price = models.JSONField("代价", default=dict)
    before = models.ForeignKey(PairPlan, models.CASCADE, related_name="+")
    after = models.ForeignKey(PairPlan, models.CASCADE, related_name="made_by")
    made_by_id = models.BigIntegerField("账号", null=True)
    made_by_name = models.CharField("调整人", max_length=60)
    made_at = models.DateTimeField("调整时间")

    class Meta:
        verbose_name = "结对方案调整"
        ordering = ("made_at", "pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.unit}—{self.village}"

    @property
    def title(self) -> str:
        """指定：县财政局—松树村, with the other pair of a swap."""
        said = f"{self.get_kind_display()}：{self.unit}—{self.village}"
        other = f"，{self.other_unit}—{self.other_village}" if self.other_unit else ""
        return said + other

    @property
    def gains(self) -> list[tuple[str, int]]:
        """What each goal gained by it, in the order of the goals."""
        goals = self.price.get("goals", [])
        return [(goal["name"], goal["after"] - goal["before"]) for goal in goals]

    def audit_place_path(self) -> str:
        return self.round.county.path
