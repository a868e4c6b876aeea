"""A round of any size out of a seed, with something for every rule to say."""

from __future__ import annotations

import random
from datetime import date

from lingyan.posting.problem import (
    Candidate,
    Intention,
    PostingSettings,
    VillageNeed,
    Wish,
)
from lingyan.posting.rules import (
    Capability,
    NeedItem,
    Officer,
    PersonFacts,
    Recall,
    Relative,
    TermFacts,
    VillageFacts,
    VillageType,
    weighted_needs,
)

TOWNS = ("甲镇", "乙镇", "丙乡", "丁乡", "戊镇")
TERM = TermFacts(date(2026, 3, 1), date(2026, 4, 1))


def a_round(
    villages: int, people: int, *, members: int = 1, seed: int = 1
) -> tuple[list[VillageNeed], list[Candidate], PostingSettings]:
    """Needs, people and settings; equal seeds give equal rounds."""
    draw = random.Random(seed)
    needs = [_need(draw, number, people, members) for number in range(villages)]
    settings = PostingSettings(
        TERM,
        adjoining={"甲镇": ("乙镇",), "乙镇": ("甲镇", "丙乡"), "丙乡": ("乙镇",)},
        minutes={("甲镇", "丁乡"): 70},
        towns=TOWNS,
        unit_limits={"单位0": 1, "单位1": 2},
    )
    return needs, [_person(draw, number, villages) for number in range(people)], settings


def _need(draw: random.Random, number: int, people: int, members: int) -> VillageNeed:
    def somebody() -> str:
        return f"p{draw.randrange(people):03}"

    types = tuple(draw.sample([kind.value for kind in VillageType], draw.randint(0, 3)))
    items = [
        NeedItem(
            (draw.choice(list(Capability)).value,), draw.randint(0, 4), level=draw.choice([None, 2])
        )
        for _ in range(draw.randint(0, 2))
    ]
    return VillageNeed(
        VillageFacts(
            f"v{number:03}",
            f"村{number}",
            draw.choice([*TOWNS, None]),
            officers=tuple(Officer(f"王{draw.randrange(30)}") for _ in range(3)),
            languages=("土家语",) if draw.random() < 0.2 else (),
            categories=("reserve",) if draw.random() < 0.3 else (),
            vetoes={somebody(): "有意见"} if draw.random() < 0.3 else {},
            bans={draw.choice([somebody(), f"{somebody()}/member"]): "有矛盾"},
        ),
        types,
        weighted_needs(types, items),
        first_secretaries=draw.choice([0, 1, 1]),
        members=draw.randint(0, members),
        intentions=tuple(
            Intention(somebody(), rank, draw.choice([None, "member"])) for rank in range(1, 4)
        )
        if draw.random() < 0.6
        else None,
        paired_units=("单位2",) if draw.random() < 0.3 else (),
    )


def _person(draw: random.Random, number: int, villages: int) -> Candidate:
    def some_village() -> str:
        return f"v{draw.randrange(villages):03}"

    def maybe(share: float) -> bool:
        return draw.random() < share

    facts = PersonFacts(
        id=f"p{number:03}",
        name=f"李{number}",
        unit=f"单位{draw.randrange(6)}",
        gender=draw.choice(["male", "female", None]),
        birth_on=None if maybe(0.05) else date(1966 + draw.randrange(34), 6, 1),
        political_status="mass" if maybe(0.2) else "full_member",
        full_member_since=date(2015, 7, 1),
        work_since=date(2025, 1, 1) if maybe(0.1) else date(2012, 8, 1),
        pool_state=draw.choice(["in_pool", "in_pool", "in_pool", None, "reviewed"]),
        health="unfit" if maybe(0.05) else None,
        discipline="sanctioned" if maybe(0.05) else "clear",
        recalls=(Recall(date(2020, 1, 1), some_village(), None, date(2022, 1, 1)),)
        if maybe(0.1)
        else (),
        category=draw.choice(["reserve", "specialist", None]),
        languages=("土家语",) if maybe(0.3) else (),
        minutes_max=60 if maybe(0.2) else None,
        home_villages=(some_village(),) if maybe(0.5) else (),
        home_towns=(draw.choice(TOWNS),) if maybe(0.5) else (),
        relatives=(Relative(f"王{draw.randrange(30)}"),) if maybe(0.5) else (),
        contract_villages=(some_village(),) if maybe(0.2) else (),
        refusals={some_village(): "路远"} if maybe(0.2) else {},
        barred_towns=(draw.choice(TOWNS),) if maybe(0.1) else (),
    )
    return Candidate(
        facts,
        {item.value: draw.randint(1, 4) for item in Capability if maybe(0.4)},
        {"economy": ("财政所三年",)},
        draw.randrange(8),
        tuple(draw.choice(["excellent", "competent", "basic"]) for _ in range(draw.randrange(4))),
        draw.choice([*TOWNS, "县外", None]),
        tuple(
            Wish(village, rank)
            for rank, village in enumerate(dict.fromkeys(some_village() for _ in range(3)), 1)
        )
        if maybe(0.7)
        else None,
    )
