"""Who had a part in one fact: which pairs, which first secretaries?"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.scoping import PATH_DIGITS, place_q
from lingyan.pairing.models.pairings import Pairing
from lingyan.platform.accounts.actor import Scope


def claim_q(scope: Scope) -> Q:
    """Claims of the scope: of its villages, of its units, of the person."""
    seen = place_q(scope, "village__") | Q(unit_id__in=scope.unit_ids)
    return seen | Q(person_id=scope.person_id) if scope.person_id else seen


def own_part(scope: Scope) -> Scope:
    """What of a scope is no place: a claim lies where its fact lies."""
    return Scope((), scope.unit_ids, scope.person_id)


def is_whole_county(scope: Scope) -> bool:
    """Whether the places of a scope hold every claim on what lies in them."""
    return all(len(path) <= PATH_DIGITS for path in scope.place_paths)


class Claim(models.Model):
    """认领: one side that had a part in a fact. One taken back stays, with the reason.

    `village` and `unit` are those of the pair, so that a scope is a condition on this table alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(
        Pairing, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="结对"
    )
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="第一书记"
    )
    village = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name="村")
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    dropped = models.CharField("撤回原因", max_length=200, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by_name = models.CharField("认领人", max_length=40)
    made_at = models.DateTimeField("认领时间")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"第一书记{self.person}" if self.pairing_id is None else str(self.pairing)

    def audit_place_path(self) -> str:
        return self.village.path


ONE_CLAIMANT = Q(pairing__isnull=False, person__isnull=True) | Q(
    pairing__isnull=True, person__isnull=False
)
