"""Who sits on the committees of 太白 since the change of term, and who sat there before?

250 members each in 46 villages and communities: whole ages add up to 10,650 and 12,250 years on the
day of the change (42.6 and 49.0), 203 and 177 have high school or above (81.2 % and 70.8 %: 10.4
points more), and 193 of the new ones are of the four kinds (77 %).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle, islice
from random import Random
from uuid import UUID

from lingyan.common import clock
from lingyan.common.periods import add_years
from lingyan.demo.cast import Cast
from lingyan.demo.synthetic import People
from lingyan.directory.actions.officers import OfficerRow, create_officers, end_offices
from lingyan.directory.actions.people import PersonRow, create_people
from lingyan.directory.models import PartyOrganization, Person, Place, VillageOfficer
from lingyan.directory.rules import OfficerPost as Post
from lingyan.directory.rules import Source, SourceCategory
from lingyan.organization.actions.party_organizations import (
    OrganizationRow,
    register_organizations,
)
from lingyan.organization.actions.reserve import ReserveRow, find_reserves, step_reserves
from lingyan.organization.actions.terms import TermRow, begin_terms

OLD_DAY, TERM_DAY = date(2019, 11, 20), date(2024, 11, 20)
SIZE = 250  # members of either team
STAYED = 90  # who sat on both
NEW_YEARS, OLD_YEARS = 10_650, 12_250  # 42.6 and 49.0 times 250
NEW_SCHOOLED, OLD_SCHOOLED, STAYED_SCHOOLED = 203, 177, 72
NEW_OF_FOUR_KINDS = 193
APART = 3  # and the communities: there the secretary is not the director
SCHOOLED = ("高中", "中专", "大专", "大专", "大学本科")
UNSCHOOLED = ("初中", "初中", "小学")
EVIDENCE = {
    SourceCategory.LOCAL_PROSPEROUS: "种植养殖台账、镇农业站证明",
    SourceCategory.RETURNEE: "务工合同、返乡登记",
    SourceCategory.LOCAL_GRADUATE: "毕业证书",
    SourceCategory.VETERAN: "退出现役证",
}
STAYED_AGE = 46  # their mean
WATCHED = 10  # villages whose supervision committee is registered
VACANT_DAYS = 110
CONFIRMED, TRAINED = 40, 25
FOUNDED = date(2012, 7, 1)
OLD_PAPER, TERM_PAPER = "太组发〔2012〕20 号", "太组发〔2024〕45 号"


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who sits on the committees, by age on the day of the change and by schooling."""

    age: int
    education: str


def fill(cast: Cast, villages: Sequence[Place], today: date) -> None:
    """Both teams with their terms, the offices beside them, organizations and reserve."""
    random = cast.people.random
    sizes, stayed = _share(SIZE, villages), _share(STAYED, villages)
    changed = [size - kept for size, kept in zip(sizes, stayed, strict=True)]
    years = STAYED * STAYED_AGE
    kept = _sit(cast, villages, stayed, _seats(random, STAYED, years, STAYED_SCHOOLED))
    fresh = _sit(
        cast, villages, changed,
        _seats(random, SIZE - STAYED, NEW_YEARS - years, NEW_SCHOOLED - STAYED_SCHOOLED),
        with_women=True,
    )  # fmt: skip
    gone = _sit(
        cast, villages, changed,
        _seats(random, SIZE - STAYED, OLD_YEARS - years, OLD_SCHOOLED - STAYED_SCHOOLED),
    )  # fmt: skip
    _elect(cast, villages, kept, fresh, gone)
    _appoint_others(cast, villages)
    _begin_terms(cast, villages, today)
    _set_up_organizations(cast, villages)
    _find_reserve(cast, villages)


def leave_vacant(cast: Cast, village: Place, today: date) -> None:
    """A secretary has resigned months ago, and nobody has followed (R-1-23)."""
    left_on = today - timedelta(days=VACANT_DAYS)
    held = VillageOfficer.objects.filter(
        village=village, post=Post.PARTY_SECRETARY, until__isnull=True
    )
    with clock.at(left_on):
        end_offices(list(held), until=left_on, reason="resigned", actor=cast.officer)


# --- numbers --------------------------------------------------------------------------------------


def _share(count: int, villages: Sequence[Place]) -> list[int]:
    """How many of them each village has: as many in each, one more in the first."""
    least, more = divmod(count, len(villages))
    return [least + (number < more) for number in range(len(villages))]


