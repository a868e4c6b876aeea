"""Whatever somebody types into an address or a form: never an error of ours, always an answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.test import Client

from lingyan.common import clock
from tests.furnished import ISSUED_ON, Address, Furnished, addresses, body, furnish
from tests.world import build_world

HUGE = "100000000000000000000"
LONG = "很长" * 5000
QUESTIONS = {
    "pages beyond the end": "page=-1&size=x",
    "numbers beyond the table": f"page={HUGE}&size={HUGE}&round={HUGE}&unit={HUGE}&town={HUGE}",
    "nothing after the sign": "page=&size=&q=&sort=&state=&town=",
    "a zero byte": "q=%00&page=%00&town=%00&unit=%00&sort=%00&person=%00&post=%00&kind=pin",
    "broken UTF-8": "q=%ff%fe&town=%ff&state=%c3%28&sort=%ff&option=%ff",
    "half a surrogate": "q=%ed%a0%80&option=%ed%a0%80&post=%ed%a0%80",
    "repeated keys": "q=a&q=b&page=1&page=2&sort=name&sort=-name&state=a&state=b",
    "other kinds of sorting": "sort=--name&sort=password&show=password&post=__class__",
    "a formula and a quote": "q=%27%22%3B%3D1%2B1--%25_%5C&town=%25&unit=%27",
    "marks of a pattern": "q=%25%25__%5C%5C&unit=%28%5B&state=.*",
    "digits of another script": "page=%D9%A3&size=%EF%BC%95%EF%BC%90",
    "very long": f"q={'x' * 3000}&town={'9' * 3000}",
    "a change by hand of nobody": "kind=swap&person=R9999&other=R9998&post=x/y",
}
# What pages answer before they ask a database.
OF_THE_PAGE = (
    "pages beyond the end", "nothing after the sign", "repeated keys", "other kinds of sorting",
    "a formula and a quote", "a change by hand of nobody",
)  # fmt: skip
TYPED = {
    "very long text": LONG,
    "a zero byte": "a\x00b",
    "a huge number": HUGE,
    "a negative number": "-1",
    "not a number": "十二",
    "a day that is not": "2026-02-30",
    "the end of days": "9999-12-31",
    "before all days": "0000-00-00",
    "somebody's id": str(uuid.UUID(int=7)),
    "marks of a page": "<script>alert(1)</script>",
    "only blanks": "   \u3000",
    "half a surrogate": "\udcff",
}
IMPOSSIBLE = (HUGE, "0", "-1", "x", "%00", "%ff", str(uuid.UUID(int=0)), "a" * 2000)
WHO = ("admin", "officer", "leader", "agri", "north_org", "unit_admin", "candidate",
       "pine_secretary", "sys_admin", "audit_admin")  # fmt: skip


@pytest.fixture(scope="module")
def _house(django_db_setup: None, django_db_blocker: Any) -> Iterator[Furnished]:
    """Built once: every test of this file takes its changes back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield furnish(build_world())
        transaction.set_rollback(True)


@pytest.fixture
def house(_house: Furnished, db: None) -> Iterator[Furnished]:
    with clock.at(ISSUED_ON):
        yield _house


def signed_in(house: Furnished, who: str) -> tuple[Client, list[Address]]:
    actor = getattr(house.world, who)
    client = house.world.client(actor)
    client.raise_request_exception = False
    return client, [one for one in addresses() if not one.is_public and one.open_to(actor.role)]


FORM = "application/x-www-form-urlencoded"


def sent(client: Client, url: str, form: Mapping[str, str]) -> Any:
    """Post a form whose text need not be text: a lone surrogate travels as a broken byte."""
    return client.post(url, urlencode(form, errors="surrogateescape"), content_type=FORM)


def broken(answer: Any) -> bool:
    body(answer)  # a file is closed when it has been read
    return bool(answer.status_code >= 500)


ASKERS = ("admin", "north_org", "unit_admin", "candidate", "sys_admin")


