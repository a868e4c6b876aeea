"""Which numbers has a county set for itself: how often, how many days, and whether at all?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from lingyan.common import clock
from lingyan.directory import settings as county_numbers
from lingyan.directory.models import CountySetting
from lingyan.posting.rules import DEFAULT_RULES, RuleSetting
from lingyan.posting.rules import settings as rules
from lingyan.posting.rules.support import DEFAULTS
from lingyan.posting.rules.support_words import StandardKey


@dataclass(frozen=True, slots=True)
class Numbers:
    """As they are in force on one day, by the path of the county."""

    held: dict[tuple[str, str], int]

    def of(self, path: str, key: StandardKey) -> int:
        """For the place with this path: its county's number, or the usual one."""
        for (county, name), number in self.held.items():
            if name == key and path.startswith(county):
                return number
        return DEFAULTS[key]


def number_for(path: str, key: StandardKey, day: date | None = None) -> int:
    """One number for one place, today or on another day."""
    return numbers_on(day or clock.today()).of(path, key)


@dataclass(frozen=True, slots=True)
class History:
    """One number of each county through time: of what began under an older one."""

    key: StandardKey
    held: list[tuple[str, date, int]]  # by the first day, the newest first

    def of(self, path: str, day: date) -> int:
        for county, since, number in self.held:
            if since <= day and path.startswith(county):
                return number
        return DEFAULTS[self.key]


def history_of(key: StandardKey) -> History:
    rows = CountySetting.objects.filter(key=key).order_by("-since", "pk")
    found = rows.values_list("county__path", "since", "amount")
    return History(key, [(path, since, int(amount)) for path, since, amount in found])


def numbers_on(day: date) -> Numbers:
    """A later line changes nothing that was before its day; one query for every county."""
    rows = CountySetting.objects.filter(key__in=DEFAULTS, since__lte=day).order_by("since", "pk")
    found = rows.values_list("county__path", "key", "amount")
    return Numbers({(path, key): int(amount) for path, key, amount in found})


# --- choosing and matching ----------------------------------------------------------------------


def usual_of(path: str) -> rules.Usual:
    """What a round of this county takes with it when it opens today."""
    day = clock.today()
    held, standards = county_numbers.numbers_on(day), numbers_on(day)
    parameters: dict[str, dict[str, int]] = {
        "R08": {"ban_months": standards.of(path, StandardKey.BAN_MONTHS)}
    }
    for rule, name, setting in rules.OF_RULES:
        parameters.setdefault(rule, {})[name] = held.of(path, setting)
    return rules.Usual(
        parameters=parameters,
        notice_days=held.of(path, rules.NOTICE),
        overlap_days=standards.of(path, StandardKey.OVERLAP_DAYS),
        term_months_min=held.of(path, rules.TERM_MONTHS),
        own_town_blocks=bool(held.of(path, rules.OWN_TOWN)),
        allow_unranked=bool(held.of(path, rules.UNRANKED)),
    )


def notice_days(path: str, day: date | None = None) -> int:
    """How many working days whoever is to be posted is announced (R-2-20)."""
    return county_numbers.number_for(path, rules.NOTICE, day)


def type_threshold(path: str) -> int:
    """From which need of a domain on a village's type is suggested (R-2-09)."""
    return county_numbers.number_for(path, rules.TYPE_LIMIT)


def portrait_months(path: str) -> int:
    """After how many months a proof that nobody has looked at is shown grey (2.3)."""
    return county_numbers.number_for(path, rules.PORTRAIT_MONTHS)


def rules_of_county(path: str) -> tuple[RuleSetting, ...]:
    """The hard rules as they stand today where no round has frozen them."""
    set_here = usual_of(path).parameters
    return tuple(
        replace(rule, parameters={**rule.parameters, **set_here.get(rule.code, {})})
        for rule in DEFAULT_RULES
    )
