"""The small county with one record of every kind, and somebody of every role next door.

What the addresses of the product ask for (`round_id`, `person_id`…) is answered by `ids`; a test
fails when an address asks for something that is not there.
"""

from __future__ import annotations

import io
import re
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import docx
import openpyxl
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from lingyan.api.actions import create_token
from lingyan.api.gate import OPERATED
from lingyan.common import clock
from lingyan.directory.actions.geography import add_adjoining_towns, set_calendar_days
from lingyan.directory.actions.merging import merge_people
from lingyan.directory.actions.officers import OfficerRow, register_officer
from lingyan.directory.actions.people import (
    PersonRow,
    RelativeRow,
    register_person,
    register_relative,
)
from lingyan.directory.actions.place_changes import ChangeRequest, Result, change_places
from lingyan.directory.models import Person, Place, RoleAssignment, Unit
from lingyan.directory.queries import actor_of
from lingyan.directory.roles import Role
from lingyan.pairing.models import PairRound
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.models import AuditEntry
from lingyan.posting.actions import (
    health_checks,
    intentions,
    leave,
    life,
    notices,
    plans,
    postings,
    presence,
)
from lingyan.posting.models import Objection, Posting, Round
from tests.briefings.briefing_records import briefing_records
from tests.briefings.monthly_records import monthly_records
from tests.organization.committee_records import committee_records
from tests.organization.elect_records import elect_records
from tests.organization.rect_records import rect_records
from tests.organization.rect_work_records import rect_work_records
from tests.organization.review_records import review_records
from tests.pairing.act_records import act_records
from tests.pairing.ledger_records import ledger_records
from tests.pairing.pairing_records import pairing_records
from tests.pairing.round_records import round_records
from tests.platform.export_records import export_records
from tests.platform.sheets import sent, workbook
from tests.posting.appraisal_records import appraisal_records
from tests.posting.checks import check_at, need_list_of
from tests.posting.duty_records import duty_records
from tests.posting.liaison_records import liaison_records
from tests.posting.recall_records import recall_records
from tests.posting.scene import STARTS, TODAY, Scene, pool_entry, proof
from tests.posting.support_records import support_records
from tests.supervision.supervision_records import supervision_records
from tests.world import SINCE, World, _actor, _place

ISSUED_ON = date(2026, 3, 10)
INSTALLATION = (Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN)
OF_UNITS = (Role.UNIT_PARTY_ADMIN, Role.UNIT_LEADER, Role.DEPT_STAFF)
OF_TOWNS = tuple(role for role in Role if role.value.startswith("town_"))
OF_COUNTIES = (*(role for role in Role if role.value.startswith("county_")),
               Role.UPPER_VIEWER)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """One address of the product, as its own declarations describe it."""

    name: str
    parts: tuple[str, ...]
    roles: tuple[str, ...]

    @property
    def is_public(self) -> bool:
        return "public" in self.roles

    @property
    def of_installation(self) -> bool:
        """Pages of the administrators of the installation, who have no county."""
        return set(self.roles) <= set(INSTALLATION)

    @property
    def asks_for_a_record(self) -> bool:
        return any(part.endswith("_id") for part in self.parts)

    def open_to(self, role: str) -> bool:
        return "any" in self.roles or role in self.roles


def speaks_for(role: str, one: Address) -> bool:
    """Of the roles with one kind of scope that may open a page, one speaks for all.

    What is hidden hangs on the kind of scope (the county, a town, a village, a unit, oneself) and
    on the page; who may open it at all is asked of every role. Another role speaks at each page.
    """
    kind = kind_of_scope(role)
    peers = sorted(
        other.value for other in Role if kind_of_scope(other) == kind and one.open_to(other)
    )
    return role in peers and peers[zlib.crc32(one.name.encode()) % len(peers)] == role


def kind_of_scope(role: str) -> str:
    if role in INSTALLATION or role == Role.CANDIDATE:
        return str(role)
    if role in OF_UNITS:
        return "unit"
    if role in OF_COUNTIES:
        return "county"
    return "town" if role in OF_TOWNS else "village"


def addresses() -> list[Address]:
    """Every page of the resolver, whoever wrote it; the API has a table of its own operations."""
    return [
        Address(
            str(pattern.name),
            tuple(pattern.pattern.converters),
            tuple(map(str, pattern.callback.roles)),
        )
        for pattern in _patterns(get_resolver())
        if pattern.callback.roles != (OPERATED,)
    ]


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _patterns(one)
        else:
            yield one


