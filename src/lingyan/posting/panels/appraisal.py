"""How does an appraisal look: how far it is, who ranks where and why, and what waits for whom?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.urls import reverse

from lingyan.common import clock
from lingyan.common.alerts import alert_level
from lingyan.common.ballots import ballots_needed
from lingyan.common.flow import open_acts
from lingyan.directory.models import Person, Place
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.ui.panels import Panel, PanelRow
from lingyan.platform.ui.worklist import WorkItem
from lingyan.posting import rules
from lingyan.posting.models import (
    AppraisalCycle,
    AppraisalEntry,
    AppraisalScore,
    BallotBox,
    Posting,
)
from lingyan.posting.queries import appraisal as queries
from lingyan.posting.rules import appraisal as appraisal_rules
from lingyan.posting.rules.appraisal_scores import (
    Scheme,
    Tally,
    excellent_room,
    percent,
    written,
)
from lingyan.posting.rules.appraisal_words import (
    AppealState,
    AppraisalGrade,
    AppraisalPart,
    AppraisalState,
)

TONE_OF_GRADE = {"excellent": "g", "competent": "b", "basic": "y", "incompetent": "r"}
TONE_OF_LEVEL = {"green": "", "yellow": "y", "red": "r", "black": "r"}
LAST_STATE = AppraisalState.FINAL
STEPS = (
    (AppraisalState.OPENED, "启动"),
    (AppraisalState.SCORING, "评分和投票"),
    (AppraisalState.SUMMARISED, "汇总"),
    (AppraisalState.DELIBERATED, "研究"),
    (AppraisalState.NOTIFIED, "反馈和申诉"),
    (AppraisalState.FINAL, "归档"),
)
TOO_FEW = "样本不足"


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    note: str
    state: str


def steps(cycle: AppraisalCycle) -> list[Step]:
    order = [state for state, _ in STEPS]
    here = order.index(AppraisalState(cycle.state)) if cycle.state in order else len(order)
    days = {
        "scoring": cycle.due_on,
        "summarised": cycle.summarised_on,
        "deliberated": cycle.decided_on,
        "notified": cycle.notified_on,
        "final": cycle.archived_on,
    }
    found = []
    for number, (state, label) in enumerate(STEPS):
        day = days.get(state)
        note = f"{day:%m-%d}{' 截止' if state == AppraisalState.SCORING else ''}" if day else ""
        is_past = number < here or cycle.state == LAST_STATE
        found.append(Step(label, note, "done" if is_past else "now" if number == here else "todo"))
    return found


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str
    is_first: bool = False


URL_OF_ACT = {
    "start": "appraisal_start",
    "summarise": "appraisal_summarise",
    "send_back": "appraisal_send_back",
    "deliberate": "appraisal_deliberate",
    "notify": "appraisal_notify",
    "archive": "appraisal_archive",
    "cancel": "appraisal_cancel",
}
ASIDE = ("send_back", "cancel")


def buttons(cycle: AppraisalCycle, actor: Actor) -> list[Button]:
    """What this role may do with the appraisal now; the step forward first."""
    lines = open_acts(appraisal_rules.APPRAISAL_FLOW, state=cycle.state, role=actor.role)
    found = [
        Button(line.label, reverse(URL_OF_ACT[line.act], args=[cycle.pk]), line.act not in ASIDE)
        for line in lines
    ]
    if actor.role in rules.STAFF and cycle.state in (AppraisalState.OPENED, AppraisalState.SCORING):
        found.insert(1, Button("改截止日", reverse("appraisal_due", args=[cycle.pk])))
    return found


# --- progress -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PartProgress:
    part: AppraisalPart
    given: int
    of: int

    @property
    def is_done(self) -> bool:
        return self.given >= self.of


@dataclass(frozen=True, slots=True)
class TownProgress:
    town: str
    path: str
    people: int
    parts: tuple[PartProgress, ...]


def progress(actor: Actor, cycle: AppraisalCycle, scheme: Scheme) -> list[TownProgress]:
    """By town: of how many people each side has given its score."""
    asked = [part for part in scheme.parts() if part is not AppraisalPart.MASS]
    found = []
    for row in queries.progress_by_town(actor, cycle):
        parts = tuple(
            PartProgress(part, row[f"by_{part.value}"], _asked_of(part, row)) for part in asked
        )
        found.append(TownProgress(row["town"] or "县直", row["path"] or "", row["people"], parts))
    return found


def _asked_of(part: AppraisalPart, row: Mapping[str, Any]) -> int:
    return int(row["sent" if part is AppraisalPart.UNIT else "people"])


@dataclass(frozen=True, slots=True)
class BallotFigures:
    """Of a whole scope: villages, how many have enough, slips out and back."""

    villages: int
    enough: int
    slips: int
    cast: int


def ballot_figures(actor: Actor, cycle: AppraisalCycle) -> BallotFigures:
    lines = ballot_lines(cycle, list(queries.villages_of(actor, cycle)))
    boxes = [line.box for line in lines if line.box]
    return BallotFigures(
        len(lines),
        sum(line.is_enough for line in lines),
        sum(box.slips for box in boxes),
        sum(box.cast for box in boxes),
    )


def scheme_lines(scheme: Scheme) -> list[tuple[AppraisalPart, int, str]]:
    """Each side with its weight and its indicators in words."""
    return [
        (part, scheme.weight(part), _items_text(scheme, part))
        for part in AppraisalPart
        if scheme.weight(part)
    ]


def _items_text(scheme: Scheme, part: AppraisalPart) -> str:
    if part is AppraisalPart.MASS:
        return "满意 100、基本满意 70、不满意 0，不了解的不算"
    return "、".join(f"{one.name} {one.most}" for one in scheme.indicators.get(part, ()))


@dataclass(frozen=True, slots=True)
class BallotLine:
    """One village: how many slips are out, how many came back, how many are needed."""

    village: Place
    box: BallotBox | None
    needed: int | None

    @property
    def is_enough(self) -> bool:
        return self.box is not None and self.needed is not None and self.box.cast >= self.needed

    @property
    def new_slips(self) -> int:
        return getattr(self.box, "new_slips", 0) if self.box else 0


def ballot_lines(cycle: AppraisalCycle, villages: Sequence[Place]) -> list[BallotLine]:
    boxes = queries.boxes_of(cycle, [one.pk for one in villages])
    found = []
    for village in villages:
        box = boxes.get(village.pk)
        found.append(BallotLine(village, box, ballots_needed(box.households) if box else None))
    return found


# --- the ranking ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RankLine:
    rank: int | None
    entry: AppraisalEntry
    score: str
    parts: tuple[tuple[AppraisalPart, str], ...]
    tone: str

    @property
    def is_changed(self) -> bool:
        return bool(self.entry.grade) and self.entry.grade != self.entry.computed_grade


@dataclass(frozen=True, slots=True)
class Ranking:
    lines: list[RankLine]
    parts: tuple[AppraisalPart, ...]
    counts: tuple[tuple[AppraisalGrade, int, str], ...]
    room: int
    people: int


def mass_text(tally: Tally) -> str:
    return written(tally.score) if tally.is_told else TOO_FEW


def ranking(
    cycle: AppraisalCycle, entries: Sequence[AppraisalEntry], *, everybody: bool
) -> Ranking:
    """All people by exact score; ranks only where the whole county is shown."""
    scheme, totals = Scheme.from_json(cycle.scheme), queries.totals_of(cycle)
    ordered = sorted(entries, key=_best_first)
    parts = scheme.parts()
    lines, rank, before = [], 0, None
    for number, one in enumerate(ordered, start=1):
        key = _best_first(one)[:2]
        rank, before = (rank, before) if key == before else (number, key)
        lines.append(
            RankLine(
                rank if everybody else None,
                one,
                written(one.score),
                tuple((part, _part_text(part, one, totals.get(one.pk, {}))) for part in parts),
                TONE_OF_GRADE.get(one.grade, ""),
            )
        )
    counts = tuple(
        (grade, sum(one.grade == grade for one in entries), TONE_OF_GRADE[grade])
        for grade in AppraisalGrade
    )
    return Ranking(lines, parts, counts, excellent_room(scheme, len(entries)), len(entries))


def _best_first(one: AppraisalEntry) -> tuple[Fraction, Fraction, str, str]:
    mass = queries.tally_of(one).score or Fraction()
    return -(one.score or Fraction()), -mass, one.posting.village.path, str(one.pk)


def _part_text(part: AppraisalPart, one: AppraisalEntry, totals: Mapping[str, int]) -> str:
    if part is AppraisalPart.MASS:
        return mass_text(queries.tally_of(one))
    return str(totals.get(part, "—"))


def rows_to_export(cycle: AppraisalCycle, ranking: Ranking) -> Iterator[dict[str, Any]]:
    """The ranking as rows of its sheet."""
    for line in ranking.lines:
        one, posting = line.entry, line.entry.posting
        parts = dict(line.parts)
        yield {
            "appraisal": cycle.name,
            "rank": line.rank,
            "person": posting.person.name,
            "unit": str(posting.unit or ""),
            "town": str(posting.village.parent or ""),
            "village": posting.village.short_name,
            "kind": posting.get_kind_display(),
            **{f"{part.value}_score": parts.get(part, "") for part in AppraisalPart},
            "satisfaction": satisfaction_text(queries.tally_of(one)),
            "score": line.score,
            "computed_grade": one.get_computed_grade_display(),
            "grade": one.get_grade_display(),
            "note": "；".join(filter(None, (one.note, one.changed_reason))),
        }


# --- one person -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PartLine:
    """One side's part: its points, what they weigh, and who gave them."""

    part: AppraisalPart
    weight: int
    score: AppraisalScore | None
    items: tuple[tuple[str, int, int], ...]
    text: str


