"""What does every page of every list cost at the server, with 100,000 rows in each table?

    python benchmarks/lists.py [--rows 100000] [--data FOLDER] [PAGE …]
    LINGYAN_TEST_DATABASE_URL=postgresql://… python benchmarks/lists.py

Each list is asked for as a browser does: its first, middle and last page, each sort in both
directions, and each filter and sort that its own page offers. Budget: 150 ms. `cpu` is what the
process itself used, on a machine that others use as well; on PostgreSQL, which works in processes
of its own, the time on the clock counts. With --data the filled database is kept for the next run.

There is no peer for a page: another program's list shows other columns, and knows neither scopes
nor marks. The part that has a usual way, finding rows, is measured beside it in one run by
``search.py``; how long a page takes as tables grow is what the budget is for.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import county
from county import row

BUDGET_MS, ROUNDS, OPTIONS_TRIED = 150, 2, 2
SELECT = re.compile(r'<select id="f-(\w+)" name="\w+">(.*?)</select>', re.DOTALL)
OPTION = re.compile(r'<option value="([^"]+)"')
SORT = re.compile(r'href="\?[^"]*sort=-?(\w+)')
PAGES = re.compile(r"第 \d+ / (\d+) 页")
TEXTS = ("李", "lj", "春夏", "P0500", "zzz")


@dataclass(frozen=True)
class List:
    """One list: the name of its address, who reads it, and what it is a list of."""

    url: str
    role: str = "county_org_admin"
    of: str = ""
    texts: tuple[str, ...] = TEXTS
    extra: tuple[str, ...] = ()
    shown_as: str = field(default="")


LISTS = (
    List("person_list"),
    List("person_list", role="unit_party_admin"),
    List("unit_list", texts=("财政", "czj", "zzz")),
    List("place_list", texts=("春夏", "cx", "c", "0001")),
    List("officer_list"),
    List("officer_list", role="town_org"),
    List("relative_list"),
    List("duplicate_list", texts=()),
    List("place_change_list"),
    List("health_check_list"),
    List("health_check_list", role="town_org"),
    List("need_list_list"),
    List("pool_list"),
    List("pool_list", role="unit_party_admin"),
    List("posting_list"),
    List("posting_list", role="town_org"),
    List("posting_list", role="unit_party_admin"),
    List("round_list"),
    List("round_villages", of="full"),
    List("round_people", of="full"),
    List("objection_list", of="full"),
    List("notice_objection_list", of="full"),
    List("plan_detail", of="plan"),
    List("round_villages_add", of="empty"),
    List("round_people_add", of="empty"),
    List("unit_wish_list", role="unit_party_admin"),
    List("intention_list", role="town_org"),
    List("exchange"),
    List("account_list", role="sys_admin"),
    List("account_review", role="sys_admin"),
    List("granted_list"),
    List("worklist", texts=()),
    List("search", texts=TEXTS),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--data", default="")
    parser.add_argument("pages", nargs="*", help="only these lists")
    options = parser.parse_args()
    began = time.perf_counter()
    kept = Path(options.data, "lingyan.sqlite3").exists() if options.data else False
    county.prepare(options.data)
    if not kept:
        fill(options.rows)
    from django.db import connection

    ready = time.perf_counter() - began
    print(f"{connection.vendor}，每张表 {options.rows} 行，备好用 {ready:.0f} 秒")
    print(f"{'页面':<24}{'身份':<18}{'条件':<44}{'cpu ms':>8}{'ms':>8}")
    readers = Readers()
    spent = [
        (*one, asked)
        for asked in LISTS
        if not options.pages or asked.url in options.pages
        for one in measured(asked, readers)
    ]
    counted = 1 if connection.vendor == "sqlite" else 2
    over = [one for one in spent if one[counted] > BUDGET_MS]
    worst = max(spent, key=lambda one: one[counted])
    print(f"\n共 {len(spent)} 页，超过 {BUDGET_MS} ms 的 {len(over)} 页")
    print(f"最费的一页：{worst[3].url} {worst[0] or '首页'} {worst[counted]:.0f} ms")
    print(f"全程 {time.perf_counter() - began:.0f} 秒")
    return 1 if over else 0


# --- asking ---------------------------------------------------------------------------------------


class Readers:
    """Who asks: one signed-in client for each role, made when it is first needed."""

    def __init__(self) -> None:
        from django.db.models import Count

        from lingyan.directory.models import Place, Unit

        top = Place.objects.get(level="county")
        town = Place.objects.filter(level="township").order_by("path")[6]
        unit = Unit.objects.alias(people=Count("person")).order_by("-people").first()
        self.where = {"town_org": {"place": town}, "unit_party_admin": {"unit": unit}}
        self.county = {"place": top}
        self.clients: dict[str, Any] = {}

    def client(self, role: str) -> Any:
        if role not in self.clients:
            everywhere = {} if role == "sys_admin" else self.county
            self.clients[role] = county.sign_in(role, **self.where.get(role, everywhere))
        return self.clients[role]


def measured(asked: List, readers: Readers) -> Iterator[tuple[str, float, float]]:
    from django.urls import reverse

    client = readers.client(asked.role)
    address = reverse(asked.url, args=_object_of(asked.of))
    first = client.get(address)
    assert first.status_code == 200, (address, first.status_code)
    for query in questions(asked, first.content.decode()):
        cpu, clock = cost(client.get, f"{address}?{query}")
        mark = "  !" if cpu > BUDGET_MS else ""
        print(f"{asked.url:<26}{asked.role:<20}{query or '首页':<46}{cpu:8.0f}{clock:8.0f}{mark}",
              flush=True)  # fmt: skip
        yield query, cpu, clock


def _object_of(which: str) -> tuple[Any, ...]:
    from lingyan.posting.models import Plan, Round

    if not which:
        return ()
    if which == "plan":
        return (Plan.objects.defer("snapshot", "result").get(round__name="full").pk,)
    # People and villages of a round that still runs cannot join another.
    Round.objects.filter(name="full").update(state="announced" if which == "full" else "issued")
    return (Round.objects.get(name=which).pk,)


def questions(asked: List, html: str) -> Iterator[str]:
    """What the page offers: late pages, every sort, every filter, some texts to search for."""
    yield ""
    late = _late(html)
    yield from (f"page={page}" for page in late)
    for sort in dict.fromkeys(SORT.findall(html)):
        for turned in (sort, f"-{sort}"):
            yield f"sort={turned}"
            yield from (f"sort={turned}&page={page}" for page in late[:1])
    for name, options in SELECT.findall(html):
        codes = OPTION.findall(options)
        yield from (f"{name}={code}" for code in _some(codes))
        if codes:
            yield from (f"{name}={codes[0]}&page={page}" for page in late[:1])
    yield from (f"q={text}" for text in asked.texts)
    yield from asked.extra


def _late(html: str) -> list[int]:
    found = PAGES.search(html)
    last = int(found[1]) if found else 1
    return [last // 2, last] if last > 2 else []


def _some(codes: list[str]) -> list[str]:
    return codes if len(codes) <= OPTIONS_TRIED else [codes[0], codes[-1]]


def cost(act: Callable[[str], Any], address: str) -> tuple[float, float]:
    """The least of two of the process's own time and of the clock's."""
    spent = []
    for _ in range(ROUNDS):
        start, cpu = time.perf_counter(), time.process_time()
        answer = act(address)
        assert answer.status_code == 200, (address, answer.status_code)
        spent.append((time.process_time() - cpu, time.perf_counter() - start))
    return 1000 * min(cpu for cpu, _ in spent), 1000 * min(clock for _, clock in spent)


# --- filling --------------------------------------------------------------------------------------


def fill(size: int) -> None:
    with county.filling():
        _fill(size)
    leave_a_trace()


def _fill(size: int) -> None:
    county.fill_register(size)
    draw = random.Random(2)
    from lingyan.directory.models import Person, Place, Unit

    villages = list(Place.objects.filter(level="village").order_by("path"))
    people = list(Person.objects.order_by("number"))
    units = list(Unit.objects.order_by("name")[:500])
    fill_posting(draw, villages, people)
    fill_rounds(draw, villages, people, units)
    fill_platform(draw, size, villages, people)


def leave_a_trace() -> None:
    """One act in the trail, as anywhere: the menu counts what waits once after each act."""
    from django.db import transaction

    from lingyan.directory.models import Place
    from lingyan.platform.accounts.actor import Actor
    from lingyan.platform.audit.record import record

    place = Place.objects.get(level="county")
    with transaction.atomic():
        record("directory.place.changed", actor=Actor.system(), subject=place)


def fill_posting(draw: random.Random, villages: list[Any], people: list[Any]) -> None:
    from lingyan.common import clock
    from lingyan.posting.models import (
        CapabilityEvidence,
        HealthCheck,
        HealthCheckItem,
        NeedItem,
        NeedList,
        PoolEntry,
        Posting,
    )
    from lingyan.posting.rules import words

    now, types = clock.now(), [one.value for one in words.VillageType]
    checks = [
        row(
            HealthCheck,
            village=one, year=now.year, state=draw.choice(list(words.HealthCheckState)),
            village_types=[draw.choice(types)], created_at=now,
        )
        for one in villages[: len(villages) * 9 // 10]
    ]  # fmt: skip
    county.put(iter(checks))
    county.put(row(HealthCheckItem, health_check=one, item="T1", score=2) for one in checks)
    lists = [
        row(
            NeedList,
            village=one, state="issued", created_at=now, first_secretary_seats=1,
            priority_class=draw.randrange(1, 4), village_types=[draw.choice(types)],
            issued_on=date(2026, 1, 1) + timedelta(days=draw.randrange(200)),
        )
        for one in villages
    ]  # fmt: skip
    county.put(iter(lists))
    county.put(
        row(NeedItem, need_list=one, domain="team", severity=draw.randrange(5)) for one in lists
    )
    states = [one for one in words.PoolState if one != words.PoolState.IN_POOL]
    county.put(
        row(
            PoolEntry,
            person=one, unit_id=one.unit_id, updated_at=now,
            state="in_pool" if draw.random() < 0.5 else draw.choice(states),
            category=draw.choice(list(words.PoolCategory)),
            recommended_on=date(2025, 1, 1) + timedelta(days=draw.randrange(500)),
        )
        for one in people
    )  # fmt: skip
    county.put(
        row(
            CapabilityEvidence,
            person=one, capability=draw.choice(list(words.Capability)), text="证书", level=2,
            verified=draw.random() < 0.7, recorded_on=date(2025, 1, 1),
        )
        for one in people
    )  # fmt: skip
    county.put(
        row(
            Posting,
            person=person, village=village, unit_id=person.unit_id, origin="round",
            kind=draw.choice(list(words.PostingKind)), state=draw.choice(list(words.PostingState)),
            document_number=f"宣组发〔2025〕{at % 900} 号",
            since=date(2023, 1, 1) + timedelta(days=draw.randrange(700)),
            planned_until=date(2026, 1, 1) + timedelta(days=draw.randrange(300)),
            until=date(2025, 1, 1) + timedelta(days=draw.randrange(600)) if at % 3 else None,
            created_at=now,
        )
        for at, (person, village) in enumerate(zip(people, villages, strict=True))
    )  # fmt: skip


def fill_rounds(
    draw: random.Random, villages: list[Any], people: list[Any], units: list[Any]
) -> None:
    """Ten rounds in which all villages and people take part, one of them running; a thousand more.

    The round "full" is the one that is looked at, and nobody has joined "empty".
    """
    from lingyan.common import clock
    from lingyan.directory.models import Place
    from lingyan.posting.models import (
        Draft,
        Intention,
        NeedList,
        NoticeObjection,
        Objection,
        Plan,
        Round,
        RoundPerson,
        RoundVillage,
        Wish,
    )
    from lingyan.posting.rules import words

    now, top = clock.now(), Place.objects.get(level="county")
    starts = {"county": top, "term_starts_on": date(2026, 9, 1)}
    full = Round(name="full", state="announced", created_at=now, **starts)
    empty = Round(name="empty", state="open", created_at=now, **starts)
    county.put(iter([full, empty]))
    others = [
        Round(
            name=f"第 {number} 批", state=draw.choice(("issued", "cancelled")),
            created_at=now - timedelta(days=number), **starts,
        )
        for number in range(1000)
    ]  # fmt: skip
    county.put(iter(others))
    ten = [full, *others[:9]]
    lists = dict(NeedList.objects.values_list("village_id", "pk"))
    joined = [
        row(RoundVillage, round=ten[at % 10], village=one, need_list_id=lists[one.pk],
                     intentions_done=draw.random() < 0.5)
        for at, one in enumerate(villages)
    ]  # fmt: skip
    county.put(iter(joined))
    candidates = [
        row(
            RoundPerson,
            round=ten[at % 10], person=one, wish_state=draw.choice(list(words.WishListState))
        )
        for at, one in enumerate(people)
    ]  # fmt: skip
    county.put(iter(candidates))
    pairs = list(zip(candidates, joined, strict=True))
    county.put(row(Wish, round_person=one, round_village=other, rank=1) for one, other in pairs)
    county.put(
        row(Intention, round_person=one, round_village=other, role="member", rank=1)
        for one, other in pairs
    )
    county.put(
        row(
            Objection,
            round=ten[at % 10], kind=draw.choice(list(Objection.Kind.values)), person=person,
            place=village, unit=draw.choice(units), reason="公务回避", entered_on=date(2026, 1, 1),
        )
        for at, (person, village) in enumerate(zip(people, villages, strict=True))
    )  # fmt: skip
    plans = [
        Plan(round=one, origin="total", number=1, snapshot=b"", snapshot_sha256="0" * 64,
             result=b"", created_at=now)
        for one in ten
    ]  # fmt: skip
    county.put(iter(plans))
    Round.objects.filter(pk=full.pk).update(chosen_plan=plans[0])
    county.put(
        row(Draft, plan=plans[at % 10], person=person, village=village, fit=draw.randrange(100),
              role=draw.choice(list(words.Role)))
        for at, (person, village) in enumerate(zip(people, villages, strict=True))
    )  # fmt: skip
    county.put(
        row(
            NoticeObjection,
            round=ten[at % 10], plan=plans[at % 10], person=person, village=village, role="member",
            raised_on=date(2026, 1, 1) + timedelta(days=draw.randrange(200)), text="反映情况",
            state=draw.choice(list(words.ObjectionState)), entered_by_name="何乙四", entered_at=now,
        )
        for at, (person, village) in enumerate(zip(people, villages, strict=True))
    )  # fmt: skip


def fill_platform(draw: random.Random, size: int, villages: list[Any], people: list[Any]) -> None:
    """Accounts with their roles, files that came in, and orders that changed places."""
    from lingyan.common import clock
    from lingyan.directory.models import PlaceChange, RoleAssignment
    from lingyan.directory.roles import Role
    from lingyan.directory.rules import PlaceChangeKind
    from lingyan.platform.accounts.models import User
    from lingyan.platform.exchange.models import Import
    from lingyan.platform.exchange.rules import ImportState
    from lingyan.platform.inserting import update_rows

    now = clock.now()
    county.put(
        row(User, username=f"u{number:06d}", password="!",
            created_at=now - timedelta(minutes=number),
            name=f"{draw.choice(county.FAMILIES)}{county.name(draw, 2)}")
        for number in range(size)
    )  # fmt: skip
    users = list(User.objects.order_by("username").values_list("pk", flat=True))
    held = [
        row(RoleAssignment, user_id=pk, place=village, role=Role.VILLAGE_SECRETARY,
                       since=date(2024, 1, 1) + timedelta(days=draw.randrange(500)))
        for pk, village in zip(users, villages, strict=True)
    ]  # fmt: skip
    county.put(iter(held))
    county.put(
        row(RoleAssignment, user_id=users[-at], place=one.place, role=one.role, handed_from=one,
                       since=one.since, until=date(2027, 1, 1))
        for at, one in enumerate(held[:1000], start=1)
    )  # fmt: skip
    for pk, person in zip(users, people[: size // 2], strict=False):
        person.user_id = pk
    update_rows([(person, ("user",)) for person in people[: size // 2]])
    county.put(
        row(
            Import,
            kind=draw.choice(("people", "units", "places")), filename=f"名册{number}.xlsx",
            digest="0" * 64, size_bytes=1000, stored_name=str(number), scope_path="0001",
            state=draw.choice(list(ImportState)), created_by_name="何乙四",
            created_at=now - timedelta(minutes=number),
        )
        for number in range(size)
    )  # fmt: skip
    county.put(
        row(
            PlaceChange,
            kind=draw.choice(list(PlaceChangeKind)), text=f"{village.short_name}更名",
            effective_on=date(2020, 1, 1) + timedelta(days=draw.randrange(2000)),
            document_number=f"宣府函〔2024〕{at % 900} 号", path=village.path, made_at=now,
            made_by_name="何乙四",
        )
        for at, village in enumerate(villages)
    )  # fmt: skip


if __name__ == "__main__":
    if "DJANGO_SETTINGS_MODULE" in os.environ:
        del os.environ["DJANGO_SETTINGS_MODULE"]
    sys.exit(main())
