"""What do the pages of postings in daily use cost under twenty users, in a county of three years?

    python benchmarks/duty.py [--small] [--seconds 60] [--data FOLDER] [PAGE …]

300 postings with 200,000 diary entries and the records of 60,000 photos, problems, visits, leave
and confirmed months. Two processes with ten users each ask, as they would of two workers of the
server; a user waits for the answer, reads for one to three seconds (quicker than anybody) and asks
for the next page of a deck that holds each page once, so that all are asked equally often. With
every fifth page somebody acts, so that what hangs on the newest act is found anew. Before that each
page is asked for alone: `cpu` is what the process itself used, the middle of five. Budget for each
page: 150 ms at the median, 300 ms at the 95th percentile, on a quiet machine with two cores.

There is no peer for such a page; what it would cost without the records is told by --small, which
fills in one twentieth of them.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import statistics
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from itertools import cycle
from typing import Any

import county
from county import put, row

MEDIAN_MS, P95_MS = 150, 300
PROCESSES, USERS = 2, 10
READING_SECONDS = (1, 3)
PAGES_AN_ACT = 5
POSTINGS, ENTRIES, PHOTOS = 300, 200_000, 60_000
TODAY = date.today()  # noqa: DTZ011, TID251 - a benchmark has no county's clock
SINCE = TODAY - timedelta(days=3 * 365)
PAGES = (
    ("county_org_staff", "task_list"), ("county_org_staff", "task_list?level=town"),
    ("county_org_staff", "visit_list"), ("county_org_staff", "visit_due"),
    ("county_org_staff", "liaison_list"), ("county_org_staff", "burden"),
    ("county_org_staff", "presence_today"), ("county_org_staff", "presence_months"),
    ("county_org_staff", "problem_list"), ("county_org_staff", "leave_list"),
    ("county_org_staff", "life_due"), ("county_org_staff", "report_list"),
    ("county_org_staff", "place"), ("county_org_staff", "person"), ("county_org_staff", "unit"),
    ("county_org_staff", "posting_detail"), ("county_org_staff", "posting_diary"),
    ("town_org", "task_list"), ("town_org", "presence_today"), ("town_org", "visit_due"),
    ("unit_leader", "task_list"), ("unit_leader", "visit_due"),
    ("village_secretary", "task_list"), ("village_secretary", "place"),
    ("first_secretary", "diary_list"), ("first_secretary", "report_list"),
)  # fmt: skip
OBJECTS = {
    "place": "village", "person": "person", "unit": "unit", "posting_detail": "posting",
    "posting_diary": "posting",
}  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--data", default="")
    parser.add_argument("pages", nargs="*")
    asked = parser.parse_args()
    county.prepare(asked.data)
    began = time.perf_counter()
    fill(20 if asked.small else 1)
    county.analyze()
    print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)
    from lingyan.config.warm import settle, warm_up

    warm_up()  # as a server does when it starts
    settle()
    addresses = [one for one in PAGES if not asked.pages or one[1] in asked.pages]
    alone = {one: cost(one) for one in addresses}
    from django.db import connections

    connections.close_all()
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        parts = pool.starmap(users, [(addresses, asked.seconds, n) for n in range(PROCESSES)])
    return told(parts, alone)


def cost(one: tuple[str, str]) -> float:
    """Processor time of one asking, in ms; nobody else asks."""
    role, page = one
    who = reader(role)
    client, address = client_of(who), address_of(page, who)
    client.get(address)
    times = []
    for _ in range(5):
        act()
        began = time.process_time()
        client.get(address)
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)


def act() -> None:
    """What any act leaves behind: the newest line of the trail."""
    from django.db import transaction

    from lingyan.platform.accounts.actor import Actor
    from lingyan.platform.audit.record import record
    from lingyan.posting.models import DiaryEntry

    with transaction.atomic():
        record("posting.diary.written", actor=Actor.system(), subject=DiaryEntry.objects.all()[0])


def users(addresses: list[tuple[str, str]], seconds: int, number: int) -> dict[Any, list[float]]:
    """Ten users of one worker, who draw from one deck of pages."""
    readers = {role: reader(role) for role in {role for role, _ in addresses}}
    ends = time.perf_counter() + seconds
    times: dict[Any, list[float]] = {one: [] for one in addresses}
    shuffled = random.Random(number).sample(addresses, len(addresses))
    deck = enumerate(cycle(shuffled))

    def user(start: int) -> None:
        from django.db import connections

        draw = random.Random(start)
        time.sleep(draw.uniform(0, READING_SECONDS[1]))
        while time.perf_counter() < ends:
            at, (role, page) = next(deck)
            if at % PAGES_AN_ACT == 0:
                act()
            client = client_of(readers[role])
            address = address_of(page, readers[role])
            began = time.perf_counter()
            answer = client.get(address)
            took = (time.perf_counter() - began) * 1000
            assert answer.status_code == 200, (address, answer.status_code)
            times[role, page].append(took)
            time.sleep(draw.uniform(*READING_SECONDS))
        connections.close_all()

    with ThreadPoolExecutor(USERS) as pool:
        list(pool.map(user, range(number * 7, number * 7 + USERS)))
    return times


def told(parts: list[dict[Any, list[float]]], alone: dict[Any, float]) -> int:
    over = 0
    print(f"{'role':20} {'page':24} {'cpu':>6} {'asked':>6} {'median':>8} {'p95':>8}")
    for key in parts[0]:
        found = sorted(took for part in parts for took in part[key])
        if not found:
            print(f"{key[0]:20} {key[1]:24} {alone[key]:6.0f}")
            continue
        median, p95 = statistics.median(found), found[int(len(found) * 0.95)]
        bad = median > MEDIAN_MS or p95 > P95_MS
        over += bad
        mark = "  over budget" if bad else ""
        told = f"{alone[key]:6.0f} {len(found):6} {median:8.0f} {p95:8.0f}{mark}"
        print(f"{key[0]:20} {key[1]:24} {told}")
    return 1 if over else 0


# --- who asks for what --------------------------------------------------------------------------


def reader(role: str) -> dict[str, Any]:
    """Somebody of the role who sees the middle posting, with the session of the browser."""
    from lingyan.posting.models import Posting

    every = Posting.objects.select_related("village__parent__parent", "unit", "person")
    posting = every.order_by("village__path")[POSTINGS // 2]
    village, town = posting.village, posting.village.parent
    place = {"county_org_staff": town.parent, "town_org": town}.get(role, village)
    unit = posting.unit if role == "unit_leader" else None
    person = posting.person if role == "first_secretary" else None
    client = county.sign_in(role, place=None if unit else place, unit=unit, person=person)
    return {
        "cookies": client.cookies, "posting": posting.pk, "village": village.pk,
        "unit": posting.unit_id, "person": posting.person_id,
    }  # fmt: skip


def client_of(one: dict[str, Any]) -> Any:
    from django.test import Client

    client = Client()
    client.cookies = one["cookies"]
    return client


def address_of(page: str, one: dict[str, Any]) -> str:
    from django.urls import reverse

    name, _, query = page.partition("?")
    kind = OBJECTS.get(name)
    address: str = reverse(name, args=[one[kind]] if kind else [])
    return f"{address}?{query}" if query else address


# --- the county ---------------------------------------------------------------------------------


def fill(part: int) -> None:
    """Rows as the actions store them, three years back; `part` is by how much fewer."""
    from lingyan.directory.models import Person, Place, Unit
    from lingyan.posting.models import Posting

    if Posting.objects.exists():
        return
    draw = random.Random(7)
    county.fill_register(POSTINGS * 4)
    villages = list(Place.objects.filter(level="village").order_by("path")[:POSTINGS])
    people = list(Person.objects.order_by("number")[:POSTINGS])
    units = list(Unit.objects.order_by("name")[:60])
    now = datetime.now().astimezone()
    postings = [
        row(
            Posting, person_id=person.pk, village_id=village.pk, unit_id=draw.choice(units).pk,
            kind="first_secretary", origin="new", state="active", document_number="县组发 1 号",
            since=SINCE, arrived_on=SINCE, planned_until=TODAY + timedelta(days=90),
            created_at=now,
        )
        for person, village in zip(people, villages, strict=True)
    ]  # fmt: skip
    put(iter(postings))
    keys = [one.pk for one in postings]
    entries = list(_entries(draw, keys, ENTRIES // part, now))
    put(iter(entries))
    put(_photos(draw, [one.pk for one in entries], PHOTOS // part, now))
    _others(draw, keys, part, now)


def _day(draw: random.Random) -> date:
    return SINCE + timedelta(days=draw.randrange(3 * 365))


def _entries(draw: random.Random, keys: list[Any], count: int, now: datetime) -> Iterator[Any]:
    from lingyan.posting.models import DiaryEntry

    for number in range(count):
        yield row(
            DiaryEntry, posting_id=keys[number % len(keys)], happened_on=_day(draw),
            duty=f"D{1 + number % 5}", text=f"第 {number} 件事：入户走访，了解冬季用水用电情况",
            households=number % 6, created_at=now, changed_at=now,
        )  # fmt: skip


def _photos(draw: random.Random, entries: list[Any], count: int, now: datetime) -> Iterator[Any]:
    from lingyan.posting.models import DiaryPhoto

    for number in range(count):
        yield row(
            DiaryPhoto, entry_id=entries[number], digest=f"{number:064x}", size=200_000, width=1600,
            height=1200, stored_name=f"p/{number}", thumbnail_name=f"t/{number}", added_at=now,
        )  # fmt: skip


def _others(draw: random.Random, keys: list[Any], part: int, now: datetime) -> None:
    """Problems, visits, leave and months."""
    from lingyan.posting.models import FormUse, LeaveRequest, MonthPresence, Problem, Visit

    problems, visits, leave, months = [], [], [], []
    for key in keys:
        for _ in range(40 // part or 1):
            found = _day(draw)
            problems.append(row(
                Problem, posting_id=key, text="饮水管道冬天易冻裂", found_on=found,
                owner=draw.choice(("self", "village", "town", "unit", "county")),
                due_on=found + timedelta(days=21), state=draw.choice(("found", "solved", "solved")),
                created_at=now,
            ))  # fmt: skip
        for number in range(20 // part or 1):
            visits.append(row(  # noqa: PERF401 - beside the problems of the same posting
                Visit, posting_id=key, side=draw.choice(("unit", "area", "town")), form="both",
                happened_on=_day(draw), by_head=True, text="看了茶园", made_by_id=number,
                made_by_name="李春", made_at=now,
            ))  # fmt: skip
        for number in range(9):
            day = SINCE + timedelta(days=110 * number)
            leave.append(row(
                LeaveRequest, posting_id=key, kind="annual", since=day,
                until=day + timedelta(days=3), reason="家事", state="back",
                asked_by_name="李春", asked_at=now, back_on=day + timedelta(days=3),
            ))  # fmt: skip
        first = SINCE.replace(day=1)
        for number in range(34):
            month = date(
                first.year + (first.month - 1 + number) // 12,
                (first.month - 1 + number) % 12 + 1,
                1,
            )
            months.append(row(
                MonthPresence, posting_id=key, month=month, days_by_facts=21, days=21,
                leave_days=1, confirmed_by_name="王秋", confirmed_at=now,
            ))  # fmt: skip
    for rows in (problems, visits, leave, months):
        put(iter(rows))
    FormUse.objects.bulk_create(
        FormUse(county_path="0001", month=TODAY.replace(day=1), role=role, form=form, sent=9,
                seconds=500)
        for role in ("town_org", "first_secretary", "unit_leader")
        for form in ("visit_add", "leave_ask", "diary_write")
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
