"""Is what is stored for a choice still the code that it was, so that old rows can be read?"""

from __future__ import annotations

import importlib.util
import pkgutil
from collections.abc import Iterator

import lingyan
import lingyan.directory.roles
from lingyan.common.choices import Choice

# Their codes are those of the rulebook, or stand in an address.
OF_THE_BOOK = {
    "Duty": ["D1", "D2", "D3", "D4", "D5"],
    "Severity": ["0", "1", "2", "3", "4"],
    "Situation": [f"W{one:02}" for one in range(1, 15)],
    "ItemResult": ["pass", "problem", "n_a"],
    "MendState": ["", "open", "mended", "closed", "exempted"],
    "SupportKind": ["S1", "S2", "S3", "S4"],
    "VoteMethod": ["", "phone", "paper"],
    "Reference": ["same_date", "each_term_start"],
    "ReportKind": ["month", "quarter", "half-year", "year"],
    "BallotMethod": ["", "phone", "paper"],
    "CheckItem": [
        *(f"T{one}" for one in range(1, 6)),
        *(f"I{one}" for one in range(1, 7)),
        *(f"G{one}" for one in range(1, 6)),
    ],
    "NominationState": ["nominated", "granted", "not_granted"],
    "RecallGround": [f"RG{one:02}" for one in range(1, 11)],
    "StandardKey": [
        "support.fund_year",
        "support.living_day",
        "support.transport_month",
        "support.exams_per_year",
        "support.visits_per_year",
        "unit.visit_per_year",
        "area.visit_per_half_year",
        "post.month_days",
        "post.pretrain_hours",
        "post.overlap_days",
        "leave.town_max_days",
        "leave.year_max_days",
        "recall.replace_days",
        "recall.mass_min",
        "recall.ban_months",
        "recall.promotion_ban_months",
        "recall.unit_minus",
        "checkin.enabled",
        "checkin.radius_m",
        "keep.wishes_months",
        "keep.rejected_months",
        "keep.sign_in_months",
    ],
}


def choices() -> Iterator[type[Choice]]:
    for module in pkgutil.iter_modules(lingyan.__path__, "lingyan."):
        rules = f"{module.name}.rules"
        if not importlib.util.find_spec(rules):
            continue
        for found in pkgutil.iter_modules(getattr(importlib.import_module(rules), "__path__", ())):
            importlib.import_module(f"{rules}.{found.name}")
    waiting = [Choice]
    while waiting:
        below = waiting.pop().__subclasses__()
        yield from below
        waiting += below


def test_a_code_is_its_name_in_small_letters() -> None:
    wrong = [
        f"{kind.__name__}.{one.name}: {one.value}"
        for kind in choices()
        if kind.__name__ not in OF_THE_BOOK and kind.__module__.startswith("lingyan.")
        for one in kind
        if one.value != one.name.lower()
    ]

    assert not wrong


def test_the_codes_of_the_book_are_as_they_were() -> None:
    kinds = {
        kind.__name__: [one.value for one in kind]
        for kind in choices()
        if ".rules" in kind.__module__
    }

    for name, codes in OF_THE_BOOK.items():
        assert kinds[name] == codes
