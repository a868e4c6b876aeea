"""What of activities waits for whom, and how is one shown?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from lingyan.common import clock
from lingyan.common.flow import open_acts
from lingyan.directory.models import Person, Place
from lingyan.directory.rules import PlaceLevel
from lingyan.directory.rules.hands import TOWN, UNIT, VILLAGE
from lingyan.pairing.actions.activities import LABELS
from lingyan.pairing.models import ActivityVersion, PairActivity, Pairing
from lingyan.pairing.queries import activities as queries
from lingyan.pairing.rules import activities as rules
from lingyan.pairing.rules.activity_words import (
    ActivityKind,
    ActivityMode,
    ActivityState,
    Attendance,
)
from lingyan.pairing.rules.words import Goal
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.worklist import (
    Waiting,
    WorkItem,
    count_waiting,
    items,
    page_of,
    waiting_for,
)


def _of_writers(actor: Actor) -> Iterable[Waiting]:
    scope, today = actor.scope, clock.today()
    yield Waiting(
        "场联建活动被退回", "请按抽查意见更正或取消", queries.list_returned(scope),
        page_of("activity_list", check="returned"),
    )  # fmt: skip
    yield Waiting(
        "场计划的联建活动日期已过", "开展了的登记人数，没有开展的取消或改期",
        queries.list_overdue_plans(scope, today),
        page_of("activity_list", state="overdue"), column="day",
    )  # fmt: skip


def _of_towns(actor: Actor) -> Iterable[Waiting]:
    yield Waiting(
        "场抽中的联建活动待查", "看一看是否属实", queries.list_drawn_unchecked(actor.scope),
        page_of("activity_list", check="drawn"),
    )  # fmt: skip


SOURCES = (((*UNIT, *VILLAGE), _of_writers), (TOWN, _of_towns))


def worklist(actor: Actor) -> list[WorkItem]:
    return items(_waiting(actor))


def count(actor: Actor) -> int:
    return count_waiting(_waiting, actor)


def _waiting(actor: Actor) -> list[Waiting]:
    return waiting_for(actor, SOURCES)


# --- one activity -------------------------------------------------------------------------------


def may(activity: PairActivity, actor: Actor, *, is_own: bool) -> dict[str, bool]:
    """Which acts this person finds as buttons."""
    acts = {
        line.act for line in open_acts(rules.ACTIVITY_FLOW, state=activity.state, role=actor.role)
    }
    return {
        act: act in acts and (is_own or act == "check")
        for act in ("hold", "correct", "cancel", "check")
    }


def people_line(activity: PairActivity) -> str:
    """Who came in one line of words: 现场 5 人，线上 2 人，村里 30 人."""
    people = list(activity.participants.all())
    spot = sum(one.attendance == Attendance.SPOT for one in people)
    parts = [(spot, "现场"), (len(people) - spot, "线上"), (activity.villagers, "村里")]
    return "，".join(f"{label} {number} 人" for number, label in parts if number) or "—"


def counted(activity: PairActivity) -> int:
    """How many person-times of members it gives (X13)."""
    return rules.counted_attendances(
        activity.mode,
        state=activity.state,
        in_village=activity.place is not None and activity.place.level == PlaceLevel.VILLAGE,
        attendances=[(one.attendance, one.is_member) for one in activity.participants.all()],
    )


def goal_labels(activity: PairActivity) -> list[str]:
    return [one.label for one in Goal if one.value in activity.goals]


@dataclass(frozen=True, slots=True)
class OldVersion:
    version: ActivityVersion
    lines: list[tuple[str, Any]]


def versions(activity: PairActivity, actor: Actor) -> list[OldVersion]:
    """What it said before each change, in the words of the form; no names of other units."""
    found = list(activity.versions.order_by("-number"))
    names = _Names.of([one.values for one in found], queries.others_of(activity, actor.scope))
    return [OldVersion(one, names.lines(one.values)) for one in found]


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of whatever old versions point to, asked once for all of them."""

    people: Mapping[str, str]
    places: Mapping[str, str]
    pairs: Mapping[str, str]

    @classmethod
    def of(cls, found: list[dict[str, Any]], others: Collection[UUID] = ()) -> _Names:
        def keys(name: str) -> set[str]:
            return {key for values in found for key in values[name]}

        places = {values["place"] for values in found if values["place"]}
        people = Person.objects.filter(pk__in=keys("people")).exclude(unit__in=list(others))
        pairs = Pairing.objects.filter(pk__in=keys("pairings")).select_related("unit", "village")
        return cls(
            {str(one.pk): one.name for one in people},
            {str(one.pk): str(one) for one in Place.objects.filter(pk__in=places)},
            {str(one.pk): str(one) for one in pairs},
        )

    def _people(self, keys: Iterable[str]) -> str:
        """By name those whom the reader may know, the others by their number."""
        keys = list(keys)
        named = [self.people[one] for one in keys if one in self.people]
        others = len(keys) - len(named)
        return "、".join([*named, *([f"其他单位 {others} 人"] if others else [])])

    def lines(self, values: Mapping[str, Any]) -> list[tuple[str, Any]]:
        shown = {
            **values,
            "kind": ActivityKind(values["kind"]).label,
            "mode": ActivityMode(values["mode"]).label,
            "state": ActivityState(values["state"]).label,
            "place": self.places.get(values["place"], ""),
            "pairings": "、".join(self.pairs.get(one, "") for one in values["pairings"]),
            "people": self._people(values["people"]),
            "has_oath": "是" if values["has_oath"] else "",
            "goals": "、".join(Goal(one).label for one in values["goals"]),
        }
        return [(label, shown[name]) for name, label in LABELS.items() if shown.get(name)]