@dataclass
class Furnished:
    world: World
    ids: dict[str, Any]
    special: dict[tuple[str, str], Any]
    next_door: dict[str, Actor]
    clients: dict[int, Client] = field(default_factory=dict)

    def value(self, address: Address, part: str) -> Any:
        return self.special.get((address.name, part), self.ids.get(part))

    def url(self, address: Address) -> str:
        """The address with records of the world."""
        kwargs = {part: self.value(address, part) for part in address.parts}
        return reverse(address.name, kwargs=kwargs) + self._question(address)

    def _question(self, address: Address) -> str:
        """What stands behind the question mark where a page asks for it."""
        if address.name == "exchange_export":
            return "?purpose=名册核对"
        if address.name == "pair_plan_change":
            return f"?kind=pin&unit={self.ids['unit_id']}&village={self.ids['village_id']}"
        if address.name != "plan_change":
            return ""
        post = f"{self.ids['village_id']}/first_secretary"
        return f"?kind=pin&person={self.ids['number']}&post={post}"

    def nowhere(self, address: Address) -> str:
        """The same address with ids that nobody has."""
        kwargs = {part: self.value(address, part) for part in address.parts}
        for part, value in kwargs.items():
            if part.endswith("_id"):
                kwargs[part] = 987654 if isinstance(value, int) else uuid.uuid4()
        return reverse(address.name, kwargs=kwargs) + self._question(address)

    def client(self, actor: Actor) -> Client:
        assert actor.user_id is not None
        if actor.user_id not in self.clients:
            self.clients[actor.user_id] = self.world.client(actor)
        return self.clients[actor.user_id]

    def names(self) -> list[str]:
        """What nobody next door may ever read: names, numbers and titles of the world."""
        inside = Place.objects.filter(path__startswith="0001")
        # 县财政局 is the name of a role too, which every form of roles says.
        units = Unit.objects.filter(place__in=inside).exclude(name__in=[r.label for r in Role])
        people = Person.objects.filter(place__in=inside)
        return [
            *inside.values_list("name", flat=True),
            *inside.values_list("code", flat=True),
            *units.values_list("name", flat=True),
            *people.values_list("name", flat=True),
            *people.values_list("number", flat=True),
            *Round.objects.values_list("name", flat=True),
            *PairRound.objects.values_list("name", flat=True),
            *Posting.objects.values_list("document_number", flat=True).distinct(),
        ]


def furnish(world: World) -> Furnished:
    """One record of each kind, by the product's own actions; the clock stands at `TODAY`."""
    with clock.at(TODAY):
        ids = _records(world)
    return Furnished(world, ids, _special(ids), _next_door(world))