def part_lines(entry: AppraisalEntry, *, only: AppraisalPart | None = None) -> list[PartLine]:
    scheme, scores = Scheme.from_json(entry.cycle.scheme), queries.scores_of_entry(entry)
    found = []
    for part in scheme.parts(has_unit=entry.posting.unit_id is not None):
        if only is not None and part is not only:
            continue
        score = scores.get(part)
        items = (
            tuple(
                (one.name, point, one.most)
                for one, point in zip(scheme.indicators.get(part, ()), score.points, strict=False)
            )
            if score
            else ()
        )
        is_mass = part is AppraisalPart.MASS
        text = mass_text(queries.tally_of(entry)) if is_mass else str(score.total) if score else ""
        found.append(PartLine(part, scheme.weight(part), score, items, text))
    return found


def satisfaction_text(tally: Tally) -> str:
    return percent(tally.satisfaction) if tally.is_told else TOO_FEW


# --- the worklist ---------------------------------------------------------------------------------


def worklist(actor: Actor) -> list[WorkItem]:
    return [item for found in _waiting(actor) if (item := found)]


def count(actor: Actor) -> int:
    return len(worklist(actor))


def _waiting(actor: Actor) -> list[WorkItem | None]:
    if actor.role in rules.POSTED:
        return _own(actor)
    if actor.role not in queries.SIDES:
        return []
    cycles = queries.list_cycles(actor).exclude(
        state__in=(AppraisalState.FINAL, AppraisalState.CANCELLED)
    )
    found: list[WorkItem | None] = []
    for cycle in cycles:
        found += [_to_score(actor, cycle), _to_vote(actor, cycle), _next_step(actor, cycle)]
    return [*found, _appeals(actor), _terms(actor)]


