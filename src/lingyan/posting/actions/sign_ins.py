"""How does somebody sign in by location, once a day, where the county has switched it on?"""

from __future__ import annotations

from django.db import transaction

from lingyan.common import clock
from lingyan.common.refusals import refuse
from lingyan.directory.queries import county_of
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.posting.models import Posting, SignIn
from lingyan.posting.queries import sign_ins as queries
from lingyan.posting.rules import POSTED
from lingyan.posting.rules import sign_ins as rules
from lingyan.posting.rules.life import AT_WORK


@transaction.atomic
def sign_in(posting: Posting, *, latitude: str, longitude: str, actor: Actor) -> SignIn:
    """One press; pressed again the same day it is the same one. The trace holds no place."""
    posting = (
        Posting.objects.select_for_update(of=("self",)).select_related("village").get(pk=posting.pk)
    )
    north, east = rules.rounded(latitude, 90), rules.rounded(longitude, 180)
    own = actor.role in POSTED and posting.person_id == actor.scope.person_id
    facts = rules.SignInFacts(
        is_on=queries.is_on(posting),
        is_own=own,
        is_at_work=posting.state in AT_WORK and posting.until is None,
        has_place=north is not None and east is not None,
    )
    refuse(rules.refuse_sign_in(facts))
    made, is_new = SignIn.objects.get_or_create(
        posting=posting,
        happened_on=clock.today(),
        defaults={"county": county_of(posting.village), "latitude": north, "longitude": east},
    )
    if is_new:
        told = {"happened_on": [None, made.happened_on]}
        record("posting.sign_in.made", actor=actor, subject=made, changes=told)
    return made