def _records(world: World) -> dict[str, Any]:
    scene = Scene(world)
    round = scene.asked()
    objection = intentions.enter_objection(
        round, Objection.Kind.VILLAGE_VETO, person=world.sun, place=world.pine,
        reason="曾在该村有纠纷", actor=world.north_org,
    )  # fmt: skip
    job = plans.request_plans(round, actor=world.officer)
    plans.compute_plans(
        actor=world.officer, report=lambda percent, text: None, round_id=str(round.pk)
    )
    round = Round.objects.get(pk=round.pk)
    plans.deliberate_round(round, decision="同意", decided_on=TODAY, actor=world.leader)
    plans.announce_round(round, actor=world.officer)
    against = notices.record_objection(
        Round.objects.get(pk=round.pk), draft=None, raised_by="", raised_on=TODAY,
        text="名单里女同志太少", actor=world.officer,
    )  # fmt: skip
    notices.settle_objection(against, outcome="rejected", text="按匹配结果", actor=world.leader)
    with clock.at(ISSUED_ON):
        made = postings.issue_round(
            round, document_number="山组发(2026)3号", starts_on=STARTS, actor=world.admin
        )
    # A name of its own: the one before stands as an example in the form of every county.
    Round.objects.filter(pk=round.pk).update(name="山阳县春季选派")
    check = check_at(world, "confirmed")
    # A fresh list beside the one in force, and a check that is being reviewed.
    review = check_at(world, "joint_review", village=world.brook)
    health_checks.record_opinion(review, actor=world.agri, text="产业基础一般")
    brother = register_person(
        PersonRow("李甲七", world.county, world.finance, gender="male", birth_on=date(1980, 1, 1)),
        actor=world.admin,
    )
    officer = register_officer(
        OfficerRow(brother, world.pine, "party_secretary", date(2024, 1, 1)), actor=world.admin
    )
    relative = register_relative(RelativeRow(world.li, brother, "collateral_3"), actor=world.admin)
    [pair] = add_adjoining_towns([(world.north, world.south)], actor=world.admin)
    [day] = set_calendar_days([(date(2026, 5, 6), False, "县里会议")], actor=world.admin)
    twins = [
        register_person(
            PersonRow(
                "李甲九", world.county, world.finance, number=f"R09{number}",
                birth_on=date(1980, 1, 1 + number % 2),
            ),
            actor=world.admin,
        )
        for number in (1, 2, 3)
    ]  # fmt: skip
    merge = merge_people(twins[0], twins[2], take=(), reason="本人核对", actor=world.admin)
    change = change_places(
        ChangeRequest("rename", (world.mill,), (Result("磨坊新村"),), TODAY, "山民发（2026）1号"),
        actor=world.admin,
    )
    run = sent("people", workbook(("姓名", "单位"), [("吴甲八", "县财政局")]), world.officer)
    li = scene.taking_part(round, world.li)
    assignment = RoleAssignment.objects.get(user_id=world.officer.user_id)
    posting = next(one for one in made if one.person_id == world.li.pk)
    lived = _life(world)
    token, _ = create_token(
        assignment, name="报表程序", access="read", until=date(2026, 6, 1), actor=world.officer
    )
    return {
        "place_id": world.pine.pk,
        "village_id": world.pine.pk,
        "unit_id": world.finance.pk,
        "person_id": world.li.pk,
        "relative_id": relative.pk,
        "officer_id": officer.pk,
        "pair_id": pair.pk,
        "day_id": day.pk,
        "change_id": change.pk,
        "first_id": twins[0].pk,
        "second_id": twins[1].pk,
        "merge_id": merge.pk,
        "check_id": check.pk,
        "need_list_id": need_list_of(check).pk,
        "entry_id": world.li.pool_entry.pk,
        "proof_id": world.li.capability_evidence.first().pk,
        "round_id": round.pk,
        "round_person_id": li.pk,
        "round_village_id": scene.village(round, world.pine).pk,
        "objection_id": objection.pk,
        "notice_objection_id": against.pk,
        "plan_id": Round.objects.get(pk=round.pk).chosen_plan_id,
        "other_id": round.plans.exclude(pk=round.chosen_plan_id).first().pk,
        "number": world.li.number,
        "posting_id": posting.pk,
        **lived,
        **duty_records(world),
        **support_records(world),
        **(pairs := pairing_records(world)),
        **round_records(world),
        **act_records(world, pairs["pairing_id"]),
        **ledger_records(world),
        **rect_records(world),
        **rect_work_records(world),
        **committee_records(world),
        **elect_records(world),
        **review_records(world),
        **recall_records(world, Round.objects.get(pk=round.pk)),
        **export_records(world),
        **supervision_records(world),
        **briefing_records(world),
        **monthly_records(world),
        "role": "first_secretary",
        "code": "people",
        "check_code": "exchange.import_stuck",
        "indicator": "IND-3-01",
        "job_id": job.pk,
        "import_id": run.pk,
        "user_id": world.officer.user_id,
        "assignment_id": assignment.pk,
        "token_id": token.pk,
    }


def _life(world: World) -> dict[str, Any]:
    """Somebody at work in 磨坊村, with a leave, an absence and a proposal that wait."""
    at_work = Posting.objects.create(
        person=world.zhou, village=world.mill, unit=world.school, kind="team_member",
        origin="new", state="active", document_number="山组发(2025)9号", since=date(2025, 4, 1),
        planned_until=date(2027, 4, 1), created_at=clock.now(),
    )  # fmt: skip
    asked = leave.ask_leave(
        at_work, kind="personal", since=date(2026, 3, 20), until=date(2026, 3, 22),
        reason="家中有事", actor=world.south_org,
    )  # fmt: skip
    absence = presence.find_absence(
        at_work, on=date(2026, 2, 27), text="走访时不在村", actor=world.south_org
    )
    step = life.propose_step(
        at_work, act="extend", text="项目在建", planned_until=date(2027, 10, 1),
        actor=world.officer,
    )  # fmt: skip
    return {
        "leave_id": asked.pk, "absence_id": absence.pk, "step_id": step.pk, "month": "2026-02",
        **appraisal_records(world, at_work),
        **liaison_records(world, at_work),
    }  # fmt: skip


