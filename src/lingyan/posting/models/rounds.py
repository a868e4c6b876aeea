"""Which villages and people take part in a round, and what did each side say?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from lingyan.directory.models import Person, Place
from lingyan.directory.scoping import place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models.needs import NeedList, OfVillageQuerySet
from lingyan.posting.models.people import OfPersonQuerySet
from lingyan.posting.rules import words

if TYPE_CHECKING:
    from typing import Self


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, scope: Scope) -> Self:
        """Rounds of the county in scope, or in which one's villages, unit or self take part."""
        seen = place_q(scope, "county__")
        if scope.place_paths and not scope.is_everything:
            seen |= Q(Exists(RoundVillage.objects.visible_to(scope).filter(round=OuterRef("pk"))))
        if scope.unit_ids or scope.person_id:
            seen |= Q(Exists(RoundPerson.objects.visible_to(scope).filter(round=OuterRef("pk"))))
        return self.filter(seen)


class Round(models.Model):
    """批次: one run of two-way selection (R-2-20), from opened to issued."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    county = models.ForeignKey(Place, models.PROTECT, verbose_name="县")
    name = models.CharField("批次名称", max_length=80)
    state = models.CharField(
        "状态",
        max_length=20,
        choices=words.RoundState.choices(),
        default=words.RoundState.OPEN,
    )
    settings = models.JSONField("规则与权重", default=dict, help_text="建立批次时冻结的规则版本")
    seed = models.PositiveIntegerField("抽签种子", default=1)
    term_starts_on = models.DateField("拟派驻起始日")
    term_months = models.PositiveSmallIntegerField("任期(月)", default=24)
    chosen_plan = models.ForeignKey(
        "Plan",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="采用方案",
    )
    decision_text = models.TextField("部务会意见", blank=True)
    decided_on = models.DateField("研究日期", null=True, blank=True)
    decided_by_name = models.CharField("研究登记人", max_length=60, blank=True)
    announced_on = models.DateField("公示日期", null=True, blank=True)
    notice_ends_on = models.DateField("公示期满日", null=True, blank=True)
    notice_is_provisional = models.BooleanField("暂算", default=False)
    document_number = models.CharField("发文字号", max_length=60, blank=True)
    issued_on = models.DateField("发文日期", null=True, blank=True)
    computation_job_id = models.UUIDField("最近一次计算的作业", null=True, editable=False)
    cancelled_reason = models.TextField("取消原因", blank=True)
    created_by_id = models.BigIntegerField("建立账号", null=True)
    created_at = models.DateTimeField("建立时间")
    is_demo = models.BooleanField("演示数据", default=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = "选派批次"
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("county", "name"),
                name="round_name_once_per_county",
                violation_error_message="本县已有同名批次",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def audit_place_path(self) -> str:
        return self.county.path


class RoundVillage(models.Model):
    """A village in a round, with the need list that was frozen for it and its seats."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="villages")
    village = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="村")
    need_list = models.ForeignKey(NeedList, models.PROTECT, related_name="+")
    intentions_done = models.BooleanField("意向已提交", default=False)

    objects = OfVillageQuerySet.as_manager()

    class Meta:
        verbose_name = "批次中的村"
        ordering = ("village__path",)
        indexes = (
            models.Index(fields=("round", "intentions_done"), name="round_village_by_state"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("round", "village"),
                name="round_village_once",
                violation_error_message="该村已在本批次中",
            ),
        )

    def __str__(self) -> str:
        return f"{self.round} {self.village}"

    def audit_place_path(self) -> str:
        return self.village.path


