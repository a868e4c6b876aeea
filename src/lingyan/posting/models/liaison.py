"""Who keeps in touch with which town or posting, who came on which day, and what was said?"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from lingyan.directory.models import Place, RoleAssignment
from lingyan.directory.scoping import PATH_DIGITS, place_q
from lingyan.platform.accounts.actor import Scope
from lingyan.posting.models.diary import posting_q
from lingyan.posting.models.postings import Posting
from lingyan.posting.rules.liaison_words import LiaisonKind, VisitForm, VisitSide

if TYPE_CHECKING:
    from typing import Self


class LiaisonQuerySet(models.QuerySet["Liaison"]):
    def visible_to(self, scope: Scope) -> Self:
        """Of the places in the scope, and of the town over it: a village knows its contact."""
        above = [
            path[:end]
            for path in scope.place_paths
            for end in range(PATH_DIGITS, len(path), PATH_DIGITS)
        ]
        seen = posting_q(scope) | Q(town__isnull=False) & place_q(scope, "town__")
        return self.filter(seen | Q(town__path__in=above))

    def open(self) -> Self:
        return self.filter(until__isnull=True)


class Liaison(models.Model):
    """联系: a leader's towns or a committee member's postings (R-2-30); `until` is exclusive."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("类别", max_length=8, choices=LiaisonKind.choices())
    holder = models.ForeignKey(
        RoleAssignment, models.PROTECT, related_name="+", verbose_name="联系人"
    )
    town = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="乡镇"
    )
    posting = models.ForeignKey(
        Posting, models.PROTECT, null=True, blank=True, related_name="liaisons",
        verbose_name="派驻",
    )  # fmt: skip
    since = models.DateField("从哪天起")
    until = models.DateField("到哪天前", null=True, blank=True)
    made_by_name = models.CharField("登记人", max_length=60)

    objects = LiaisonQuerySet.as_manager()

    class Meta:
        verbose_name = "联系"
        ordering = ("kind", "-since", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="area", town__isnull=False, posting__isnull=True)
                | Q(kind="fixed", town__isnull=True, posting__isnull=False),
                name="liaison_of_town_or_posting",
                violation_error_message="分片联系选乡镇，定点走访选派驻人员",
            ),
            models.UniqueConstraint(
                fields=("town",), condition=Q(until__isnull=True), name="liaison_town_once",
                violation_error_message="这个乡镇已有联系人",
            ),
            models.UniqueConstraint(
                fields=("posting",), condition=Q(until__isnull=True), name="liaison_posting_once",
                violation_error_message="该同志已有定点走访的委员",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.holder.user.name} {self.get_kind_display()} {self.target}"

    @property
    def target(self) -> str:
        if self.posting is not None:
            return f"{self.posting.village}{self.posting.person}"
        return str(self.town)

    def audit_place_path(self) -> str:
        if self.posting is not None:
            return self.posting.village.path
        assert self.town is not None
        return self.town.path


class VisitQuerySet(models.QuerySet["Visit"]):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(posting_q(scope))

    def counted(self) -> Self:
        return self.filter(withdrawn="")


class Visit(models.Model):
    """走访谈心: who came to whom on which day, and what was seen and said (R-2-27).

    Nothing of it is deleted: a mistake is withdrawn with a reason.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="visits", verbose_name="派驻")
    liaison = models.ForeignKey(
        Liaison, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name="联系"
    )
    side = models.CharField("来自", max_length=8, choices=VisitSide.choices())
    form = models.CharField("形式", max_length=8, choices=VisitForm.choices())
    happened_on = models.DateField("日期")
    by_head = models.BooleanField("单位主要负责人带队", default=False)
    met_person = models.BooleanField("见到本人", default=True)
    with_whom = models.CharField("同行和参加的人", max_length=100, blank=True)
    text = models.TextField("看了什么、谈了什么")
    withdrawn = models.CharField("撤回理由", max_length=200, blank=True)
    made_by_id = models.IntegerField(null=True)
    made_by_name = models.CharField("走访人", max_length=60)
    made_at = models.DateTimeField("登记时间")

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = "走访谈心"
        ordering = ("-happened_on", "-made_at", "pk")
        indexes = (
            models.Index(fields=("posting", "happened_on"), name="visit_by_posting"),
            models.Index(fields=("happened_on", "posting"), name="visit_by_day"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("posting", "happened_on", "form", "made_by_id"),
                condition=Q(withdrawn=""),
                name="visit_once_a_day",
                violation_error_message="您这一天已经登记过同样的走访谈心",
            ),
        )

    def __str__(self) -> str:
        return f"{self.happened_on} {self.get_form_display()}"

    def audit_place_path(self) -> str:
        return self.posting.village.path