@pytest.mark.parametrize(
    "what",
    [
        pytest.param(what, marks=pytest.mark.pure if what in OF_THE_PAGE else ())
        for what in QUESTIONS
    ],
)
@pytest.mark.parametrize("who", ASKERS)
def test_no_question_in_the_address_breaks_a_page(house: Furnished, who: str, what: str) -> None:
    """The first to whom a page is open asks a fifth of the questions, later ones an eighth."""
    client, pages = signed_in(house, who)
    before = [getattr(house.world, other).role for other in ASKERS[: ASKERS.index(who)]]
    asked = [
        one
        for turn, one in enumerate(pages, [*QUESTIONS].index(what) + ASKERS.index(who))
        if turn % (8 if any(one.open_to(role) for role in before) else 5) == 0
    ]

    wrong = [
        one.name
        for one in asked
        if broken(client.get(house.url(one).split("?")[0], QUERY_STRING=QUESTIONS[what]))
    ]

    assert not wrong


@pytest.mark.parametrize("who", ["admin", "sys_admin", "audit_admin"])
def test_ids_that_cannot_be_are_not_found(house: Furnished, who: str) -> None:
    client, pages = signed_in(house, who)
    wrong = []
    for turn, one in enumerate(pages):
        url = house.url(one).split("?")[0]
        for part in one.parts:
            value = str(house.value(one, part))
            # Half of them each, in turn.
            for other in IMPOSSIBLE[turn % 2 :: 2]:
                answer = client.post(url.replace(f"/{value}/", f"/{other}/"))
                if broken(answer):
                    wrong.append(f"{one.name} {part}={other[:20]}")

    assert not wrong


