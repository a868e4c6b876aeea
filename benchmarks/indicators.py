"""What do figures, their records and dashboards cost in a county with three years of data?

    python benchmarks/indicators.py [--data FOLDER] [--part N]

A county of 43 towns and 422 villages, 110 units, 10,000 people in two terms of committees, and
200,000 events: activities of pairs, sums, problems, difficulties, diary entries; beside them more
than 100,000 monthly reports of villages. Every indicator is asked for the county with its
break-down by town (<= 100 ms), then the first and a middle page of its records (<= 150 ms); then
each dashboard (<= 300 ms), the pages of monthly reports (<= 150 ms) and a briefing of 40 figures,
while it is drafted and once it is issued: as a page, printed and as a Word file (<= 1 s). `cpu` is
what the process itself used, on a machine that others use as well. With --part the events are so
many times fewer; with --data the filled database is kept for the next run; with --only one of
indicators, pages, monthly and briefing is measured alone.

There is no peer: no other program known to us opens the records behind a figure in a text.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import county
from county import put, row

VILLAGES, TOWNS, UNITS, PEOPLE = 422, 43, 110, 10_000
ACTIVITIES, FUNDS, PROBLEMS, DIFFICULTIES, ENTRIES = 60_000, 60_000, 40_000, 10_000, 30_000
MONTHS = 237  # for which each village has reported: 100,014 reports
TODAY = date(2026, 1, 23)
SINCE = date(2023, 1, 24)
OLD_TERM, NEW_TERM, TERM_END = date(2016, 3, 1), date(2021, 3, 1), date(2026, 3, 1)
COUNTED_MS, PAGE_MS, DASHBOARD_MS, BRIEFING_MS = 100, 150, 300, 1000
BUNDLE_MS = 3000  # a file of all the records' digests, here of more than 100,000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="")
    parser.add_argument("--part", type=int, default=1)
    parser.add_argument("--only", choices=MEASURED)
    options = parser.parse_args()
    kept = Path(options.data, "lingyan.sqlite3").exists() if options.data else False
    began = time.perf_counter()
    county.prepare(options.data)
    from lingyan.common import clock

    with clock.at(TODAY):
        if not kept:
            with county.filling():
                fill(options.part)
        print(f"备好用 {time.perf_counter() - began:.0f} 秒")
        chosen = [options.only] if options.only else list(MEASURED)
        return 1 if sum(MEASURED[one]() for one in chosen) else 0


def cost(act: Callable[[], object], rounds: int = 3) -> float:
    """Processor time of one, the median, in ms; the first time is not counted."""
    act()
    spent = []
    for _ in range(rounds):
        began = time.process_time()
        act()
        spent.append((time.process_time() - began) * 1000)
    return sorted(spent)[rounds // 2]


def told(name: str, spent: float, budget: int) -> int:
    over = spent > budget
    print(f"{name:<64}{spent:8.0f}{'  !' if over else ''}")
    return over


def indicators() -> int:
    """Each indicator with its towns, and two pages of its records."""
    from lingyan.directory.models import Place
    from lingyan.platform.accounts.actor import Scope
    from lingyan.platform.indicators.definitions import Question
    from lingyan.platform.indicators.registry import everything

    place = Place.objects.get(level="county")
    towns = list(
        Place.objects.filter(level="township").order_by("path").values_list("path", flat=True)
    )
    scope = Scope((place.path,))
    asked = Question(scope, TODAY, _since_last_year())
    print(f"\n{'指标（统计期 2025-01-01 至 2026-01-23）':<56}{'cpu ms':>8}")
    over = 0
    for one in everything():
        source = one.source

        def counted(source: Any = source) -> None:
            source.with_places(asked, towns)

        count = source.evidence(asked, scope, stop=1).count
        name = f"{one.code} {one.name}（{count} 条）"
        over += told(f"{name} 全县和各镇", cost(counted), COUNTED_MS)
        for start in {0, count // 2 // 50 * 50}:
            page = cost(lambda: source.evidence(asked, scope, start=start, stop=start + 50))  # noqa: B023
            over += told(f"  {one.code} 佐证第 {start // 50 + 1} 页", page, PAGE_MS)
    return over


OPENED = (
    ("county_org_staff", "county", "/dashboards/", DASHBOARD_MS),
    ("town_org", "township", "/dashboards/", DASHBOARD_MS),
    ("village_secretary", "village", "/dashboards/", DASHBOARD_MS),
    ("county_org_staff", "county", "/figures/IND-3-03/records/", PAGE_MS),
    ("county_org_staff", "county", "/figures/IND-3-05/records/?page=300", PAGE_MS),
)


def pages() -> int:
    """What a reader opens, at the server: gate, numbers, comparisons, alerts and template."""
    from lingyan.directory.models import Place

    over = 0
    print(f"\n{'页面':<62}{'cpu ms':>8}")
    for role, level, address, budget in OPENED:
        place = Place.objects.filter(level=level).order_by("path")[0]
        client = _reader(role, place)
        assert client.get(address).status_code == 200, address
        spent = cost(lambda: client.get(address))  # noqa: B023 - asked at once
        over += told(f"{role} {address}", spent, budget)
    return over


def monthly() -> int:
    """The list of all reports, the list of months, and how far one month is."""
    from django.urls import reverse

    from lingyan.briefings.models import MonthlyPeriod
    from lingyan.directory.models import Place

    month = MonthlyPeriod.objects.order_by("-month")[0]
    period = reverse("monthly_period", args=[month.pk])
    every, months = reverse("monthly_list"), reverse("monthly_periods")
    town = Place.objects.filter(level="township").order_by("path")[0]
    asked = ("", "?page=1000", "?page=2001", "?sort=village", "?sort=-village&page=700",
             f"?month={month.month:%Y-%m}", "?turn=late", "?state=locked",
             f"?town={town.path}", "?q=春")  # fmt: skip
    over = 0
    print(f"\n{'村月报':<62}{'cpu ms':>8}")
    for role, level, addresses in (
        ("county_org_staff", "county", [*(every + one for one in asked), months, period]),
        ("town_org", "township", [*(every + one for one in asked[:4]), months, period]),
        ("village_secretary", "village", [every]),
    ):
        place = Place.objects.filter(level=level).order_by("path")[0]
        over += _opened(role, place, addresses, PAGE_MS)
    return over


def _opened(role: str, place: Any, addresses: list[str], budget: int) -> int:
    client, over = _reader(role, place), 0
    for address in addresses:
        assert client.get(address).status_code == 200, address
        spent = cost(lambda: client.get(address))  # noqa: B023 - asked at once
        over += told(f"{role} {address}", spent, budget)
    return over


def briefing() -> int:
    """40 figures of the county and its towns: while it is drafted, and once it is issued."""
    from lingyan.briefings.models import Briefing
    from lingyan.directory.models import Place

    place = Place.objects.get(level="county")
    drafted = Briefing.objects.filter(state="drafted").first() or _drafted(place)
    issued = Briefing.objects.filter(state="issued").first() or _issued(place)
    over = 0
    print(f"\n{'简报（40 个数）':<62}{'cpu ms':>8}")
    for one, parts in ((drafted, ("", "edit/", "print/", "word/")),
                       (issued, ("", "print/", "print/?list", "word/"))):  # fmt: skip
        addresses = [f"/briefings/{one.pk}/{part}" for part in parts]
        over += _opened("county_org_staff", place, addresses, BRIEFING_MS)
    longest = issued.figures.defer("records").order_by("-record_count", "position")[0]
    figure = f"/briefings/{issued.pk}/figures/{longest.position + 1}/"
    over += _opened("county_org_staff", place, [figure, f"{figure}?page=100"], PAGE_MS)
    _opened("county_org_staff", place, [f"/briefings/{issued.pk}/bundle/"], BUNDLE_MS)
    return over


def _drafted(place: Any) -> Any:
    from lingyan.briefings.actions import briefings as actions

    written = actions.Written(
        "推进情况", _text(place), "组工简报", f"{place}委组织部", "去年以来", TODAY
    )
    return actions.draft_briefing(written, actor=_actor("county_org_staff", "writer", place))


def _issued(place: Any) -> Any:
    """Each step by other hands, as the product asks."""
    from lingyan.briefings.actions.briefings import step_briefing

    found = _drafted(place)
    for act, role in (("check", "county_org_staff"), ("review", "county_org_admin"),
                      ("sign", "county_org_leader"), ("issue", "county_org_staff")):  # fmt: skip
        began = time.process_time()
        found = step_briefing(found, act, actor=_actor(role, act, place))
        print(f"{act}: {(time.process_time() - began) * 1000:.0f} ms")
    return found


def _actor(role: str, name: str, place: Any) -> Any:
    from lingyan.platform.accounts.actor import Actor, Scope
    from lingyan.platform.accounts.models import User

    user, _ = User.objects.get_or_create(username=name, defaults={"name": name})
    return Actor(user.pk, name, role, role, Scope((place.path,)))


FIGURES, LARGE = 40, 25  # of these so many of the whole county, each of another indicator


def _text(place: Any) -> str:
    """Sentences of four figures each, in the order of the catalogue."""
    from lingyan.briefings.queries.figures import list_indicators
    from lingyan.directory.models import Place
    from lingyan.platform.accounts.actor import Scope
    from lingyan.platform.indicators.definitions import Question

    names = Place.objects.filter(level="township").order_by("path").values_list("name", flat=True)
    every = list(names)
    towns = [one for one in every if every.count(one) == 1]
    period = _since_last_year()
    asked = Question(Scope((place.path,)), TODAY, period)
    known = [
        one.code
        for one in list_indicators(_actor("county_org_staff", "writer", place))
        if one.value(one.parts(asked)) is not None and one.parts(asked).part > 0
    ]
    whole = known[:LARGE]
    of_towns = [
        (known[at % len(known)], towns[at % len(towns)]) for at in range(FIGURES - len(whole))
    ]
    figures = [f"{{{code}}}" for code in whole]
    figures += [f"{{{code}|地方={town}}}" for code, town in of_towns]
    lines = [figures[at : at + 4] for at in range(0, FIGURES, 4)]
    return "\n".join("其中有关的为" + "，有关的为".join(line) + "。" for line in lines)


def _since_last_year() -> Any:
    from lingyan.common.periods import Period

    return Period(date(2025, 1, 1), TODAY + timedelta(days=1))


MEASURED = {"indicators": indicators, "pages": pages, "monthly": monthly, "briefing": briefing}


def _reader(role: str, place: Any) -> Any:
    from django.conf import settings
    from django.test import Client

    from lingyan.directory.models import RoleAssignment
    from lingyan.platform.accounts.models import User

    settings.ALLOWED_HOSTS = ["*"]
    user, _ = User.objects.get_or_create(username=f"reader-{role}", defaults={"name": "甲"})
    RoleAssignment.objects.get_or_create(user=user, role=role, place=place, since=SINCE)
    client = Client()
    client.force_login(user)
    return client


# --- the county ---------------------------------------------------------------------------------


def fill(part: int) -> None:
    """Rows as the actions store them; `part` is by how much fewer events."""
    draw = random.Random(7)
    now = datetime.now().astimezone()
    top, villages, units, people = _register(draw)
    pairs = _pairs(draw, villages, units, now)
    _activities(draw, top, pairs, people, part, now)
    _ledgers(draw, pairs, part, now)
    _postings(draw, villages, units, people, part, now)
    _monthly(draw, top, villages, part, now)


def _register(draw: random.Random) -> tuple[Any, list[Any], list[Any], list[Any]]:
    from lingyan.directory.models import Person, Place, Unit, VillageOfficer
    from lingyan.directory.rules import Gender, PoliticalStatus, UnitCategory
    from lingyan.organization.models import Term

    now = datetime.now().astimezone()
    top = row(Place, path="0001", level="county", name="宣汉县", short_name="宣汉县")
    towns = [
        row(Place, path=f"0001{at:04d}", level="township", parent=top,
            name=f"{(said := county.name(draw, 2))}镇", short_name=f"{said}镇")
        for at in range(1, TOWNS + 1)
    ]  # fmt: skip
    villages = [
        row(Place, path=f"{towns[at % TOWNS].path}{at // TOWNS + 1:04d}", level="village",
            parent=towns[at % TOWNS], name=f"{(said := county.name(draw, 2))}村村民委员会",
            short_name=f"{said}村")
        for at in range(VILLAGES)
    ]  # fmt: skip
    for places in ([top], towns, villages):
        put(iter(places))
    units = [
        row(Unit, name=f"宣汉县{county.name(draw, 2)}局{at}", place=top,
            category=draw.choice(list(UnitCategory)), sector=draw.choice(county.TRADES))
        for at in range(UNITS)
    ]  # fmt: skip
    put(iter(units))
    people = [
        row(Person, number=f"P{at:06d}",
            name=draw.choice(county.FAMILIES) + county.name(draw, draw.choice((1, 2))),
            birth_on=date(1960, 1, 1) + timedelta(days=draw.randrange(16000)), place=top,
            unit=units[at % UNITS], gender=draw.choice(list(Gender)),
            education=draw.choice(("junior", "senior", "college", "bachelor")),
            political_status=draw.choice(list(PoliticalStatus)))
        for at in range(PEOPLE)
    ]  # fmt: skip
    put(iter(people))
    hands = iter(people * 2)
    for since, until in ((OLD_TERM, NEW_TERM), (NEW_TERM, None)):
        number = 10 + (until is None)
        put(
            row(Term, village=one, kind=kind, number=number, since=since,
                planned_until=until or TERM_END, until=until, made_at=now)
            for one in villages for kind in ("party", "vc")
        )  # fmt: skip
        put(
            row(VillageOfficer, person=next(hands), village=one, post=post, since=since,
                until=until, sources=[["returnee", "务工合同"]] if draw.random() < 0.5 else [])
            for one in villages
            for post in ("party_secretary",
                "party_committee_member",
                "vc_director",
                "vc_deputy",
                "vc_member",)
        )  # fmt: skip
    return top, villages, units, people


def _day(draw: random.Random) -> date:
    return SINCE + timedelta(days=draw.randrange((TODAY - SINCE).days))


def _pairs(draw: random.Random, villages: list[Any], units: list[Any], now: datetime) -> list[Any]:
    from lingyan.pairing.models import Pairing

    pairs = [
        row(Pairing, unit=units[at % UNITS], village=one, level="village", origin="new",
            state="active", state_since=SINCE, was_key_task=True, is_lead=True, since=SINCE,
            planned_until=date(2027, 1, 1), created_at=now)
        for at, one in enumerate(draw.sample(villages, 183))
    ]  # fmt: skip
    put(iter(pairs))
    return pairs


def _activities(
    draw: random.Random, top: Any, pairs: list[Any], people: list[Any], part: int, now: datetime
) -> None:
    from lingyan.pairing.models import ActivityParticipant, PairActivity

    kinds = ("theme_day", "tech_training", "law_promotion", "free_clinic", "service", "visit")
    of = [pairs[at % len(pairs)] for at in range(ACTIVITIES // part)]
    found = [
        row(PairActivity, county=top, side="unit", made_at=now, changed_at=now, state="held",
            kind=draw.choice(kinds), mode=draw.choice(("offline", "mixed", "online")),
            day=_day(draw), place=pair.village, summary="入户讲解，现场办理", members_there=2)
        for pair in of
    ]  # fmt: skip
    put(iter(found))
    through: Any = PairActivity.pairings.through
    _add(through, (through(pairactivity_id=one.pk, pairing_id=pair.pk)
                   for one, pair in zip(found, of, strict=True)))  # fmt: skip
    _add(ActivityParticipant, (
        ActivityParticipant(activity_id=one.pk, person_id=person.pk,
                            unit_id=pair.unit_id, attendance="spot", is_member=True)
        for one, pair in zip(found, of, strict=True) for person in draw.sample(people, 2)
    ))  # fmt: skip


def _add(model: Any, rows: Iterator[Any]) -> None:
    model.objects.bulk_create(rows, batch_size=5000, ignore_conflicts=True)


def _ledgers(draw: random.Random, pairs: list[Any], part: int, now: datetime) -> None:
    from lingyan.pairing.models import (
        FundClaim,
        PairFund,
        PairFundEntry,
        PairProblem,
        ProblemClaim,
    )

    of = [pairs[at % len(pairs)] for at in range(FUNDS // 2 // part)]
    funds = [
        row(PairFund, village=pair.village, source="fiscal", project=f"产业路{at}", made_at=now,
            claimants=1)
        for at, pair in enumerate(of)
    ]  # fmt: skip
    put(iter(funds))
    put(
        row(PairFundEntry, fund=one, stage=stage, happened_on=_day(draw), made_at=now,
            amount=draw.randrange(1, 50) * 10_000)
        for one in funds for stage in ("arrived", "spent")
    )  # fmt: skip
    put(
        row(FundClaim, fund=one, pairing=pair, village=pair.village, unit=pair.unit, made_at=now)
        for one, pair in zip(funds, of, strict=True)
    )
    told_by = [pairs[at % len(pairs)] for at in range(PROBLEMS // part)]
    problems = []
    for pair in told_by:
        raised = _day(draw)
        problems.append(
            row(PairProblem, village=pair.village, kind=draw.choice(("road", "water", "network")),
                channel="visit", text="村道塌方", raised_on=raised,
                due_on=raised + timedelta(days=30), solved_on=raised + timedelta(days=9),
                state=draw.choice(("solved", "solved", "solving")), claimants=1, made_at=now,
                beneficiaries="二组", confirmed_by_name="李甲")
        )  # fmt: skip
    put(iter(problems))
    put(
        row(ProblemClaim, problem=one, pairing=pair, village=pair.village, unit=pair.unit,
            made_at=now)
        for one, pair in zip(problems, told_by, strict=True)
    )  # fmt: skip


def _postings(
    draw: random.Random,
    villages: list[Any],
    units: list[Any],
    people: list[Any],
    part: int,
    now: datetime,
) -> None:
    """A first secretary in every village before 2025 and another since."""
    from lingyan.posting.models import DiaryEntry, HelpRequest, Posting

    hands = iter(people)
    postings = [
        row(Posting, person=next(hands), village=one, unit=draw.choice(units), origin="new",
            kind="first_secretary", state=state, document_number="县组发 1 号", since=since,
            arrived_on=since, planned_until=planned, until=until, created_at=now)
        for one in villages
        for state, since, planned, until in (
            ("completed", SINCE, date(2025, 1, 20), date(2025, 1, 20)),
            ("active", date(2025, 1, 20), date(2027, 1, 20), None),
        )
    ]  # fmt: skip
    put(iter(postings))
    keys = [one.pk for one in postings]
    put(
        row(HelpRequest, posting_id=keys[at % len(keys)], kind=draw.choice(("housing", "health")),
            text="缺少技术员", raised_on=_day(draw), owner="town", due_on=TODAY,
            state=draw.choice(("solved", "handling")), closed_on=_day(draw), created_at=now)
        for at in range(DIFFICULTIES // part)
    )  # fmt: skip
    put(
        row(DiaryEntry, posting_id=keys[at % len(keys)], happened_on=_day(draw),
            duty=f"D{1 + at % 5}", text="入户走访", households=at % 6, created_at=now,
            changed_at=now)
        for at in range(ENTRIES // part)
    )  # fmt: skip


def _monthly(draw: random.Random, top: Any, villages: list[Any], part: int, now: datetime) -> None:
    """Every village reports each month; of the last month some are late, some wait."""
    from lingyan.briefings.models import (
        MonthlyAnswer,
        MonthlyForm,
        MonthlyItem,
        MonthlyPeriod,
        MonthlyReport,
    )
    from lingyan.common.periods import add_months

    form = row(MonthlyForm, county=top, version=1, made_at=now)
    put(iter([form]))
    items = [
        row(MonthlyItem, form=form, position=at, code=f"YB-0001-{at}", name=name, kind=kind,
            unit=unit, time=when, why="安排工作")
        for at, (name, kind, unit, when) in enumerate((
            ("外出务工人数", "number", "人", "at_end"),
            ("接待游客人次", "number", "人次", "of_month"),
            ("通村路是否畅通", "yes_no", "", "at_end"),
        ), start=1)
    ]  # fmt: skip
    put(iter(items))
    last = date(2025, 12, 1)
    months = [add_months(last, -back) for back in range(MONTHS // part)]
    periods = [
        row(MonthlyPeriod, county=top, month=one, form=form, opened_at=now,
            due_on=add_months(one, 1) + timedelta(days=4))
        for one in months
    ]  # fmt: skip
    put(iter(periods))
    reports = [
        row(MonthlyReport, period=period, village=village, month=period.month,
            due_on=period.due_on, filled_at=now, submitted_on=period.due_on,
            first_submitted_on=period.due_on, state="locked" if period.month != last
            else draw.choice(("draft", "returned", "submitted", "approved", "locked")))
        for period in periods for village in villages
    ]  # fmt: skip
    put(iter(reports))
    put(
        row(MonthlyAnswer, report=report, item=item, village=report.village, month=report.month,
            code=item.code, number=None if item.kind == "yes_no" else draw.randrange(90),
            is_so=draw.random() < 0.9 if item.kind == "yes_no" else None)
        for report in reports if report.month >= SINCE.replace(day=1) for item in items
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
