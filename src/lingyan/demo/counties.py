"""Which demo does each county get? The published figures are what its records must give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from lingyan.common import clock
from lingyan.demo import (
    appraisal,
    briefings,
    committees,
    diary,
    liaison,
    life,
    monthly,
    needs,
    pairing,
    pairing_year,
    recall,
    rectification,
    register,
    reviews,
    rewards,
    rounds,
    support,
)
from lingyan.demo.accounts import keep_accounts
from lingyan.demo.cast import Cast
from lingyan.demo.rounds import Script, Stage
from lingyan.demo.synthetic import People
from lingyan.directory.models import Person, Place, Unit
from lingyan.directory.rules import PlaceLevel
from lingyan.platform.accounts.actor import Actor
from lingyan.posting.models import PoolEntry, Posting, Round
from lingyan.posting.rules import PoolState

Say = Callable[[str], None]
Seats = tuple[Place, int, int]

REGISTER_DAY = date(2024, 12, 2)
FIRST_DAY = date(2023, 10, 9)
# X01: 29 + 33 + 25 = 87 first secretaries, who start between 2025-01-01 and 2026-01-23.
PAST_ROUNDS = (
    ("2025 年第一批第一书记选派", date(2025, 1, 6), date(2025, 3, 1), 29, "宣组发〔2025〕8 号"),
    ("2025 年第二批第一书记选派", date(2025, 5, 12), date(2025, 7, 1), 33, "宣组发〔2025〕31 号"),
    ("2026 年第一批第一书记选派", date(2025, 11, 17), date(2026, 1, 8), 25, "宣组发〔2025〕66 号"),
)
# Before X01: their terms end with the last of the rounds above, so that three villages hand over.
FOLLOWED_ROUND = (
    "2024 年第一书记选派",
    date(2023, 11, 20),
    date(2024, 1, 15),
    "宣组发〔2023〕52 号",
)
FOLLOWED = slice(29 + 33, 29 + 33 + 3)
OPEN_POSTS, OPEN_PEOPLE = 130, 300
LANGUAGE_TOWN = "龙泉土家族乡"


def build(county: str, *, say: Say) -> None:
    """The demo of one county; the first start holds the transaction."""
    if county == "xuanhan":
        _xuanhan(say)
    elif county == "taibai":
        _taibai(say)
    else:
        _register_only(say)


def _cast(day: date = REGISTER_DAY) -> Cast:
    county = Place.objects.get(level=PlaceLevel.COUNTY)
    with clock.at(day):
        return Cast(county, People(seed=20260123))


def _towns() -> list[Place]:
    return list(Place.objects.filter(level=PlaceLevel.TOWNSHIP).order_by("path"))


def _villages() -> list[Place]:
    """All villages, one of each town in turn, so that every demo touches every town."""
    found = Place.objects.filter(level=PlaceLevel.VILLAGE).select_related("parent")
    by_town: dict[str, list[Place]] = {}
    for village in found.order_by("path"):
        by_town.setdefault(village.path[:-4], []).append(village)
    longest = max(map(len, by_town.values()))
    return [
        group[number]
        for number in range(longest)
        for group in by_town.values()
        if number < len(group)
    ]


def _keep(cast: Cast, county: str) -> None:
    keep_accounts(f"{county}演示账号（账号、密码、姓名、身份、可以做什么）：", cast.listed)


# --- 宣汉 ---------------------------------------------------------------------------------------


def _xuanhan(say: Say) -> None:
    today = clock.today()
    cast, villages, towns = _cast(FIRST_DAY), _villages(), _towns()
    speaking = [one for one in villages if one.parent and one.parent.name == LANGUAGE_TOWN]
    others = [one for one in villages if one not in speaking]
    say("登记单位、村干部和人选（均为虚构）")
    with clock.at(FIRST_DAY):
        units = register.fill_units(cast)
        officers = register.fill_officers(cast, villages)
        earlier = register.fill_candidates(cast, units, towns, 5, today=FIRST_DAY)
    _play_followed_round(cast, others[FOLLOWED], earlier)
    # The villages of the first round of 2025 get other need lists before the pairs begin.
    paired = pairing.name_key_villages(cast, others[PAST_ROUNDS[0][3] :])
    with clock.at(REGISTER_DAY):
        first = register.fill_candidates(cast, units, towns, 102, today=REGISTER_DAY)
    used = _play_past_rounds(cast, others, first, say)
    life.settle_in(cast, life.waiting_to_settle(today))
    shown = _hand_over(cast, others[FOLLOWED])
    say("派驻人员到岗、请假")
    posted = _live(cast, shown, today)
    say("年度考评、两次季度考评，解决的困难、表彰和使用")
    _judge(cast, shown, today)
    spare = [one for one in first if one.pool_entry.state == PoolState.IN_POOL]
    register_day = today - timedelta(days=60)
    with clock.at(register_day):
        notice_people = register.fill_candidates(cast, units, towns, 16, today=register_day)
        fresh = register.fill_candidates(
            cast, units, towns, OPEN_PEOPLE - len(spare), today=register_day, speakers=2
        )
    say("公示期满的批次")
    used += _play_notice_round(cast, others[used:], notice_people, today)
    say(f"待计算的批次：{OPEN_POSTS} 个岗位、{OPEN_PEOPLE} 名人选")
    open_villages = [*speaking[:5], *others[used : used + 69]]
    _relate(cast, fresh, officers, open_villages, register_day)
    _play_open_round(cast, open_villages, [*spare, *fresh], today)
    say("正在填报志愿的批次、正在体检的村")
    waiting = _play_wishing_round(cast, others[used + 81 : used + 87], units, towns, today)
    say("等待部务会研究的批次")
    _play_computed_round(cast, others[used + 87 : used + 93], units, towns, today)
    say("正在公示、有异议的批次")
    _play_disputed_round(cast, others[used + 93 : used + 97], units, towns, today)
    with clock.at(today - timedelta(days=3)):
        checked = [*others[used + 69 : used + 80], shown]
        needs.draft_checks(cast, checked, submitted=5, in_review=2)
    say(f"结对：{pairing.UNIT_COUNT} 个单位、{pairing.VILLAGE_COUNT} 个村")
    pairs = pairing.pair(cast, pairing.fill_units(cast, units), paired)
    pairing_year.live(cast, pairs, today, say)
    say("已印发的简报")
    briefings.of_xuanhan(cast)
    monthly.keep(cast, shown, today)
    _show(cast, shown, waiting)
    cast.show(posted)
    _keep(cast, "宣汉县")


def _play_wishing_round(
    cast: Cast,
    villages: Sequence[Place],
    units: Sequence[Unit],
    towns: Sequence[Place],
    today: date,
    *,
    members_only: bool = False,
) -> Person:
    """A small round in which wishes are being written; answers who has not begun yet.

    The first people come from one unit, so that it has a list to confirm.
    """
    day = today - timedelta(days=12)
    with clock.at(day):
        people = register.fill_candidates(cast, units[:1], towns, 3, today=day)
        people += register.fill_candidates(cast, units, towns, 5, today=day)
        seats = [(village, 0 if members_only else 1, 1) for village in villages]
        lists = needs.issue_needs(cast, seats)
    rounds.play(
        cast,
        Script(
            name=f"{today.year} 年工作队员补充选派"
            if members_only
            else f"{today.year} 年第二次补充选派",
            opened_on=today - timedelta(days=4),
            starts_on=today + timedelta(days=60),
            need_lists=lists,
            people=_entries(people),
            until=Stage.WISHES,
        ),
    )
    return people[0]


def _play_computed_round(
    cast: Cast,
    villages: Sequence[Place],
    units: Sequence[Unit],
    towns: Sequence[Place],
    today: date,
) -> None:
    """A small round whose plan is computed, so that the leader has something to decide."""
    day = today - timedelta(days=25)
    with clock.at(day):
        people = register.fill_candidates(cast, units, towns, 14, today=day)
        lists = needs.issue_needs(cast, [(village, 0, 2) for village in villages])
    rounds.play(
        cast,
        Script(
            name=f"{today.year} 年工作队员轮换选派",
            opened_on=today - timedelta(days=14),
            starts_on=today + timedelta(days=45),
            need_lists=lists,
            people=_entries(people),
            until=Stage.COMPUTED,
        ),
    )


def _play_disputed_round(
    cast: Cast,
    villages: Sequence[Place],
    units: Sequence[Unit],
    towns: Sequence[Place],
    today: date,
) -> None:
    """A small round whose notice runs, with an objection that somebody has to look into."""
    day = today - timedelta(days=30)
    with clock.at(day):
        people = register.fill_candidates(cast, units, towns, 8, today=day)
        lists = needs.issue_needs(cast, [(village, 0, 1) for village in villages])
    round = rounds.play(
        cast,
        Script(
            name=f"{today.year} 年工作队员增补选派",
            opened_on=today - timedelta(days=22),
            starts_on=today + timedelta(days=50),
            need_lists=lists,
            people=_entries(people),
            until=Stage.ANNOUNCED,
            announced_on=today - timedelta(days=2),
        ),
    )
    with clock.at(today - timedelta(days=1)):
        rounds.dispute(cast, round)


def _play_followed_round(cast: Cast, villages: Sequence[Place], people: Sequence[Person]) -> None:
    """The first secretaries who were there before: their successors come two years later."""
    name, opened_on, starts_on, number = FOLLOWED_ROUND
    with clock.at(opened_on - timedelta(days=20)):
        lists = needs.issue_needs(cast, [(village, 1, 0) for village in villages])
    rounds.play(
        cast,
        Script(
            name=name,
            opened_on=opened_on,
            starts_on=starts_on,
            need_lists=lists,
            people=_entries(people),
            until=Stage.ISSUED,
            announced_on=opened_on + timedelta(days=16),
            issued_on=opened_on + timedelta(days=35),
            document_number=number,
        ),
    )


def _live(cast: Cast, village: Place, today: date) -> Actor:
    """The shown village's first secretary has an account; a few elsewhere are away today."""
    own = life.first_secretary_of(village)
    posted = life.take_leave(cast, own, cast.village(village), today)
    diary.keep(own, posted, today)
    liaison.keep_in_touch(cast, own, today)
    others = Posting.objects.filter(state="active", handover_until__isnull=True).exclude(pk=own.pk)
    found = others.select_related("village__parent", "person").order_by("village__path")
    life.others_on_leave(cast, list(found[:5]), today)
    recall.keep(cast, list(found.filter(unit__isnull=False)[6:10]), today)
    support.keep(cast, own, posted, list(found.filter(unit__isnull=False)[10:22]), today)
    return posted


