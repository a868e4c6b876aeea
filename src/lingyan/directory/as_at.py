"""Who held which post and which role, and which organizations were there, on any day?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import F, Q, QuerySet

from lingyan.directory import assignments, queries, search
from lingyan.directory.models import PartyOrganization, RoleAssignment, VillageOfficer
from lingyan.directory.roles import LOCAL_GRANTERS, Role
from lingyan.directory.rules.organizations import OrganizationState
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.as_at import values_on
from lingyan.platform.ui.registers import Line, Register
from lingyan.platform.ui.templatetags.ui import day

READERS = (
    Role.COUNTY_ORG_STAFF,
    Role.COUNTY_ORG_ADMIN,
    Role.COUNTY_ORG_LEADER,
    Role.COUNTY_AGRI,
    Role.TOWN_ORG,
    Role.TOWN_SECRETARY,
    Role.VILLAGE_SECRETARY,
)


def _posts(actor: Actor, on: date) -> QuerySet[VillageOfficer]:
    return queries.list_officers_on(actor.scope, on)


def _post_lines(rows: Sequence[VillageOfficer], on: date) -> list[Line]:
    return [
        Line(
            (
                one.person.name,
                str(one.village.parent or ""),
                str(one.village),
                one.get_post_display(),
                day(one.since),
            ),
            until=one.until,
        )
        for one in rows
    ]


def _organizations(actor: Actor, on: date) -> QuerySet[PartyOrganization]:
    """Set up by that day and not yet dissolved; one that is only prepared is none yet."""
    there = Q(until__isnull=True) | Q(until__gt=on)
    found = PartyOrganization.objects.visible_to(actor.scope).filter(there, since__lte=on)
    return found.select_related("place__parent", "parent", "unit")


def _organization_lines(rows: Sequence[PartyOrganization], on: date) -> list[Line]:
    names, states = values_on(rows, "name", on), values_on(rows, "state", on)
    labels = dict(OrganizationState.choices())
    return [
        Line(
            (
                str(names[one.pk]),
                one.get_kind_display(),
                str(one.place),
                str(one.parent or ""),
                str(labels.get(states[one.pk], states[one.pk])),
                day(one.since),
            ),
            until=one.until,
        )
        for one in rows
    ]


def _roles(actor: Actor, on: date) -> QuerySet[RoleAssignment]:
    granted = assignments.list_grantable(actor).filter(assignments.in_force(on))
    return granted.annotate(path=F("place__path"))


def _role_lines(rows: Sequence[RoleAssignment], on: date) -> list[Line]:
    return [
        Line((one.user.name, one.get_role_display(), one.where, day(one.since)), until=one.until)
        for one in rows
    ]


def _organization_search(text: str) -> Q:
    return Q(name__icontains=text) | search.of_places_q(text, "place")


POSTS = Register(
    "posts", "村干部任职", READERS, ("姓名", "乡镇", "村", "职务", "任职日期"),
    _posts, _post_lines, "village__path",
    lambda text: search.of_people_q(text, "person") | search.of_places_q(text, "village"),
    ("village__path", "post"), "officer_list",
)  # fmt: skip
ORGANIZATIONS = Register(
    "organizations", "党组织", READERS,
    ("名称", "类型", "所在地", "上级党组织", "状态", "成立日期"),
    _organizations, _organization_lines, "place__path", _organization_search,
    ("place__path", "name"),
)  # fmt: skip
ROLES = Register(
    "roles", "身份和管辖范围", LOCAL_GRANTERS, ("姓名", "身份", "管辖范围", "起始日期"),
    _roles, _role_lines, "place__path", assignments.named_q,
    ("user__name", "since"), "granted_list",
)  # fmt: skip