def _seats(random: Random, count: int, years: int, schooled: int) -> list[Seat]:
    """So many seats whose ages add up to the years; the younger ones are the schooled."""
    mean = years // count
    ages = [mean + random.randint(-12, 12) for _ in range(count)]
    for at in cycle(range(count)):
        missing = years - sum(ages)
        if not missing:
            break
        ages[at] += 1 if missing > 0 else -1
    seats = [
        Seat(age, random.choice(SCHOOLED if number < schooled else UNSCHOOLED))
        for number, age in enumerate(sorted(ages))
    ]
    random.shuffle(seats)
    return seats


# --- people ---------------------------------------------------------------------------------------


def _sit(
    cast: Cast,
    villages: Sequence[Place],
    counts: Sequence[int],
    seats: Sequence[Seat],
    *,
    with_women: bool = False,
) -> list[list[Person]]:
    """The people of the seats, village by village; with women, the second of each is one."""
    waiting = iter(seats)
    rows = [
        _villager(cast.people, village, seat, is_woman=with_women and number == 1)
        for village, count in zip(villages, counts, strict=True)
        for number, seat in enumerate(islice(waiting, count))
    ]
    people = iter(create_people(rows, actor=cast.admin))
    return [list(islice(people, count)) for count in counts]


def _villager(people: People, village: Place, seat: Seat, *, is_woman: bool = False) -> PersonRow:
    youngest = add_years(TERM_DAY, -seat.age) + timedelta(days=1)
    oldest = add_years(TERM_DAY, -seat.age - 1) + timedelta(days=1)
    one = people.next(oldest=oldest, youngest=youngest)
    while is_woman and one.gender != "female":
        one = people.next(oldest=oldest, youngest=youngest)
    return PersonRow(
        name=one.name, place=village, id_number=one.id_number, gender=one.gender,
        birth_on=one.birth_on, education=seat.education, political_status="full_member",
        native_place=village, household_place=village, is_demo=True,
    )  # fmt: skip


def _others(cast: Cast, villages: Sequence[Place], count: int) -> list[list[Person]]:
    """Further people of the villages, beside the two committees."""
    random = cast.people.random
    seats = [
        Seat(random.randint(24, 50), random.choice(SCHOOLED)) for _ in range(count * len(villages))
    ]
    return _sit(cast, villages, [count] * len(villages), seats)


# --- posts ----------------------------------------------------------------------------------------


def _posts(village: Place, *, apart: bool) -> list[tuple[Post, ...]]:
    """What the first, the second… of a team hold."""
    community = village.village_kind == "community"
    director = Post.COMMUNITY_DIRECTOR if community else Post.VC_DIRECTOR
    deputy = Post.COMMUNITY_DEPUTY if community else Post.VC_DEPUTY
    member = Post.COMMUNITY_MEMBER if community else Post.VC_MEMBER
    return [
        (Post.PARTY_SECRETARY,) if apart else (Post.PARTY_SECRETARY, director),
        (Post.PARTY_DEPUTY, director if apart else deputy),
        (Post.PARTY_COMMITTEE_MEMBER,),
        (member,),
        (member, Post.PARTY_COMMITTEE_MEMBER),
        (Post.PARTY_COMMITTEE_MEMBER,),
    ]


BOARD = {0: Post.COOP_CHAIR, 1: Post.COOP_VICE, 4: Post.COOP_DIRECTOR}


def _elect(
    cast: Cast,
    villages: Sequence[Place],
    kept: Sequence[Sequence[Person]],
    fresh: Sequence[Sequence[Person]],
    gone: Sequence[Sequence[Person]],
) -> None:
    """The new team: who stayed, then who came. The old one: who went, then who stayed."""
    sources = _sources(cast.people.random)
    rows: list[OfficerRow] = []
    for village, stayed, came, went in zip(villages, kept, fresh, gone, strict=True):
        apart = is_apart(village, villages)
        posts = _posts(village, apart=apart)
        for person, held in zip((*went, *stayed), posts, strict=False):
            rows += [
                OfficerRow(
                    person, village, post.value, OLD_DAY, TERM_DAY, method="elected",
                    end_reason="term_ended",
                )
                for post in held
            ]  # fmt: skip
        for number, person in enumerate((*stayed, *came)):
            own = next(sources)
            held = (*posts[number], *((BOARD[number],) if number in BOARD else ()))
            rows += [
                OfficerRow(
                    person, village, post.value, TERM_DAY, method="elected", sources=own,
                    full_time=number == 0,
                )
                for post in held
            ]  # fmt: skip
    create_officers(rows, actor=cast.admin)


