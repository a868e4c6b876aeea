"""Who may open which address, and does anybody learn of a record that is not theirs?

The table of roles and addresses is the code's own: each view states its roles. It is carried out
here over every address that exists; a new one is tried without a word being added, and fails when
it asks for a record that `tests/furnished.py` does not have.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from lingyan.common import clock
from lingyan.directory.models import Place, RoleAssignment
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.exchange.exporting import export_records
from lingyan.platform.exchange.registry import KINDS
from tests.demo_line import MARK, heads, says_demo
from tests.furnished import (
    EXAMPLES,
    INSTALLATION,
    ISSUED_ON,
    Address,
    Furnished,
    addresses,
    body,
    changed_tables,
    furnish,
    photograph,
    speaks_for,
    spoken,
)
from tests.world import build_world

# Who may open what is said by the views, and behind the wall tests/access asks again.
pytestmark = pytest.mark.pure

NAMED = sorted({role for one in addresses() for role in one.roles} - {"any", "public"})
# One role that no page names stands for all of them.
TRIED = (*NAMED, Role.VILLAGER.value)
BUSINESS = tuple(role for role in TRIED if role not in INSTALLATION)


@pytest.fixture(scope="module")
def _house(django_db_setup: None, django_db_blocker: Any) -> Iterator[Furnished]:
    """Built once: every test of this file takes its changes back."""
    with django_db_blocker.unblock(), transaction.atomic():
        furnished = furnish(build_world())
        # Signed in beforehand: a first visit would change the picture of the tables.
        for actor in (*furnished.world.everyone, *furnished.next_door.values()):
            furnished.client(actor)
        yield furnished
        transaction.set_rollback(True)


@pytest.fixture
def house(_house: Furnished, db: None) -> Iterator[Furnished]:
    with clock.at(ISSUED_ON):
        yield _house


def asked(client: Client, address: str) -> list[tuple[str, Any]]:
    """Both ways of asking. A page for POST only answers 405 to GET, before anything else."""
    found = [("POST", client.post(address))]
    got = client.get(address)
    return found if got.status_code == 405 else [("GET", got), *found]


def asked_once(client: Client, address: str, *, reading: bool) -> Any:
    answer = client.get(address) if reading else None
    return client.post(address) if answer is None or answer.status_code == 405 else answer


def test_every_address_can_be_tried(house: Furnished) -> None:
    unknown = [
        f"{one.name}: {part}"
        for one in addresses()
        for part in one.parts
        if house.value(one, part) is None
    ]

    assert not unknown, f"tests/furnished.py has no record for {unknown}"


def test_who_has_not_signed_in_is_led_to_the_sign_in_page(house: Furnished) -> None:
    before, wrong = photograph(), []
    for one in addresses():
        if one.is_public:
            continue
        for method, answer in asked(Client(), house.url(one)):
            to_sign_in = answer.headers.get("Location", "").startswith("/sign-in/")
            if answer.status_code != 302 or not to_sign_in:
                wrong.append(f"{method} {one.name}: {answer.status_code}")

    assert not wrong
    assert not changed_tables(before)


def test_who_has_no_role_is_told_so_everywhere(house: Furnished) -> None:
    client = house.client(house.world.officer)
    RoleAssignment.objects.filter(user_id=house.world.officer.user_id).delete()
    before, names = photograph(), house.names()

    answers = [(one, asked(client, house.url(one))) for one in addresses() if not one.is_public]

    wrong = [
        f"{method} {one.name}: {answer.status_code}"
        for one, both in answers
        for method, answer in both
        if answer.status_code != 403 or spoken(answer, names)
    ]
    assert not wrong
    assert not changed_tables(before)


@pytest.mark.parametrize("role", TRIED)
def test_a_role_without_the_page_is_refused_before_anything_is_read(
    house: Furnished, role: str
) -> None:
    """One gate stands before all pages and both ways of asking.

    So a third of the roles ask for each page, in both ways, in turn; what the gate goes by is the
    declaration, which tests/access/test_table.py holds against the pages for all of them.
    """
    client, names, before = house.client(house.next_door[role]), house.names(), photograph()
    refused = [
        (turn, one)
        for turn, one in enumerate(addresses(), TRIED.index(role))
        if turn % 3 == 0 and not one.is_public and not one.open_to(role)
    ]

    answers = [
        (one, asked_once(client, house.url(one), reading=bool(turn % 2))) for turn, one in refused
    ]
    wrong = [
        f"{one.name}: {answer.status_code} {spoken(answer, names)}"
        for one, answer in answers
        if answer.status_code != 403 or spoken(answer, names)
    ]

    assert refused
    assert not wrong
    assert not changed_tables(before)


@pytest.mark.parametrize("role", BUSINESS)
def test_next_door_no_list_count_form_or_file_speaks_of_the_world(
    house: Furnished, role: str
) -> None:
    """What is read is asked by every role; what is sent, by a third of them in turn."""
    client, names, wrong = house.client(house.next_door[role]), house.names(), []
    for turn, one in enumerate(addresses(), BUSINESS.index(role)):
        if one.asks_for_a_record or one.is_public or not one.open_to(role):
            continue
        url = house.url(one)
        for method, answer in asked(client, url) if turn % 3 == 0 else [("GET", client.get(url))]:
            said = {(one.name, name) for name in spoken(answer, names)} - EXAMPLES
            if said:
                wrong.append(f"{method} {one.name}: {said}")

    assert not wrong


@pytest.mark.slow
@pytest.mark.parametrize("role", BUSINESS)
def test_next_door_no_filter_or_search_works_as_a_question(house: Furnished, role: str) -> None:
    """A filter by a hidden id answers like one by an id that nobody has; no search finds.

    What is hidden does not hang on the role: each asks half of the pages for some of it, in turn.
    """
    client, names = house.client(house.next_door[role]), house.names()
    turn = BUSINESS.index(role)
    # A short one is a word of any page.
    hidden = [
        text
        for part, value in house.ids.items()
        if part.endswith(("_id", "number")) and len(text := str(value)) > 4
    ]
    paths = [house.world.north.path, house.world.pine.path]
    asked_for = {str(uuid.uuid4()): hidden[turn :: len(BUSINESS)], "00070007": [paths[turn % 2]]}
    texts = ("甲", "松树", "R00", "山组发")[turn % 2 :: 2]
    words = ("unit", "town", "round", "village", "person", "state", "option", "post", "kind")
    wrong = []
    for page, one in enumerate(addresses(), turn):
        if page % 2 or one.asks_for_a_record or one.is_public or not speaks_for(role, one):
            continue
        url = house.url(one)
        if client.get(url).status_code != 200:
            continue
        for other, values in asked_for.items():
            nowhere = client.get(url, dict.fromkeys(words, other))
            nothing = body(nowhere)
            for value in values:
                there = client.get(url, dict.fromkeys(words, value))
                # Asked for in a word, a day among a page's periods also stands there of itself.
                same = without(body(there), (value, other)) == without(nothing, (value, other))
                if there.status_code != nowhere.status_code or not (same or is_file(there)):
                    wrong.append(f"{one.name} {value}")
        wrong += [
            f"{one.name} ?q={text}: {said}"
            for text in texts
            if (said := spoken(client.get(url, {"q": text}), names))
        ]

    assert not wrong


def is_file(answer: Any) -> bool:
    return "attachment" in answer.headers.get("Content-Disposition", "")


@pytest.mark.parametrize("role", [role for role in BUSINESS if role.startswith("county_")])
def test_the_county_itself_finds_every_record_that_its_roles_open(
    house: Furnished, role: str
) -> None:
    """The other side of the table, so that a refusal above is no accident."""
    client = client_in_the_county(house, role)
    wrong = []
    for one in addresses():
        if not one.asks_for_a_record or not one.open_to(role) or one.name in PRIVATE:
            continue
        answer = client.get(house.url(one))
        body(answer)  # a file is closed when it has been read
        if answer.status_code not in (200, 302, 405, 409):
            wrong.append(f"{one.name}: {answer.status_code}")
        if answer.status_code != 405:
            absent = client.get(house.nowhere(one))
            if absent.status_code != 404:
                wrong.append(f"{one.name}: {absent.status_code} for a random id")

    assert not wrong


# Sent back as it came in: what it says is up to whoever wrote it.
AS_IT_CAME = {"exchange_file"}
# Words without data of the county.
WITHOUT_DATA = {"healthz", "readyz", "diary_worker", "mfa_download_recovery_codes"}


def test_every_page_and_file_of_a_demo_says_so(house: Furnished) -> None:
    Place.objects.update(is_demo=True)
    silent, shown = [], set()
    for one in addresses():
        # What has no record yet is named by another test.
        if one.name in AS_IT_CAME | WITHOUT_DATA:
            continue
        if any(house.value(one, part) is None for part in one.parts):
            continue
        for actor in house.world.everyone:
            if not (one.is_public or one.open_to(actor.role)):
                continue
            answer = house.client(actor).get(house.url(one))
            if answer.status_code == 200:
                shown.add(one.name)
                silent += [] if says_demo(answer) else [one.name]
                break
            body(answer)
            if answer.status_code == 405:
                break

    assert not silent
    assert len(shown) > 130


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_every_sheet_of_a_demo_says_so(house: Furnished, form: str, tmp_path: Path) -> None:
    """The same writer serves the page, the API and `lingyan export`."""
    Place.objects.update(is_demo=True)
    system, silent = Actor.system("试"), []
    for kind in KINDS.values():
        options = [option for option, _ in kind.options(system)][:1] if kind.option_label else [""]
        for option in options:
            target = tmp_path / f"{kind.code}.{form}"
            export_records(kind, target, option=option, actor=system)
            lines = heads(target.read_bytes()) if form == "xlsx" else [
                target.read_text("utf-8-sig").splitlines()[0]
            ]  # fmt: skip
            silent += [kind.code] if not all(MARK in line for line in lines) else []

    assert not silent


# One's own only: a job, and a file that somebody else has sent in.
OWN = {"asked_id", "clearing_id", "job_id", "import_id", "token_id"}
# Asked of one department of the county: another one has questions of its own.
OF_A_DEPARTMENT = {"rect_answer", "joint_review_answer"}
PRIVATE = {one.name for one in addresses() if OWN & set(one.parts)} | OF_A_DEPARTMENT


def client_in_the_county(house: Furnished, role: str) -> Client:
    for actor in house.world.everyone:
        if actor.role == role:
            return house.client(actor)
    from tests.world import _actor

    actor = _actor(f"in-{role}", "本县同志", Role(role), place=house.world.county)
    return house.world.client(actor)


# Records of 松树村, of 李甲一 or of 县财政局: whoever holds another village, town, person or unit
# of the same county must not find them, though the round is theirs as well.
OF_DUTY = {"diary_id", "photo_id", "conflict_id", "problem_id", "case_id", "replacement_id",
           "task_id", "task_photo_id",
           "vacated_id", "posting_id", "pairing_id", "pair_fund_id", "pair_entry_id",
           "fund_claim_id", "pair_problem_id", "problem_claim_id", "site_id", "activity_id",
           "activity_photo_id", "pair_invitation_id", "deed_id", "meeting_id",
           "milestone_id", "path_id", "project_id", "youth_id", "rect_case_id",
           "rect_consultation_id", "rect_problem_id", "rect_vote_id",
           "rect_follow_up_id"}  # fmt: skip
OF_PINE = {"place_id", "check_id", "need_list_id", "round_village_id", "officer_id",
           "pair_village_id", "duty_list_id", "review_round_id", "review_result_id",
           "review_problem_id", "term_change_id", "candidate_id", "joint_review_id",
           "answer_id", "lookback_id", "organization_id", "reserve_id", "monthly_period_id",
           "monthly_report_id", *OF_DUTY}  # fmt: skip
OF_LI = {"person_id", "entry_id", "proof_id", "round_person_id", "relative_id", "unit_id",
         "pair_unit_id", *OF_DUTY}  # fmt: skip
# The same of 周甲六 of 县第一中学 in 磨坊村.
OF_ZHOU = {"leave_id", "absence_id", "step_id", "appraised_id", "appeal_id", "box_id", "visit_id",
           "interview_id", "policy_id", "budget_id", "fund_entry_id", "record_id", "help_id",
           "honor_id", "career_id"}  # fmt: skip
# The county's own, or the installation's; what each of its towns and units may share in.
OF_THE_COUNTY = {
    "asked_id", "briefing_id", "briefing_template_id", "clearing_id",
    "assignment_id", "change_id", "cycle_id", "day_id", "first_id", "import_id", "job_id",
    "liaison_id", "merge_id", "notice_objection_id", "objection_id", "other_id", "pair_fix_id",
    "pair_id", "pair_plan_id", "pair_round_id",
    "correction_id", "line_id", "payment_id", "plan_id", "round_id", "second_id", "token_id",
    "user_id", "village_id",
}  # fmt: skip


def test_of_every_record_it_is_said_whose_it_is() -> None:
    parts = {part for one in addresses() for part in one.parts if part.endswith("_id")}

    assert not parts - OF_PINE - OF_LI - OF_ZHOU - OF_THE_COUNTY


@pytest.mark.parametrize(
    "who",
    ["south_org", "stone_secretary", "school_admin", "wang",
     "north_org", "pine_secretary", "unit_admin", "pine_first"],
)  # fmt: skip
def test_the_neighbour_in_the_same_county_finds_nothing_of_ours(house: Furnished, who: str) -> None:
    actor, kinds = neighbour(house, who)
    theirs = {_told_apart(kind, house.ids[kind]) for kind in kinds}
    client, wrong, tried = house.world.client(actor), [], 0
    before = photograph()
    for one in addresses():
        values = {
            _told_apart(part, house.value(one, part)) for part in one.parts if part.endswith("_id")
        }
        if not one.open_to(actor.role) or not values & theirs:
            continue
        tried += 1
        nowhere = dict(asked(client, house.nowhere(one)))
        for method, answer in asked(client, house.url(one)):
            if (answer.status_code, body(answer)) != (404, body(nowhere[method])):
                wrong.append(f"{method} {one.name}: {answer.status_code}")

    assert tried
    assert not wrong
    assert not changed_tables(before)


def _told_apart(kind: str, value: Any) -> Any:
    """A record may stand under two names; a number may be that of two records."""
    return (kind, value) if isinstance(value, int) else value


def neighbour(house: Furnished, who: str) -> tuple[Actor, set[str]]:
    from tests.posting.scene import candidate_of
    from tests.world import _actor

    world = house.world
    if who == "south_org":
        return world.south_org, OF_PINE
    if who == "stone_secretary":
        return _actor(who, "石书记", Role.VILLAGE_SECRETARY, place=world.stone), OF_PINE
    if who == "school_admin":
        return _actor(who, "校书记", Role.UNIT_PARTY_ADMIN, unit=world.school), OF_LI
    if who == "wang":
        return candidate_of(world.wang), OF_LI
    if who == "pine_first":
        return _actor(who, "松第一", Role.FIRST_SECRETARY, place=world.pine), OF_ZHOU
    return getattr(world, who), OF_ZHOU


# --- ids inside a form: the second path -----------------------------------------------------------


def forms_with_ids(house: Furnished, ids: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Role next door, address, and a form that names records of the world (or of nobody)."""
    return [
        ("county_org_staff", reverse("health_checks_bulk"),
         {"act": "start_review", "check": [ids["check_id"]]}),
        ("county_agri", reverse("health_checks_bulk"),
         {"act": "opinion", "text": "同意", "check": [ids["check_id"]]}),
        ("county_org_staff", reverse("need_lists_issue"), {"need_list": [ids["need_list_id"]]}),
        ("county_org_staff", reverse("need_lists_issue"), {"all": "1"}),
        ("county_org_staff", reverse("pool_review_many"), {"entry": [ids["entry_id"]]}),
        ("county_org_staff", reverse("pool_recommend"), {"person": ids["person_id"]}),
        ("unit_party_admin", reverse("pool_recommend"), {"person": ids["person_id"]}),
        ("county_org_admin", reverse("officer_create"),
         {"person": ids["number"], "village": ids["place_id"], "post": "vc_director",
          "since": "2026-01-01"}),
        ("county_org_admin", reverse("person_create"),
         {"name": "冯丁三", "unit": ids["unit_id"], "gender": "male"}),
        ("unit_party_admin", reverse("person_create"),
         {"name": "冯丁三", "unit": ids["unit_id"], "gender": "male"}),
        ("county_org_admin", reverse("unit_create"),
         {"name": "新单位", "category": "county_dept", "place": ids["place_id"]}),
        ("county_org_admin", reverse("adjoining_list"),
         {"first": ids["north_id"], "second": ids["place_id"]}),
        ("candidate", reverse("choose_role"), {"assignment": ids["assignment_id"]}),
    ]  # fmt: skip


