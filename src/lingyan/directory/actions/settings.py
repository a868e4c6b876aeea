"""How does a county set a number of its own?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from lingyan.common import clock
from lingyan.common.county_settings import REGISTER, refuse_setting
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import CountySetting, Place
from lingyan.directory.rules.hands import ADMIN
from lingyan.directory.settings import list_settings
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record

NOT_THE_ADMIN = Refusal("directory.setting.wrong_role", "县里的标准由县委组织部管理员登记")


@transaction.atomic
def set_setting(
    county: Place, *, key: str, amount: Decimal, since: date, clause: str, actor: Actor
) -> CountySetting:
    """From a day on; what was decided before keeps the number that it was decided with."""
    county = Place.objects.select_for_update(of=("self",)).get(pk=county.pk)
    setting, held = REGISTER[key], list_settings(county).filter(key=key)
    refuse(
        (
            *(() if actor.role in ADMIN else (NOT_THE_ADMIN,)),
            *refuse_setting(
                setting, amount=amount, clause=clause, since=since, today=clock.today(),
                is_known=held.filter(since=since).exists(),
            ),
        )
    )  # fmt: skip
    before = held.filter(since__lte=since).order_by("-since", "-pk").first()
    one = CountySetting.objects.create(
        county=county, key=key, amount=amount, since=since, clause=clause.strip(),
        made_by_id=actor.user_id, made_by_name=actor.name, made_at=clock.now(),
    )  # fmt: skip
    record(
        "directory.setting.set",
        actor=actor,
        subject=one,
        changes={"amount": [before and str(before.amount), str(amount)], "since": [None, since]},
        reason=one.clause,
    )
    return one