def _judge(cast: Cast, shown: Place, today: date) -> None:
    """The year and what followed from it, the month's records, the quarters."""
    rewards.keep(cast)
    diary.confirm_last_month(cast, today)
    appraisal.keep(cast, shown, today)


def _hand_over(cast: Cast, villages: Sequence[Place]) -> Place:
    """One has handed over and left, one has handed over, one still has to; answers the last."""
    left, handed, waiting = villages
    rounds.hand_over(cast, left, completed=True)
    rounds.hand_over(cast, handed, completed=False)
    old = Posting.objects.get(village=waiting, handover_until__isnull=False)
    rounds.appraise_term(cast, old)
    return waiting


def _play_past_rounds(
    cast: Cast, villages: Sequence[Place], people: Sequence[Person], say: Say
) -> int:
    """Three rounds that ended in 87 postings; who was not chosen stays for the next."""
    used = 0
    for name, opened_on, starts_on, posts, number in PAST_ROUNDS:
        say(f"{name}：{posts} 名")
        with clock.at(opened_on - timedelta(days=20)):
            lists = needs.issue_needs(
                cast, [(village, 1, 0) for village in villages[used : used + posts]]
            )
        used += posts
        free = [one for one in _entries(people) if one.state == PoolState.IN_POOL]
        rounds.play(
            cast,
            Script(
                name=name,
                opened_on=opened_on,
                starts_on=starts_on,
                need_lists=lists,
                people=free[: posts + 9],
                until=Stage.ISSUED,
                announced_on=opened_on + timedelta(days=16),
                issued_on=opened_on + timedelta(days=35),
                document_number=number,
                wishing_share=0.4,
            ),
        )
    for person in people:
        person.refresh_from_db()
    return used


