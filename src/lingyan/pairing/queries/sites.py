"""Which demonstration sites are there, and how did their pairs do in the last assessment?"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory.models import Place
from lingyan.pairing.models import DemoSite, PairActivity, PairAssessment, Pairing
from lingyan.pairing.rules.activity_words import ActivityKind
from lingyan.pairing.rules.assessments import DEMO_SCORE
from lingyan.platform.accounts.actor import Scope


def list_sites(scope: Scope) -> QuerySet[DemoSite]:
    return DemoSite.objects.visible_to(scope).select_related("county")


def get_site(scope: Scope, site_id: UUID) -> DemoSite:
    return get_object_or_404(list_sites(scope), pk=site_id)


def is_taken(county: Place, name: str) -> bool:
    return DemoSite.objects.filter(county=county, name=name, revoked_on__isnull=True).exists()


def last_scores(pairing_ids: Collection[UUID]) -> dict[UUID, int]:
    """Of each pair the score of the last year that was confirmed, in hundredths of a point."""
    rows = PairAssessment.objects.confirmed().filter(pairing__in=pairing_ids, score__isnull=False)
    scores = rows.order_by("year").values_list("pairing_id", "score")
    return {pairing_id: score for pairing_id, score in scores if score is not None}


def worthy_pairs(scope: Scope) -> list[Pairing]:
    """Pairs at work whose last assessment reaches what a site needs."""
    pairs = Pairing.objects.visible_to(scope).active()
    assessed = PairAssessment.objects.confirmed().filter(score__gte=DEMO_SCORE)
    found = list(
        pairs.filter(pk__in=assessed.order_by().values("pairing"))
        .select_related("unit", "village")
        .order_by("village__path", "pk")
    )
    scores = last_scores([one.pk for one in found])
    return [one for one in found if scores.get(one.pk, 0) >= DEMO_SCORE]


def held_there(site: DemoSite) -> QuerySet[PairActivity]:
    """现场观摩 and 经验交流 of its pairs since it was named."""
    pairs = site.pairings.through.objects.filter(demosite=site).values("pairing")
    found = PairActivity.objects.held().filter(
        pairings__in=pairs, kind__in=(ActivityKind.OBSERVATION, ActivityKind.SHARING),
        day__gte=site.named_on,
    )  # fmt: skip
    if site.revoked_on is not None:
        found = found.filter(day__lt=site.revoked_on)
    return found.distinct().select_related("place").order_by("-day", "pk")