def test_ids_of_the_world_in_a_form_next_door_are_like_ids_of_nobody(house: Furnished) -> None:
    ours = {**house.ids, "north_id": house.world.north.pk, "number": house.world.li.number}
    nobody = {key: uuid.uuid4() for key in ours} | {"number": "R9876"}
    before, names, wrong = photograph(), house.names(), []

    for (role, url, form), (_, _, empty) in zip(
        forms_with_ids(house, ours), forms_with_ids(house, nobody), strict=True
    ):
        client = house.client(house.next_door[role])
        answers = [client.post(url, sent) for sent in (form, empty)]
        texts = [without(body(one), (*ours.values(), *nobody.values())) for one in answers]
        if answers[0].status_code != answers[1].status_code or texts[0] != texts[1]:
            wrong.append(f"{role} {url}: {[one.status_code for one in answers]}")
        if answers[0].status_code < 400 and url != reverse("choose_role"):
            wrong.append(f"{role} {url}: {answers[0].status_code}")
        if said := [name for name in names if name in texts[0]]:
            wrong.append(f"{role} {url} says {said}")

    assert not wrong
    assert not changed_tables(before)


def without(text: str, values: Any) -> str:
    for value in sorted(map(str, values), key=len, reverse=True):
        if len(value) > 4:
            text = text.replace(value, "")
    return text