def _own(actor: Actor) -> list[WorkItem | None]:
    """The own result, as long as one may appeal."""
    rows = queries.list_entries(actor).filter(
        cycle__state=AppraisalState.NOTIFIED, cycle__appeal_until__gte=clock.today(),
        appeal__isnull=True,
    )  # fmt: skip
    return [
        WorkItem(
            f"{one.cycle}结果已反馈", "有异议的，在期限内提出申诉；没有异议不用办理",
            reverse("appraisal_entry", args=[one.pk]), one.cycle.appeal_until, "flag",
        )
        for one in rows.order_by("cycle__appeal_until", "pk")
    ]  # fmt: skip


def _to_score(actor: Actor, cycle: AppraisalCycle) -> WorkItem | None:
    part = appraisal_rules.part_of_role(actor.role)
    if cycle.state != AppraisalState.SCORING or part is None:
        return None
    if not Scheme.from_json(cycle.scheme).weight(part):
        return None
    missing = unscored(actor, cycle, part)
    if not missing:
        return None
    return WorkItem(
        f"{missing} 名同志待评分", f"{cycle}，{part.label}评分",
        reverse("appraisal_scores", args=[cycle.pk]), cycle.due_on, "flag",
    )  # fmt: skip


def unscored(actor: Actor, cycle: AppraisalCycle, part: AppraisalPart) -> int:
    rows = queries.entries_of(actor, cycle).filter(left_out="")
    if part is AppraisalPart.UNIT:
        rows = rows.filter(posting__unit__isnull=False)
    return rows.count() - rows.filter(scores__part=part).count()