class Fields(HTMLParser):
    """The fields of every form of a page, as a browser would find them."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name")
        typed = tag in ("input", "select", "textarea", "button")
        if typed and name and name != "csrfmiddlewaretoken":
            self.names[name] = given.get("value") or ""


def fields(client: Client, url: str) -> dict[str, str]:
    answer = client.get(url)
    found = Fields()
    if answer.status_code in (200, 422) and "html" in answer.headers.get("Content-Type", ""):
        found.feed(body(answer))
    else:
        body(answer)
    return found.names


# Fields of forms whose own page is another one, or that a page offers only in another state.
OTHERS = ("reason", "text", "name", "person", "unit", "place", "kind", "since", "until", "check",
          "need_list", "entry", "assignment", "active", "seen", "option", "outcome", "decided_on",
          "decision", "document_number", "starts_on", "village", "relation", "other", "number",
          "submit", "all", "act", "wish-x", "member-x", "first_secretary-x")  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_no_text_in_any_field_breaks_a_form(house: Furnished, who: str) -> None:
    """Each page is tried by the first of these people to whom it is open."""
    client, pages = signed_in(house, who)
    before = [getattr(house.world, other).role for other in WHO[: WHO.index(who)]]
    wrong = []
    for turn, one in enumerate(pages):
        if any(one.open_to(role) for role in before):
            continue
        url = house.url(one)
        known = fields(client, url)
        # Two of the twelve texts each, in turn.
        for what, text in [*TYPED.items()][turn % 6 :: 6]:
            point = transaction.savepoint()
            if broken(sent(client, url, dict.fromkeys([*known, *OTHERS], text))):
                wrong.append(f"{one.name}: {what}")
            transaction.savepoint_rollback(point)

    assert not wrong


HOSTILE = ("very long text", "a zero byte", "a huge number", "the end of days")


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
def test_one_hostile_field_in_an_honest_form_breaks_nothing(house: Furnished, who: str) -> None:
    """The other fields are as the page offers them, so that the one reaches the action."""
    client, pages = signed_in(house, who)
    before = [getattr(house.world, other).role for other in WHO[: WHO.index(who)]]
    wrong = []
    for at, one in enumerate(pages):
        if any(one.open_to(role) for role in before):
            continue
        url = house.url(one)
        known = fields(client, url)
        # Every other field meets one of the four, in turn.
        for turn, name in [*enumerate([*known][:40], at)][at % 2 :: 2]:
            what = HOSTILE[turn % len(HOSTILE)]
            point = transaction.savepoint()
            if broken(sent(client, url, {**known, "reason": "试", name: TYPED[what]})):
                wrong.append(f"{one.name} {name}: {what}")
            transaction.savepoint_rollback(point)

    assert not wrong


@pytest.mark.pure
@pytest.mark.parametrize(
    ("first", "kind", "data"),
    [
        (0, "application/x-www-form-urlencoded", b"name=%ff%fe&reason=%00&x=%ed%a0%80&%ff=1&&=&a"),
        (2, "multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data"),
        (1, "multipart/form-data", b"no boundary"),
        (3, "application/json", b"{"),
        (0, "application/x-www-form-urlencoded; charset=klingon", b"name=a"),
        (1, "text/plain; charset=utf-16", b"\xff\xfe\x00"),
    ],
)
def test_a_body_that_is_no_form_breaks_nothing(
    house: Furnished, first: int, kind: str, data: bytes
) -> None:
    client, pages = signed_in(house, "admin")

    # Each of the six meets a quarter of the pages.
    wrong = [
        one.name
        for one in pages[first::4]
        if broken(client.generic("POST", house.url(one), data, content_type=kind))
    ]

    assert not wrong


def test_more_fields_than_allowed_are_refused_in_words(house: Furnished) -> None:
    client, _ = signed_in(house, "officer")

    answer = client.post("/posting/pool/review/", {f"f{n}": "1" for n in range(6000)})

    assert answer.status_code == 400
    assert "没有" in body(answer) or "太多" in body(answer) or "重" in body(answer)


@pytest.mark.pure
def test_without_the_token_nothing_is_taken_and_the_page_says_why(house: Furnished) -> None:
    actor = house.world.admin
    client = Client(enforce_csrf_checks=True)
    client.cookies = house.world.client(actor).cookies
    wrong = []
    for one in addresses():
        if one.is_public or not one.open_to(actor.role) or one.name == "exchange_upload":
            continue
        answer = client.post(house.url(one), {"reason": "试"})
        if answer.status_code not in (403, 405) or "csrf" in body(answer).lower():
            wrong.append(f"{one.name}: {answer.status_code}")

    assert not wrong


METHODS = ("put", "delete", "patch", "options", "head", "trace")


@pytest.mark.pure
@pytest.mark.parametrize("method", METHODS)
def test_other_methods_break_nothing(house: Furnished, method: str) -> None:
    """Each page is asked in one of the ways, in turn."""
    client, pages = signed_in(house, "admin")
    asked = pages[METHODS.index(method) :: len(METHODS)]

    assert not [one.name for one in asked if broken(getattr(client, method)(house.url(one)))]


def test_the_sign_in_page_takes_anything_for_a_wrong_password(db: None) -> None:
    client = Client(raise_request_exception=False)
    for text in (*TYPED.values(), "admin' or 1=1 --"):
        answer = sent(client, "/sign-in/", {"username": text, "password": text})
        assert answer.status_code == (400 if "\x00" in text else 200), text[:20]
    for address in ("//evil.example/", "https://evil.example/", "javascript:alert(1)", "\\\\x"):
        assert "evil" not in client.get("/sign-in/", {"next": address}).headers.get("Location", "")


@pytest.mark.parametrize("address", ["/posting/rounds/?q=%00", "/posting/rounds/%00/"])
def test_a_zero_byte_is_refused_in_words(house: Furnished, address: str) -> None:
    client, _ = signed_in(house, "officer")

    answer = client.get(address)

    assert answer.status_code == 400
    assert "<h1>" in body(answer)


def test_a_sign_in_never_leads_outside(house: Furnished) -> None:
    from lingyan.platform.accounts.models import User

    user = User.objects.get(pk=house.world.officer.user_id)
    user.set_password("eine-lange-Losung-7")
    user.save()
    for address in ("//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x"):
        answer = Client().post(
            "/sign-in/",
            {"username": "officer", "password": "eine-lange-Losung-7", "next": address},
        )
        assert answer.headers["Location"] == "/", address
