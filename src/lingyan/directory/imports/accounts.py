"""What does the sheet of accounts say, and how does it become accounts with their roles?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from lingyan.common import clock
from lingyan.common.pages import Flaw
from lingyan.directory import assignments, queries
from lingyan.directory.actions import accounts as actions
from lingyan.directory.imports.naming import Names, RowReader
from lingyan.directory.models import Person, Place, RoleAssignment, Unit
from lingyan.directory.roles import LEVELS, OF_A_PERSON, OF_A_UNIT, THREE_ADMINISTRATORS, Role
from lingyan.directory.sheets.accounts import ACCOUNTS
from lingyan.platform.accounts.actor import EVERYTHING, Actor
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.reading import note_listed
from lingyan.platform.exchange.comparing import outcome_of, wrong
from lingyan.platform.exchange.images import image_of
from lingyan.platform.exchange.registry import ExchangeKind, Incoming, RowOutcome, Written
from lingyan.platform.exchange.rules import Verdict

USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")
BAD_USERNAME = Flaw(
    "账号应以小写字母开头，只含小写字母、数字和 . _ -，3 到 40 个",
    "请改正，不要用身份证号和电话",
    "the login name is not one",
    "3 to 40 small letters, digits or . _ -",
)
OTHER_NAME = Flaw(
    "这个账号已有，姓名与此不同",
    "请核对账号；同名账号请另起",
    "the account exists under another name",
    "check the login name",
)
NOT_YOURS = Flaw(
    "没有这个账号；新建账号由系统管理员办理",
    "请先请系统管理员建立账号",
    "no such account; the system administrator makes new ones",
    "have the account made first",
)
NO_PERSON = Flaw("没有这个编号的人员", "请先在“人员”中登记", "no such person", "register it first")
NO_WHERE = Flaw(
    "请写明管辖的区划或单位",
    "县级身份写县名，乡镇写乡镇名，村写村名，单位身份写单位全称",
    "the place or unit is missing",
    "write the place or the unit",
)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One row with everything looked up."""

    username: str
    name: str
    person: Person | None = None
    role: str = ""
    place: Place | None = None
    unit: Unit | None = None
    since: date | None = None
    until: date | None = None


@dataclass(slots=True)
class _Register:
    """What is known before the first row, and what the rows before have added."""

    actor: Actor
    names: Names
    users: dict[str, User]
    people: dict[str, Person]
    held: dict[int, list[RoleAssignment]]
    may_create: bool
    added: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, incoming: Incoming, actor: Actor) -> _Register:
        # The administrators of the installation see no village and no person, but name them all.
        everywhere = replace(actor, scope=EVERYTHING)
        users = assignments.users_named([row.values["username"] for row in incoming.rows])
        numbers = [row.values["person"] for row in incoming.rows if row.values.get("person")]
        return cls(
            actor=actor,
            names=Names(everywhere),
            users={user.username: user for user in users},
            people={one.number: one for one in queries.list_people_numbered(numbers)},
            held={user.pk: list(user.assignments.all()) for user in users},
            may_create=actor.role in actions.MAY_MANAGE,
        )


def match_accounts(incoming: Incoming, *, actor: Actor) -> list[RowOutcome]:
    register = _Register.of(incoming, actor)
    return [_match(RowReader(row, ACCOUNTS, register.names), register) for row in incoming.rows]


def _match(reader: RowReader, register: _Register) -> RowOutcome:
    row = _looked_up(reader, register)
    user = register.users.get(row.username)
    label = f"{row.name}（{row.username}）"
    stored = _stored(row, user, register)
    if row.role and stored is None and not reader.faults:
        _ask_the_rule(reader, row, user, register)
    if reader.faults:
        return wrong(reader.row, label, reader.faults)
    register.added.setdefault(row.username, row.name)
    known = user is not None and (stored is not None or not row.role)
    given = _row_of(row)
    return outcome_of(
        reader.row,
        ACCOUNTS,
        label=label,
        stored=(_stored_row(user, stored) if known and user else None),
        given=given,
        subject=stored,
        plan=row,
        group=row.username,
    )


def _looked_up(reader: RowReader, register: _Register) -> AccountRow:
    values = reader.row.values
    username, name = values["username"].strip(), values["name"]
    _check_account(reader, register, username, name)
    person = register.people.get(values.get("person") or "")
    if values.get("person") and person is None:
        reader.fault("person", NO_PERSON)
    note_listed(*_people_of(register.users.get(username), person))
    role = values.get("role") or ""
    place, unit = _where(reader, role) if role else (None, None)
    since, until = values.get("since"), values.get("until")
    return AccountRow(username, name, person, role, place, unit, since, until)


def _people_of(user: User | None, *named: Person | None) -> list[Person]:
    """Whose the account is, and who else is named."""
    return [one for one in (getattr(user, "person", None), *named) if one is not None]


def _check_account(reader: RowReader, register: _Register, username: str, name: str) -> None:
    user = register.users.get(username)
    if user is None and not USERNAME.fullmatch(username):
        reader.fault("username", BAD_USERNAME)
        return
    known_as = user.name if user else register.added.get(username)
    if known_as is not None and known_as != name:
        reader.fault("name", OTHER_NAME)
    if user is None and not register.may_create:
        reader.fault("username", NOT_YOURS)