def _entries(people: Sequence[Person]) -> list[PoolEntry]:
    found = PoolEntry.objects.filter(person__in=people).select_related("person")
    return list(found.order_by("person__number"))


def _play_notice_round(
    cast: Cast, villages: Sequence[Place], people: Sequence[Person], today: date
) -> int:
    posts = 12
    announced_on = rounds.notice_that_ended(today)
    opened_on = announced_on - timedelta(days=20)
    with clock.at(opened_on - timedelta(days=5)):
        lists = needs.issue_needs(cast, [(village, 1, 0) for village in villages[:posts]])
    rounds.play(
        cast,
        Script(
            name=f"{today.year} 年补充选派",
            opened_on=opened_on,
            starts_on=today + timedelta(days=20),
            need_lists=lists,
            people=_entries(people),
            until=Stage.ANNOUNCED,
            announced_on=announced_on,
        ),
    )
    return posts


def _play_open_round(
    cast: Cast, villages: Sequence[Place], people: Sequence[Person], today: date
) -> Round:
    """Five villages ask for a language that two people speak; the others are an ordinary round."""
    seats = _seats(villages, OPEN_POSTS)
    checked = seats[5:25]
    with clock.at(today - timedelta(days=45)):
        lists = needs.check_villages(cast, checked)
        lists += needs.issue_needs(
            cast,
            [one for one in seats if one not in checked],
            language_of_town={LANGUAGE_TOWN: register.LANGUAGE},
        )
    return rounds.play(
        cast,
        Script(
            name=f"{today.year} 年驻村第一书记和工作队员集中选派",
            opened_on=today - timedelta(days=21),
            starts_on=today + timedelta(days=30),
            need_lists=lists,
            people=_entries(people),
            until=Stage.INTENTIONS,
            wishing_share=0.7,
            objections=3,
            effects={"R11": "block"},
        ),
    )