def _special(ids: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """Where an address means another record by the same word."""
    return {
        ("wish_add", "village_id"): ids["round_village_id"],
        ("wish_refuse", "village_id"): ids["round_village_id"],
        **{
            (f"appraisal_{page}", "entry_id"): ids["appraised_id"]
            for page in ("entry", "leave_out", "take_in", "grade", "appeal")
        },
        ("help_step", "act"): "accept",
        ("liaison_add", "kind"): "area",
        ("vacancy_detail", "posting_id"): ids["vacated_id"],
        ("vacancy_nominate", "posting_id"): ids["vacated_id"],
        ("vacancy_propose", "posting_id"): ids["vacated_id"],
        ("recall_step", "act"): "deliver",
        ("organization_step", "act"): "reorganize",
        ("reserve_step", "act"): "train",
        ("rect_case_step", "act"): "start",
        ("rect_step", "act"): "self_check",
        ("rect_problem_step", "act"): "begin",
        ("rect_support", "kind"): "S1",
        ("term_change_meeting", "body"): "vc",
        ("lookback_step", "act"): "mend",
        ("supervision_task_step", "act"): "accept",
        ("interview_step", "act"): "hold",
        **{
            (f"briefing_{page}", "briefing_id"): ids["open_briefing_id"]
            for page in ("edit", "preview", "pick", "step")
        },
        ("briefing_step", "act"): "check",
        ("monthly_step", "act"): "excuse",
        ("pair_problem_step", "act"): "accept",
        ("recall_letter", "kind"): "told",
        ("pair_round_step", "act"): "reopen",
        ("pair_plan_compare_with", "other_id"): ids["pair_other_plan_id"],
        ("replacement_step", "act"): "stop",
        ("repair_detail", "pairing_id"): ids["left_pairing_id"],
        ("sample_draw", "place_id"): ids["sampled_id"],
    }


def _next_door(world: World) -> dict[str, Actor]:
    """Somebody of every role in 邻水县: a town, a village, a unit and a person of its own."""
    county = world.elsewhere.parent
    assert county is not None
    village = _place("000200010001", "village", "柳林村", world.elsewhere, "990200100200")
    office = Unit.objects.create(name="邻水县发展改革局", category="county_dept", place=county)
    person = Person.objects.create(
        number="N0001", name="冯丁一", unit=office, gender="male", birth_on=date(1986, 2, 3),
        place=county, political_status="full_member",
    )  # fmt: skip
    pool_entry(person)
    proof(person, "economy", 3)
    found = {}
    for role in Role:
        name = f"next-{role.value}"
        if role in INSTALLATION:
            found[role.value] = _actor(name, f"外{role.label}", role)
        elif role is Role.CANDIDATE:
            found[role.value] = _candidate(name, person)
        elif role in OF_UNITS:
            found[role.value] = _actor(name, f"外{role.label}", role, unit=office)
        else:
            place = county if role in OF_COUNTIES else world.elsewhere
            place = place if role in (*OF_COUNTIES, *OF_TOWNS) else village
            found[role.value] = _actor(name, f"外{role.label}", role, place=place)
    return found


def _candidate(username: str, person: Person) -> Actor:
    user = User.objects.create_user(username, name=person.name)
    person.user = user
    person.save(update_fields=["user"])
    assignment = RoleAssignment.objects.create(user=user, role=Role.CANDIDATE, since=SINCE)
    return actor_of(assignment)


# --- what an answer says, and whether anything has changed ----------------------------------------

TOKEN = re.compile(r"[A-Za-z0-9]{64}")
IGNORED_TABLES = ("django_session", "usersessions_usersession", "sqlite_sequence")


def body(response: Any) -> str:
    """The page without what differs at each answer."""
    data = b"".join(response.streaming_content) if response.streaming else response.content
    return TOKEN.sub("", data.decode("utf-8", "replace"))


# Written into the template of every county, whoever asks; somebody of the world is called so, too.
EXAMPLES = {("exchange_template", "李甲一"), ("get_template", "李甲一")}


def spoken(answer: Any, names: list[str]) -> list[str]:
    """Names of the world in an answer, in its body or where it leads to; files are opened."""
    kind = answer.headers.get("Content-Type", "")
    opened = cells if "spreadsheet" in kind else words if "wordprocessing" in kind else None
    text = opened(answer.content) if opened else body(answer)
    text += answer.headers.get("Location", "")
    return [name for name in names if name in text]


def words(data: bytes) -> str:
    """Every paragraph and every cell of a Word file."""
    document = docx.Document(io.BytesIO(data))
    found = [one.text for one in document.paragraphs]
    for table in document.tables:
        found += [cell.text for row in table.rows for cell in row.cells]
    return "\n".join(found)


def cells(data: bytes) -> str:
    """Every cell of every sheet."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    text = "\n".join(
        str(value)
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if value is not None
    )
    book.close()
    return text


def photograph() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table: a refused act leaves the same picture."""
    picture = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table not in IGNORED_TABLES:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                picture[table] = sorted(cursor.fetchall(), key=repr)
    return picture


def changed_tables(before: dict[str, list[tuple[Any, ...]]]) -> list[str]:
    now = photograph()
    return [table for table in now if now[table] != before.get(table)]


def last_entry() -> AuditEntry | None:
    return AuditEntry.objects.order_by("-number").first()