def is_apart(village: Place, villages: Sequence[Place]) -> bool:
    """In the communities and in three villages the secretary is not the director."""
    return village.village_kind == "community" or village in villages[-APART:]


def _sources(random: Random) -> Iterator[tuple[Source, ...]]:
    """What each of the new members is: 193 of 250 are of the four kinds, some of two."""
    kinds = list(SourceCategory)
    for number in range(SIZE):
        if (number + 1) * NEW_OF_FOUR_KINDS // SIZE == number * NEW_OF_FOUR_KINDS // SIZE:
            yield ()
            continue
        chosen = random.sample(kinds, 2 if number % 7 == 0 else 1)
        yield tuple(Source(one.value, EVIDENCE[one]) for one in chosen)


def _appoint_others(cast: Cast, villages: Sequence[Place]) -> None:
    """A cashier in each village; in some also who watches over the committee."""
    watched = villages[:WATCHED]
    cashiers, watching = _others(cast, villages, 1), _others(cast, watched, 3)
    rows = [
        OfficerRow(own[0], village, Post.CASHIER.value, TERM_DAY, method="appointed")
        for village, own in zip(villages, cashiers, strict=True)
    ]
    for village, own in zip(watched, watching, strict=True):
        posts = (Post.SUP_DIRECTOR, Post.SUP_MEMBER, Post.SUP_MEMBER)
        rows += [
            OfficerRow(person, village, post.value, TERM_DAY, method="elected")
            for person, post in zip(own, posts, strict=True)
        ]
    create_officers(rows, actor=cast.admin)


# --- terms, organizations, reserve ----------------------------------------------------------------


def _begin_terms(cast: Cast, villages: Sequence[Place], today: date) -> None:
    """The tenth term of both committees since the change; some collectives' boards end soon."""
    soon = add_years(today, -5) + timedelta(days=60)
    rows = []
    for number, village in enumerate(villages):
        for kind in ("party", "vc"):
            rows.append(TermRow(village, kind, 9, OLD_DAY, until=TERM_DAY))
            rows.append(TermRow(village, kind, 10, TERM_DAY, document_number=TERM_PAPER))
        rows.append(TermRow(village, "coop", 1, soon if number % 8 == 3 else TERM_DAY))
    begin_terms(rows, actor=cast.admin)


def _set_up_organizations(cast: Cast, villages: Sequence[Place]) -> None:
    random = cast.people.random
    towns = {village.parent_id: village.parent for village in villages}
    above = register_organizations(
        [
            OrganizationRow(
                f"{town}党委", "township_committee", "township", town,
                member_count=random.randint(600, 1200), since=FOUNDED, document_number=OLD_PAPER,
                is_demo=True,
            )
            for town in towns.values()
            if town
        ],
        actor=cast.admin,
    )  # fmt: skip
    of_town: dict[UUID | None, PartyOrganization] = {one.place_id: one for one in above}
    rows = [_branch(village, of_town, random) for village in villages]
    register_organizations(rows, actor=cast.admin)


def _branch(
    village: Place, of_town: Mapping[UUID | None, PartyOrganization], random: Random
) -> OrganizationRow:
    members = random.randint(18, 58)
    community = village.village_kind == "community"
    kind, name = ("general_branch", "党总支") if members > 50 else ("branch", "党支部")
    return OrganizationRow(
        f"{village}{name}", kind, "community" if community else "village", village,
        parent=of_town[village.parent_id], member_count=members, since=FOUNDED,
        document_number=OLD_PAPER, is_demo=True,
    )  # fmt: skip


def _find_reserve(cast: Cast, villages: Sequence[Place]) -> None:
    """One in each village; most are confirmed, some have been to a class."""
    day = clock.today()
    kinds = cycle(SourceCategory)
    rows = [
        ReserveRow(own[0], village, day, (Source(kind.value, EVIDENCE[kind]),))
        for village, own, kind in zip(villages, _others(cast, villages, 1), kinds, strict=False)
    ]
    found = find_reserves(rows, actor=cast.officer)
    confirmed = step_reserves(
        found[:CONFIRMED], "confirm", text="包村镇领导", on=day, actor=cast.officer
    )
    step_reserves(
        confirmed[:TRAINED], "train", text="村级后备干部培训班", on=day, actor=cast.officer
    )
