"""How are pairs named a demonstration site, and how does a site come to an end (R-3-07)?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Place
from lingyan.directory.rules.hands import LEADER
from lingyan.pairing.actions.claims import hand
from lingyan.pairing.models import DemoSite, Pairing
from lingyan.pairing.queries import sites as queries
from lingyan.pairing.rules import sites as rules
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record

NOT_THE_LEADER = Refusal("pairing.site.wrong_role", "示范点由县委组织部部务会成员命名和取消")


def _refuse_role(actor: Actor) -> tuple[Refusal, ...]:
    return () if actor.role in LEADER else (NOT_THE_LEADER,)


@transaction.atomic
def name_site(
    county: Place, pairings: Sequence[Pairing], *, name: str, named_on: date,
    document_number: str, zone: str = "", actor: Actor,
) -> DemoSite:  # fmt: skip
    """命名: each pair's last confirmed assessment is at least 90."""
    county = Place.objects.select_for_update(of=("self",)).get(pk=county.pk)
    scores = queries.last_scores([one.pk for one in pairings])
    refuse(
        (
            *_refuse_role(actor),
            *rules.refuse_to_name(
                name=name,
                named_on=named_on,
                today=clock.today(),
                document_number=document_number,
                taken=queries.is_taken(county, name.strip()),
                scores={str(one): scores.get(one.pk) for one in pairings},
            ),
        )
    )
    site = DemoSite.objects.create(
        county=county, name=name.strip(), zone=zone.strip(), named_on=named_on,
        document_number=document_number.strip(), **hand(actor),
    )  # fmt: skip
    site.pairings.set(pairings)
    named = [str(one) for one in pairings]
    changes = {"named_on": [None, named_on], "pairings": [None, named]}
    record("pairing.site.named", actor=actor, subject=site, changes=changes)
    return site


@transaction.atomic
def revoke_site(site: DemoSite, *, reason: str, revoked_on: date, actor: Actor) -> DemoSite:
    site = DemoSite.objects.select_for_update(of=("self",)).select_related("county").get(pk=site.pk)
    refuse(
        (
            *_refuse_role(actor),
            *rules.refuse_to_revoke(
                reason=reason,
                revoked_on=revoked_on,
                named_on=site.named_on,
                today=clock.today(),
                is_revoked=site.revoked_on is not None,
            ),
        )
    )
    site.revoked_on, site.revoked_reason = revoked_on, reason.strip()
    site.save(update_fields=["revoked_on", "revoked_reason"])
    record("pairing.site.revoked", actor=actor, subject=site, reason=site.revoked_reason,
           changes={"revoked_on": [None, revoked_on]})  # fmt: skip
    return site
