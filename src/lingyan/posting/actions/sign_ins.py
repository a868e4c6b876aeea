"""How does somebody sign in by location, once a day, where the county has switched it on?"""

from __future__ import annotations

from django.db import transaction

from lingyan.common import clock
from lingyan.common.nearness import point_of
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
    """One press; again on the same day only from outside the range into it. No trace of a place."""
    posting = (
        Posting.objects.select_for_update(of=("self",)).select_related("village").get(pk=posting.pk)
    )
    north, east = rules.coordinate(latitude, 90), rules.coordinate(longitude, 180)
    own = actor.role in POSTED and posting.person_id == actor.scope.person_id
    facts = rules.SignInFacts(
        is_on=queries.is_on(posting),
        is_own=own,
        is_at_work=posting.state in AT_WORK and posting.until is None,
        has_place=north is not None and east is not None,
    )
    refuse(rules.refuse_sign_in(facts))
    assert north is not None, "refused above"
    assert east is not None, "refused above"
    village, radius = queries.village_point(posting), queries.radius_of(posting)
    within = rules.is_within(point_of(north, east), village, radius)
    said = {"within": within, "latitude": rules.rounded(north), "longitude": rules.rounded(east)}
    made, is_new = SignIn.objects.get_or_create(
        posting=posting, happened_on=clock.today(),
        defaults={"county": county_of(posting.village), **said},
    )  # fmt: skip
    if not is_new and (made.within is not False or not within):
        return made
    before = None if is_new else made.within
    for name, value in said.items():
        setattr(made, name, value)
    made.save(update_fields=[*said])
    told = {"happened_on": [None, made.happened_on], "within": [before, within]}
    record("posting.sign_in.made", actor=actor, subject=made, changes=told)
    return made