def test_a_round_next_door_takes_no_village_person_or_unit_of_the_world(house: Furnished) -> None:
    client, names = house.client(house.next_door["county_org_staff"]), house.names()
    made = client.post(
        reverse("round_open"),
        {"name": "邻县批次", "term_starts_on": "2026-06-01", "term_months": "24", "seed": "7",
         **round_defaults(client)},
    )  # fmt: skip
    assert made.status_code == 302, body(made)
    own = made.headers["Location"].rstrip("/").rsplit("/", 1)[1]
    before, ids, wrong = photograph(), house.ids, []

    for name, form in (
        ("round_villages_add", {"village": [ids["need_list_id"]], "need": [ids["need_list_id"]]}),
        ("round_villages_add", {"need_list": [ids["need_list_id"]], "chosen": [ids["place_id"]]}),
        ("round_people_add", {"entry": [ids["entry_id"]], "person": [ids["person_id"]]}),
        ("round_people_add", {"chosen": [ids["entry_id"]]}),
        ("round_villages_remove", {"village": [ids["round_village_id"]]}),
        ("round_people_remove", {"person": [ids["round_person_id"]]}),
        ("objection_add", {"kind": "unit_town", "unit": ids["unit_id"], "reason": "试",
                           "place": str(house.world.north.pk), "person": ids["person_id"]}),
    ):  # fmt: skip
        answer = client.post(reverse(name, args=[own]), form)
        if answer.status_code < 400 or spoken(answer, names):
            wrong.append(f"{name}: {answer.status_code} {spoken(answer, names)}")
    for kind in ("people", "villages", "villages/add", "people/add", "objections"):
        answer = client.get(f"/posting/rounds/{own}/{kind}/")
        if spoken(answer, names):
            wrong.append(f"{kind}: {spoken(answer, names)}")

    assert not wrong
    assert not changed_tables(before)


