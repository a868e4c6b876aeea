"""How is the time that a form took added up?"""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F

from lingyan.common import clock
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.wall import reach
from lingyan.posting.models import FormUse


def count_form(form: str, seconds: int, *, actor: Actor) -> None:
    """One more sending of a form in this role this month. No trace: it tells nothing of anybody.

    One statement, and one more for the first of a month; two firsts at once become one row.
    """
    home = reach.reach_of(actor).home
    if not home:  # of the installation, or of a place above the county
        return
    key = {
        "county_path": home[0],
        "month": clock.today().replace(day=1),
        "role": actor.role,
        "form": form,
    }
    more = {"sent": F("sent") + 1, "seconds": F("seconds") + seconds}
    if FormUse.objects.filter(**key).update(**more):
        return
    try:
        with transaction.atomic():
            FormUse.objects.create(**key, sent=1, seconds=seconds)
    except IntegrityError:
        FormUse.objects.filter(**key).update(**more)