def _to_vote(actor: Actor, cycle: AppraisalCycle) -> WorkItem | None:
    """Villages of a town that still need slips or votes."""
    if actor.role not in rules.TOWN or cycle.state != AppraisalState.SCORING:
        return None
    if not Scheme.from_json(cycle.scheme).has_ballots:
        return None
    lines = ballot_lines(cycle, list(queries.villages_of(actor, cycle)))
    short = sum(not line.is_enough for line in lines)
    if not short:
        return None
    return WorkItem(
        f"{short} 个村的村民票数还不够", f"{cycle}，制票、发放，到截止日收够",
        reverse("ballot_list", args=[cycle.pk]), cycle.due_on, "people",
    )  # fmt: skip


def _next_step(actor: Actor, cycle: AppraisalCycle) -> WorkItem | None:
    """The step forward that this role owes, once its day has come."""
    lines = open_acts(appraisal_rules.APPRAISAL_FLOW, state=cycle.state, role=actor.role)
    ahead = [line for line in lines if line.act not in ASIDE]
    if not ahead or not _is_time(cycle):
        return None
    return WorkItem(
        f"{cycle}待{ahead[0].label}", ahead[0].holds, reverse("appraisal", args=[cycle.pk]),
        _due_of(cycle), "flag",
    )  # fmt: skip


def _is_time(cycle: AppraisalCycle) -> bool:
    today = clock.today()
    if cycle.state == AppraisalState.SCORING:
        return today > cycle.due_on
    if cycle.state == AppraisalState.NOTIFIED:
        return cycle.appeal_until is not None and today > cycle.appeal_until
    return True


def _due_of(cycle: AppraisalCycle) -> date | None:
    """Scoring is owed until its last day; what follows has no day of its own in the rules."""
    return cycle.due_on if cycle.state in (AppraisalState.OPENED, AppraisalState.SCORING) else None


def _appeals(actor: Actor) -> WorkItem | None:
    if actor.role not in rules.LEADER:
        return None
    rows = queries.list_appeals(actor).filter(state=AppealState.OPEN).order_by("due_on", "pk")
    first = rows.first()
    if first is None:
        return None
    return WorkItem(
        f"{rows.count()} 件考评申诉待复核", "收到申诉后 10 个工作日内复核",
        reverse("appraisal", args=[first.entry.cycle_id]), first.due_on, "flag",
    )  # fmt: skip


def _terms(actor: Actor) -> WorkItem | None:
    if actor.role not in rules.STAFF:
        return None
    waiting = queries.waiting_for_term(actor).count()
    if not waiting:
        return None
    return WorkItem(
        f"{waiting} 名同志在期满考察，还没有期满考评", "启动一次期满考评，结果随交接归档",
        reverse("appraisal_open"), None, "flag",
    )  # fmt: skip


def level_tone(due_on: date) -> str:
    return TONE_OF_LEVEL[alert_level(due_on, clock.today())]


def of_posting(actor: Actor, posting: Posting) -> list[tuple[AppraisalEntry, str, str]]:
    """The appraisals of a posting with what this reader may know: entry, words, tone."""
    return [_told(actor, one) for one in queries.entries_of_posting(actor, posting)]


def _told(actor: Actor, one: AppraisalEntry) -> tuple[AppraisalEntry, str, str]:
    if not queries.may_see_results(actor, one.cycle):
        return one, "进行中", ""
    return one, f"{written(one.score)} 分，{one.get_grade_display()}", TONE_OF_GRADE[one.grade]


def of_person(person: Person, actor: Actor, on: date) -> list[Panel]:
    """Archived results in a person's file, as at any day, for those who read them (R-2-28)."""
    if actor.role not in queries.SIDES:
        return []
    rows = tuple(
        PanelRow(
            one.cycle.name,
            f"{written(one.score)} 分 · {one.posting.village}",
            reverse("appraisal_entry", args=[one.pk]),
            one.get_grade_display(),
            TONE_OF_GRADE[one.grade],
        )
        for one in queries.archived_of_person(actor, person, on)
    )
    return [Panel("考评", rows, "还没有归档的考评。", reverse("appraisal_list"), "全部考评")]