def round_defaults(client: Client) -> dict[str, Any]:
    """What the form itself offers, as a browser would send it back."""
    form = client.get(reverse("round_open")).context["form"]
    return {
        field.html_name: field.value()
        for field in form
        if field.value() not in (None, "") and field.name not in ("name", "term_starts_on", "seed")
    }


# --- rights that end, and rights that somebody would like to have ---------------------------------


def test_a_role_that_has_ended_opens_nothing_from_the_next_request_on(house: Furnished) -> None:
    client = house.client(house.world.officer)
    assert client.get(reverse("round_list")).status_code == 200

    RoleAssignment.objects.filter(user_id=house.world.officer.user_id).update(until=ISSUED_ON)

    assert client.get(reverse("round_list")).status_code == 403


def test_somebody_elses_role_cannot_be_taken_on(house: Furnished) -> None:
    client = house.client(house.world.south_org)
    officers = RoleAssignment.objects.get(user_id=house.world.officer.user_id)

    client.post(reverse("choose_role"), {"assignment": str(officers.pk)})

    assert client.get(reverse("pool_list")).status_code == 403


def test_a_role_of_the_future_opens_nothing_yet(house: Furnished) -> None:
    user_id = house.world.officer.user_id
    RoleAssignment.objects.filter(user_id=user_id).update(since=date(2026, 3, 11))

    assert house.client(house.world.officer).get(reverse("round_list")).status_code == 403


def test_every_page_of_the_installation_is_closed_to_the_business(house: Furnished) -> None:
    pages: list[Address] = [one for one in addresses() if one.of_installation]

    assert {one.name for one in pages} >= {"account_list", "audit_list"}
    for actor in house.world.everyone:
        if actor.role in INSTALLATION:
            continue
        for one in pages:
            assert house.client(actor).post(house.url(one)).status_code == 403, one.name