def _where(reader: RowReader, role: str) -> tuple[Place | None, Unit | None]:
    """The place or unit of the role, at the level at which the role lies."""
    kind = Role(role)
    if kind in THREE_ADMINISTRATORS | OF_A_PERSON:
        return None, None
    text = reader.text("where")
    if kind in OF_A_UNIT:
        if not text:
            reader.fault("where", NO_WHERE)
        return None, reader.unit("where")
    levels = LEVELS[kind]
    if not text:
        root = reader.names.root if "county" in levels else None
        if root is None:
            reader.fault("where", NO_WHERE)
        return root, None
    above = [one for one in reader.names.places if one.level in levels and text in
             {one.name, one.short_name} and one.level not in ("township", "village")]  # fmt: skip
    if len(above) == 1:
        return above[0], None
    if "township" in levels and reader.names.towns.all(text):
        return reader.town("where"), None
    return (reader.village("where") if "village" in levels else reader.town("where")), None


def _stored(row: AccountRow, user: User | None, register: _Register) -> RoleAssignment | None:
    """The same role over the same, where it is held already."""
    if user is None or not row.role:
        return None
    wanted = (row.role, row.place.pk if row.place else None, row.unit.pk if row.unit else None)
    today = clock.today()
    for one in register.held.get(user.pk, ()):
        ended = one.until is not None and one.until <= today
        if (one.role, one.place_id, one.unit_id) == wanted and not one.handed_from_id and not ended:
            return one
    return None


def _ask_the_rule(
    reader: RowReader, row: AccountRow, user: User | None, register: _Register
) -> None:
    candidate = RoleAssignment(
        user=user or User(username=row.username, name=row.name),
        role=row.role,
        place=row.place,
        unit=row.unit,
        since=row.since or clock.today(),
        until=row.until,
    )
    reader.refuse("role", actions.refuse_grant(candidate, row.person, register.actor))


def apply_accounts(outcomes: Sequence[RowOutcome], *, actor: Actor, option: str) -> list[Written]:
    """Accounts come without a password: the administrator takes the sheet of them afterwards."""
    written: list[Written] = []
    for one in outcomes:
        row: AccountRow = one.plan
        if one.verdict is Verdict.CHANGED:
            written += _changed(one, row, actor)
        elif one.verdict is Verdict.NEW:
            written += _created(one, row, actor)
    return written


def _created(outcome: RowOutcome, row: AccountRow, actor: Actor) -> list[Written]:
    [*known] = assignments.users_named([row.username])
    person_before = image_of(row.person) if row.person and row.person.user_id is None else None
    written = []
    if known:
        user = known[0]
    else:
        user = actions.create_account(
            username=row.username, name=row.name, password=None, actor=actor, person=row.person
        )
        written.append(Written(outcome.number, user, None))
    if row.role:
        granted = actions.grant_role(
            user, role=row.role, place=row.place, unit=row.unit, person=row.person,
            since=row.since, until=row.until, actor=actor,
        )  # fmt: skip
        written.append(Written(outcome.number, granted, None))
    if row.person and person_before:
        written.append(Written(outcome.number, row.person, person_before))
    return written


def _changed(outcome: RowOutcome, row: AccountRow, actor: Actor) -> list[Written]:
    assignment = outcome.subject
    assert isinstance(assignment, RoleAssignment), "only a period changes"
    before = image_of(assignment)
    changed = actions.change_period(
        assignment,
        since=row.since or assignment.since,
        until=row.until or assignment.until,
        actor=actor,
    )
    return [Written(outcome.number, changed, before)]


def _row_of(row: AccountRow) -> dict[str, Any]:
    return {
        "username": row.username,
        "name": row.name,
        "person": row.person.number if row.person else None,
        "role": row.role or None,
        "where": _words(row.place, row.unit) or None,
        "town": _town_of(row.place),
        "since": row.since if row.role else None,
        "until": row.until,
    }


def _stored_row(user: User, held: RoleAssignment | None) -> dict[str, Any]:
    person = getattr(user, "person", None)
    return {
        "username": user.username,
        "name": user.name,
        "person": person.number if person else None,
        "role": held.role if held else None,
        "where": _words(held.place, held.unit) if held else None,
        "town": _town_of(held.place) if held else None,
        "since": held.since if held else None,
        "until": held.until if held else None,
    }


def _words(place: Place | None, unit: Unit | None) -> str:
    return place.short_name if place else str(unit or "")


def _town_of(place: Place | None) -> str | None:
    village = place is not None and place.level == "village" and place.parent is not None
    return place.parent.short_name if village and place and place.parent else None


def export_accounts(*, actor: Actor, option: str) -> Iterator[Mapping[str, Any]]:
    """One row for each role in force or to come; an account without one has a row of its own."""
    today, twice = clock.today(), assignments.unit_names_held_twice()
    for user in assignments.list_accounts().select_related("person").order_by("username"):
        note_listed(*_people_of(user))
        held = [
            one
            for one in user.assignments.all()
            if not one.handed_from_id and (one.until is None or one.until > today)
        ]
        if not held:
            yield _stored_row(user, None)
        for one in held:
            row = _stored_row(user, one)
            if one.unit and one.unit.name in twice:
                row["where"] = f"{one.unit}（{one.unit.place.short_name}）"
            yield row


KIND = ExchangeKind(
    code="accounts",
    sheet=ACCOUNTS,
    about="账号、姓名、身份、管辖范围和起止；导入后在“账号”页面取初始密码单",
    import_roles=(Role.SYS_ADMIN, Role.SEC_ADMIN),
    export_roles=(Role.SYS_ADMIN, Role.SEC_ADMIN),
    match=match_accounts,
    apply=apply_accounts,
    export_rows=export_accounts,
)
