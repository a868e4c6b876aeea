"""Who still holds a role in a village without the post that it stood on?"""

from __future__ import annotations

from datetime import date

from lingyan.directory import assignments
from lingyan.directory.models import RoleAssignment, VillageOfficer
from lingyan.directory.roles import Role
from lingyan.directory.rules.departures import POSTS_OF_ROLE


def roles_without_post(today: date) -> list[tuple[RoleAssignment, VillageOfficer]]:
    """Roles whose posts have all ended since they were granted, each with the last of them.

    A role that was granted later, or to somebody whose post nobody has registered, is not asked.
    """
    held = list(
        RoleAssignment.objects.filter(
            assignments.in_force(today), role__in=POSTS_OF_ROLE, place__isnull=False,
            handed_from__isnull=True, user__person__offices__until__lte=today,
        ).select_related("user__person").distinct().order_by("pk")
    )  # fmt: skip
    people = {one.user.person.pk for one in held}
    offices: dict[tuple[object, object], list[VillageOfficer]] = {}
    rows = VillageOfficer.objects.filter(person__in=people).select_related("person", "village")
    for office in rows.order_by("until", "pk"):
        offices.setdefault((office.person_id, office.village_id), []).append(office)
    found = []
    for one in held:
        posts = POSTS_OF_ROLE[Role(one.role)]
        own = [
            office
            for office in offices.get((one.user.person.pk, one.place_id), [])
            if office.post in posts
        ]
        if (last := _last_ended(own, one.since, today)) is not None:
            found.append((one, last))
    return found


def _last_ended(
    offices: list[VillageOfficer], granted_on: date, today: date
) -> VillageOfficer | None:
    """The post that ended last, where none goes on and the role was there before its end."""
    if not offices or any(one.until is None or one.until > today for one in offices):
        return None
    last = max(offices, key=lambda one: one.until or today)
    return last if last.until is not None and last.until > granted_on else None
