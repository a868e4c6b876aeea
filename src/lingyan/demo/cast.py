"""Who acts in a demo county? Accounts like any; only those shown have a password."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from lingyan.demo.accounts import TO_TRY, Listed, make_account
from lingyan.demo.synthetic import People
from lingyan.directory.actions.accounts import hand_out_passwords
from lingyan.directory.models import Person, Place, RoleAssignment, Unit, VillageOfficer
from lingyan.directory.queries import actor_of
from lingyan.directory.roles import Role
from lingyan.directory.rules import OfficerPost
from lingyan.platform.accounts.actor import Actor

SYSTEM = Actor.system("演示数据")


@dataclass
class Cast:
    """The actors of one county; towns, units and candidates get theirs when first asked for."""

    county: Place
    people: People
    listed: list[Listed] = field(default_factory=list)
    _actors: dict[str, Actor] = field(default_factory=dict)
    _units: dict[UUID, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        county = self.county
        self.officer = self._make("officer", Role.COUNTY_ORG_STAFF, place=county)
        self.leader = self._make("leader", Role.COUNTY_ORG_LEADER, place=county)
        self.admin = self._make("orgadmin", Role.COUNTY_ORG_ADMIN, place=county)
        self.agri = self._make("agri", Role.COUNTY_AGRI, place=county)
        self.finance = self._make("finance", Role.COUNTY_FINANCE, place=county)
        self._make("audit", Role.COUNTY_AUDIT, place=county)
        self._make("discipline", Role.COUNTY_DISCIPLINE, place=county)
        self._make("committee", Role.COUNTY_AGENCY_COMMITTEE, place=county)
        self._make("upper", Role.UPPER_VIEWER, place=county)
        self.office = self._make("office", Role.COUNTY_OFFICE, place=county)
        self._make("countyhead", Role.COUNTY_LEADER, place=county)
        self._make("sysadmin", Role.SYS_ADMIN)
        self._make("auditor", Role.AUDIT_ADMIN)

    def town(self, town: Place) -> Actor:
        return self._make(f"town{town.path[-4:].lstrip('0'):0>2}", Role.TOWN_ORG, place=town)

    def town_secretary(self, town: Place) -> Actor:
        """Whoever checks what the town's office has entered."""
        name = f"townhead{town.path[-4:].lstrip('0'):0>2}"
        return self._make(name, Role.TOWN_SECRETARY, place=town)

    def town_leader(self, town: Place) -> Actor:
        name = f"townleader{town.path[-4:].lstrip('0'):0>2}"
        return self._make(name, Role.TOWN_LEADER, place=town)

    def county_leader(self, village: Place) -> Actor:
        """Who leads the rectification of a village."""
        name = f"countyhead{village.path[-8:].lstrip('0')}"
        return self._make(name, Role.COUNTY_LEADER, place=village)

    def village(self, village: Place) -> Actor:
        """The account of the secretary who stands in the register."""
        name = f"village{village.path[-8:].lstrip('0')}"
        known = self._actors.get(name)
        return known or self._make(
            name, Role.VILLAGE_SECRETARY, place=village, person=_secretary_of(village)
        )

    def first_secretary(self, village: Place, person: Person) -> Actor:
        return self._make(
            f"first{village.path[-8:].lstrip('0')}",
            Role.FIRST_SECRETARY,
            place=village,
            person=person,
        )

    def unit(self, unit: Unit) -> Actor:
        number = self._units.setdefault(unit.pk, f"unit{len(self._units) + 1:02d}")
        return self._make(number, Role.UNIT_PARTY_ADMIN, unit=unit)

    def candidate(self, person: Person) -> Actor:
        return self._make(person.number.lower(), Role.CANDIDATE, person=person)

    def show(self, *actors: Actor) -> None:
        """Give these accounts a random password and put them on the printed list."""
        users = [_assignment(actor).user for actor in actors]
        passwords = {user.pk: one for user, one in hand_out_passwords(users, actor=SYSTEM)}
        for actor, user in zip(actors, users, strict=True):
            self.listed.append(
                Listed(
                    user.username,
                    passwords[user.pk],
                    actor.name,
                    f"{actor.role_label} {actor.place_name}".strip(),
                    TO_TRY.get(Role(actor.role), ""),
                )
            )

    def show_offices(self) -> None:
        """Everybody made so far whose place is the county or no place at all."""
        self._make("secadmin", Role.SEC_ADMIN)
        county = {(), (self.county.path,)}
        offices = [one for one in self._actors.values() if one.scope.place_paths in county]
        self.show(*(one for one in offices if not one.scope.unit_ids and not one.scope.person_id))

    def show_others_of(self, village: Place, unit: Unit) -> None:
        """The further roles of a village, its town and a unit."""
        town = village.parent
        self.show(
            self._make("townhead", Role.TOWN_SECRETARY, place=town),
            self._make("townleader", Role.TOWN_LEADER, place=town),
            self._make("unithead", Role.UNIT_LEADER, unit=unit),
            self._make("deptstaff", Role.DEPT_STAFF, unit=unit),
            self._make("villageorg", Role.VILLAGE_ORG, place=village),
            self._make("villagecash", Role.VILLAGE_CASHIER, place=village),
            self._make("villagewatch", Role.VILLAGE_SUPERVISOR, place=village),
            self._make("teammember", Role.TEAM_MEMBER, place=village),
        )

    def _make(
        self,
        username: str,
        role: Role,
        *,
        place: Place | None = None,
        unit: Unit | None = None,
        person: Person | None = None,
    ) -> Actor:
        if username not in self._actors:
            name = person.name if person else self.people.next_name()
            actor, _ = make_account(
                username,
                name,
                role,
                place=place,
                unit=unit,
                person=person,
                actor=SYSTEM,
                may_sign_in=False,
            )
            # Read anew: a candidate's scope is the person that the account was just linked to.
            self._actors[username] = actor_of(_assignment(actor)) if person else actor
        return self._actors[username]


def _secretary_of(village: Place) -> Person | None:
    held = VillageOfficer.objects.filter(
        village=village, post=OfficerPost.PARTY_SECRETARY, until__isnull=True
    ).select_related("person")
    office = held.first()
    return office.person if office else None


def _assignment(actor: Actor) -> RoleAssignment:
    assert actor.user_id is not None
    found = RoleAssignment.objects.select_related("place", "unit", "user__person")
    return found.get(user_id=actor.user_id)