class RoundPerson(models.Model):
    """A candidate in a round, with the state of the wish list."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, models.PROTECT, related_name="rounds", verbose_name="人选")
    wish_state = models.CharField(
        "志愿状态",
        max_length=12,
        choices=words.WishListState.choices(),
        default=words.WishListState.DRAFT,
    )
    returned_reason = models.CharField("退回原因", max_length=200, blank=True)
    withdrawn_reason = models.CharField("退出原因", max_length=200, blank=True)
    withdrawn_on = models.DateField("退出日期", null=True, blank=True)

    objects = OfPersonQuerySet.as_manager()

    class Meta:
        verbose_name = "批次人选"
        ordering = ("person__number",)
        indexes = (
            models.Index(
                fields=("round", "withdrawn_on", "wish_state"), name="round_person_by_state"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("round", "person"),
                name="round_person_once",
                violation_error_message="该同志已在本批次中",
            ),
        )

    def __str__(self) -> str:
        return f"{self.round} {self.person}"

    def audit_place_path(self) -> str:
        return self.person.place.path


class Wish(models.Model):
    """志愿: a candidate's village, class 1 best; equal classes are a tie."""

    round_person = models.ForeignKey(RoundPerson, models.CASCADE, related_name="wishes")
    round_village = models.ForeignKey(RoundVillage, models.CASCADE, related_name="wishes")
    rank = models.PositiveSmallIntegerField("志愿顺序")

    class Meta:
        verbose_name = "志愿"
        ordering = ("rank", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("round_person", "round_village"),
                name="wish_village_once",
                violation_error_message="同一个村只能填一次",
            ),
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=5), name="wish_rank_1_to_5"),
        )

    def __str__(self) -> str:
        return f"第{self.rank}志愿 {self.round_village.village}"


class Intention(models.Model):
    """意向: a town's (village's) candidate for a post, class 1 best."""

    round_village = models.ForeignKey(RoundVillage, models.CASCADE, related_name="intentions")
    round_person = models.ForeignKey(RoundPerson, models.CASCADE, related_name="intentions")
    role = models.CharField("岗位", max_length=20, choices=words.Role.choices())
    rank = models.PositiveSmallIntegerField("意向顺序")

    class Meta:
        verbose_name = "意向"
        ordering = ("role", "rank", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("round_village", "role", "round_person"),
                name="intention_person_once",
                violation_error_message="同一人选在一个岗位只能填一次",
            ),
            models.CheckConstraint(
                condition=Q(rank__gte=1, rank__lte=5), name="intention_rank_1_to_5"
            ),
        )

    def __str__(self) -> str:
        return f"第{self.rank}意向 {self.round_person.person}"


class Objection(models.Model):
    """Two sides that may not be matched, with the reason: R13 to R17."""

    class Kind(models.TextChoices):
        VILLAGE_VETO = "village_veto", "村不接收"
        PERSON_REFUSAL = "person_refusal", "本人不去"
        UNIT_TOWN = "unit_town", "单位与乡镇回避"
        COUNTY_BAN = "county_ban", "人工排除"
        BUSINESS = "business", "公务回避"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="objections")
    kind = models.CharField("类别", max_length=20, choices=Kind)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(
        "directory.Unit", models.PROTECT, null=True, blank=True, related_name="+"
    )
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="村或乡镇")
    reason = models.CharField("原因", max_length=300)
    entered_on = models.DateField("登记日期")
    entered_by_id = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = "不宜匹配"
        ordering = ("place__path",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.person or self.unit} {self.place}"

    def audit_place_path(self) -> str:
        return self.place.path


class NoticeObjection(models.Model):
    """公示异议: what somebody said against an announced name, and what came of it (R-2-20).

    `plan` is the plan that was announced. Without a person the objection is about the whole list.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="notice_objections")
    plan = models.ForeignKey("Plan", models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    village = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField("岗位", max_length=20, blank=True, choices=words.Role.choices())
    raised_by = models.CharField("异议人", max_length=60, blank=True)
    raised_on = models.DateField("提出日期")
    text = models.TextField("异议内容")
    state = models.CharField(
        "状态",
        max_length=10,
        choices=words.ObjectionState.choices(),
        default=words.ObjectionState.OPEN,
    )
    outcome_text = models.TextField("核查情况和处理意见", blank=True)
    handled_on = models.DateField("办结日期", null=True, blank=True)
    handled_by_id = models.BigIntegerField(null=True)
    handled_by_name = models.CharField("办结人", max_length=60, blank=True)
    entered_by_id = models.BigIntegerField(null=True)
    entered_by_name = models.CharField("登记人", max_length=60)
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "公示异议"
        ordering = ("raised_on", "entered_at")

    def __str__(self) -> str:
        return self.about

    @property
    def about(self) -> str:
        """Which line of the notice it speaks of."""
        if self.person is None:
            return "整个名单"
        return f"{self.person}—{self.village}{self.get_role_display()}"

    def audit_place_path(self) -> str:
        return self.round.county.path
