"""Which pins and quotas of the workbooks cannot be, seen from the built problem?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lingyan.common.pages import Findings, Flaw
from lingyan.posting.problem.build import PostingProblem, build_posting, post_id
from lingyan.posting.problem.from_sheets import PostingInput
from lingyan.posting.problem.given import Pin
from lingyan.posting.rules import RULE_NAMES_EN, Outcome, Role, RuleResult, public_results


def build_from_sheets(given: PostingInput) -> PostingProblem:
    """Build the problem; raises BadSheets where a pin or a minimum cannot be kept."""
    problem = build_posting(given.needs, given.people, given.settings)
    found = Findings()
    _check_pins(problem, given, found)
    _check_minimums(problem, given, found)
    found.stop()
    return problem


def _check_pins(problem: PostingProblem, given: PostingInput, found: Findings) -> None:
    """A pin may overrule a warning with a named, dated reason, never a failed rule (1.1)."""
    pinned: Counter[str] = Counter()
    for pin, (page, row) in zip(given.settings.pins, given.pin_rows, strict=True):
        post = post_id(pin.village, pin.role)
        name = str(row.values["person"])
        if post not in problem.post_number:
            found.refuse(page, row, "role", Role(pin.role).label, NO_SUCH_POST)
            continue
        pinned[post] += 1
        seats = problem.problem.posts[problem.post_number[post]].upper
        if pinned[post] > seats:
            found.refuse(page, row, "person", name, more_pins_than_seats(seats))
        flaw = _broken(problem, pin, post)
        if flaw is not None:
            found.refuse(page, row, "person", name, flaw)
    _check_unit_limits(problem, given, found)


def _broken(problem: PostingProblem, pin: Pin, post: str) -> Flaw | None:
    results = public_results(problem.results(pin.person, post))
    failed = [f"{item.rule} {item.text}" for item in results if item.is_out]
    if failed:
        return Flaw(
            f"指定违反硬性条件：{'；'.join(failed)}",
            "硬性条件不能用指定越过，请改指定别人或删去这一行",
            f"the pin breaks a hard rule: {_english(results, is_out=True)}",
            "a pin never overrules a failed rule: pin somebody else or delete the row",
        )
    warned = [f"{item.rule} {item.text}" for item in results if item.outcome == Outcome.WARN]
    if warned and not (pin.decided_by and pin.decided_on):
        return Flaw(
            f"指定有提醒项：{'；'.join(warned)}",
            "请在“决定人”和“决定日期”写明由谁、何日决定",
            f"the pin overrules a warning: {_english(results, is_out=False)}",
            "name who decided it and when",
        )
    return None


def _english(results: Sequence[RuleResult], *, is_out: bool) -> str:
    """The rules that put a pair out, or that warn, by code and English name."""
    return "; ".join(
        f"{item.rule} {RULE_NAMES_EN.get(item.rule, item.label)}"
        for item in results
        if (item.is_out if is_out else item.outcome == Outcome.WARN)
    )


def _check_unit_limits(problem: PostingProblem, given: PostingInput, found: Findings) -> None:
    limits, sent = given.settings.unit_limits, Counter[str]()
    for pin, (page, row) in zip(given.settings.pins, given.pin_rows, strict=True):
        unit = problem.people[problem.person_number[pin.person]].facts.unit
        if unit is None or unit not in limits:
            continue
        sent[unit] += 1
        if sent[unit] > limits[unit]:
            found.refuse(
                page, row, "person", str(row.values["person"]), over_unit_limit(unit, limits[unit])
            )


def _check_minimums(problem: PostingProblem, given: PostingInput, found: Findings) -> None:
    """A minimum that its own eligible people cannot fill is a mistake, not a shortage."""
    for place, post in zip(problem.posts, problem.problem.posts, strict=True):
        eligible = len(problem.eligible_people(place.id)) if post.lower else 0
        if eligible >= post.lower:
            continue
        page, row = given.need_rows[problem.needs[place.village].id]
        first = place.role == Role.FIRST_SECRETARY
        column = "first_secretary_required" if first else "members_min"
        found.refuse(page, row, column, str(post.lower), too_few_eligible(post.lower, eligible))


NO_SUCH_POST = Flaw(
    "该村本批次没有这种岗位",
    "请改正岗位，或在需求清单里加上名额",
    "the village asks for no such post",
    "correct the post or add a seat to the needs",
)


def more_pins_than_seats(seats: int) -> Flaw:
    return Flaw(
        f"指定的人数超过名额（{seats} 名）",
        "请减少指定，或增加名额",
        f"more people are pinned than there are seats ({seats})",
        "pin fewer or add seats",
    )


def over_unit_limit(unit: str, limit: int) -> Flaw:
    return Flaw(
        f"指定的人数超过{unit}最多选派的 {limit} 人",
        "请减少指定，或放宽该单位的限额",
        f"more people of {unit} are pinned than it may send ({limit})",
        "pin fewer or raise the limit of the unit",
    )


def too_few_eligible(least: int, eligible: int) -> Flaw:
    return Flaw(
        f"至少要 {least} 名，但合格的人选只有 {eligible} 名，谁也无法满足",
        "请改小至少数、增加人选，或核对不符合的条件",
        f"at least {least} wanted, but only {eligible} candidates are eligible",
        "lower the minimum, add candidates or look at the failed rules",
    )