def _seats(villages: Sequence[Place], posts: int) -> list[Seats]:
    """One first secretary each; the members that are left over go round, two at most."""
    members, over = divmod(posts - len(villages), len(villages))
    return [
        (village, 1, members + (1 if number < over else 0))
        for number, village in enumerate(villages)
    ]


def _relate(
    cast: Cast,
    people: Sequence[Person],
    officers: dict[str, list[Person]],
    villages: Sequence[Place],
    day: date,
) -> None:
    with clock.at(day):
        register.make_relatives(
            cast, people[10:16], [officers[village.path][0] for village in villages[6:12]]
        )


def _show(cast: Cast, village: Place, person: Person) -> None:
    """An account for each role that has a page, and one from a town that has no part in it."""
    assert village.parent is not None
    assert person.unit is not None
    with clock.at(REGISTER_DAY):
        cast.show_offices()
        cast.show(
            cast.town(village.parent),
            cast.village(village),
            cast.unit(person.unit),
            cast.candidate(person),
            cast.town(_another_town(village.parent)),
        )
        cast.show_others_of(village, person.unit)


def _another_town(town: Place) -> Place:
    return Place.objects.filter(level=PlaceLevel.TOWNSHIP).exclude(pk=town.pk).order_by("-path")[0]


# --- 太白 ---------------------------------------------------------------------------------------


def _taibai(say: Say) -> None:
    """128 people in 44 villages of 7 towns (T06 to T08): 40 teams of three, four of two."""
    today = clock.today()
    cast, towns = _cast(), _towns()
    everywhere = _villages()
    villages = [one for one in everywhere if one.village_kind == "admin_village"]
    assert len(villages) == 44, "太白县 has 44 villagers' committees"
    opened_on = date(today.year, 1, 1) - timedelta(days=60)
    say("登记单位、村干部和人选（均为虚构）")
    with clock.at(REGISTER_DAY):
        units = register.fill_units(cast)
        committees.fill(cast, everywhere, today)
        people = register.fill_candidates(
            cast, units, towns, 160, today=REGISTER_DAY, members_only=True
        )
    with clock.at(opened_on - timedelta(days=20)):
        seats = [(one, 1, 2 if number < 40 else 1) for number, one in enumerate(villages)]
        lists = needs.issue_needs(cast, seats)
    say("选派 128 名优秀党员干部到 44 个村")
    rounds.play(
        cast,
        Script(
            name=f"{today.year} 年优秀党员干部选派",
            opened_on=opened_on,
            starts_on=min(date(today.year, 1, 5), today - timedelta(days=10)),
            need_lists=lists,
            people=_entries(people),
            until=Stage.ISSUED,
            announced_on=opened_on + timedelta(days=16),
            issued_on=opened_on + timedelta(days=40),
            document_number=f"太组发〔{today.year}〕2 号",
            wishing_share=0.3,
        ),
    )
    life.settle_in(cast, life.waiting_to_settle(today))
    diary.confirm_last_month(cast, today)
    waiting = _play_wishing_round(cast, villages[40:], units, towns, today, members_only=True)
    with clock.at(today - timedelta(days=3)):
        needs.draft_checks(cast, villages[5:9], submitted=3)
    committees.leave_vacant(cast, next(one for one in everywhere if one not in villages), today)
    say("整顿 8 个村党组织，每月督查")
    leaders = rectification.keep(cast, villages, units, today)
    say("去年的述职评议")
    reviews.keep(cast, towns, today)
    say("已印发的简报")
    briefings.of_taibai(cast, today)
    _show(cast, villages[8], waiting)
    cast.show(*leaders)
    _keep(cast, "太白县")


# --- 陇县 ---------------------------------------------------------------------------------------


def _register_only(say: Say) -> None:
    """The county's own practices come with their modules; until then its register stands."""
    today = clock.today()
    cast, villages = _cast(), _villages()
    say("登记单位、村干部和人选（均为虚构）")
    with clock.at(REGISTER_DAY):
        units = register.fill_units(cast)
        register.fill_officers(cast, villages)
        register.fill_candidates(cast, units, _towns(), 60, today=REGISTER_DAY)
    with clock.at(today - timedelta(days=10)):
        needs.draft_checks(cast, villages[:20], submitted=12)
    waiting = _play_wishing_round(cast, villages[20:26], units, _towns(), today)
    _show(cast, villages[15], waiting)
    _keep(cast, "陇县")
