"""How is an appraisal opened, summed up, decided, told to everybody and sealed?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from lingyan.common import clock
from lingyan.common.ballots import ballots_needed
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.periods import WorkingCalendar
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Place
from lingyan.directory.queries import calendar_overrides
from lingyan.directory.settings import number_for
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import Subject, Trace, record, record_many
from lingyan.posting import rules
from lingyan.posting.models import (
    AppraisalAppeal,
    AppraisalCycle,
    AppraisalEntry,
    AppraisalScheme,
    BallotBox,
    BallotCode,
)
from lingyan.posting.queries import appraisal as queries
from lingyan.posting.rules import appraisal as appraisal_rules
from lingyan.posting.rules.appraisal import APPRAISAL_FLOW
from lingyan.posting.rules.appraisal_scores import (
    Contender,
    Scheme,
    excellent_room,
    standings,
    total_score,
)
from lingyan.posting.rules.appraisal_words import (
    AppealState,
    AppraisalGrade,
    AppraisalKind,
    AppraisalPart,
)
from lingyan.posting.rules.presence import grade_ceiling

THING = "posting.appraisal"


# --- shared by every act on an appraisal ----------------------------------------------------------


def locked(cycle: AppraisalCycle) -> AppraisalCycle:
    """The appraisal as it is now, held until the end of the transaction: two may press at once."""
    rows = AppraisalCycle.objects.select_for_update(of=("self",)).select_related("county")
    return rows.get(pk=cycle.pk)


def refuse_step(cycle: AppraisalCycle, act: str, actor: Actor) -> tuple[Refusal, ...]:
    return refuse_act(APPRAISAL_FLOW, state=cycle.state, act=act, role=actor.role, thing=THING)


def move(
    cycle: AppraisalCycle, act: str, event: str, *, actor: Actor, reason: str = "", **changed: Any
) -> AppraisalCycle:
    """Save the new state with what the act settles, and leave the trace."""
    step = find_transition(APPRAISAL_FLOW, state=cycle.state, act=act)
    assert step is not None, act
    fields = {"state": step.after, **changed}
    changes = {
        name: [_shown(getattr(cycle, name)), _shown(new)]
        for name, new in fields.items()
        if not name.endswith("_by_id")  # the name beside it says it to people
    }
    for name, new in fields.items():
        setattr(cycle, name, new)
    cycle.save(update_fields=list(fields))
    record(f"posting.appraisal.{event}", actor=actor, subject=cycle, changes=changes, reason=reason)
    return cycle


def _shown(value: Any) -> Any:
    return str(value) if isinstance(value, date) else value


# --- the scheme -----------------------------------------------------------------------------------


@transaction.atomic
def make_scheme(
    *,
    county: Place,
    kinds: Iterable[AppraisalKind],
    scheme: Scheme,
    valid_from: date,
    clause: str,
    actor: Actor,
) -> list[AppraisalScheme]:
    """A new version for one or several kinds; older ones stay, and no open appraisal changes."""
    today, kinds = clock.today(), list(kinds)
    refuse(reasons_against_scheme(actor))
    refuse(
        appraisal_rules.refuse_to_make_scheme(
            scheme,
            clause=clause,
            valid_from=valid_from,
            today=today,
            town_mass_min=number_for(county.path, appraisal_rules.TOWN_MASS, valid_from),
        )
    )
    made = []
    for kind in kinds:
        one = AppraisalScheme.objects.create(
            county=county, kind=kind, valid_from=valid_from, clause=clause.strip(),
            content=scheme.to_json(), made_by_id=actor.user_id, made_by_name=actor.name,
            made_at=clock.now(),
        )  # fmt: skip
        record(
            "posting.appraisal.scheme_made",
            actor=actor,
            subject=one,
            changes={"content": [None, one.content], "clause": [None, one.clause]},
        )
        made.append(one)
    return made


def reasons_against_scheme(actor: Actor) -> tuple[Refusal, ...]:
    if actor.role in appraisal_rules.SCHEME_MAKERS:
        return ()
    return (Refusal(f"{THING}.wrong_role", "考评办法由县委组织部管理员制定"),)


# --- opening --------------------------------------------------------------------------------------


@transaction.atomic
def open_appraisal(
    *, county: Place, kind: AppraisalKind, year: int, quarter: int = 1, due_on: date, actor: Actor
) -> AppraisalCycle:
    """Take in everybody concerned, with the weights in force today."""
    Place.objects.select_for_update().get(pk=county.pk)  # two offices may open the same period
    period = appraisal_rules.period_of(kind, year, quarter)
    before = queries.count_of_year(county, kind, year) if kind is AppraisalKind.TERM_END else 0
    name = appraisal_rules.name_of(kind, year, quarter, before)
    people = list(queries.people_for(county, kind, period).order_by("village__path", "pk"))
    facts = appraisal_rules.OpenFacts(
        kind=kind,
        period=period,
        today=clock.today(),
        due_on=due_on,
        people=len(people),
        name_taken=queries.name_is_taken(county, name),
    )
    scheme = queries.scheme_of(county, kind, clock.today())
    refuse(
        (
            *refuse_act(APPRAISAL_FLOW, state="", act="open", role=actor.role, thing=THING),
            *appraisal_rules.refuse_to_open(facts),
            *appraisal_rules.refuse_scheme(
                scheme, town_mass_min=number_for(county.path, appraisal_rules.TOWN_MASS)
            ),
        )
    )
    cycle = AppraisalCycle.objects.create(
        county=county,
        kind=kind,
        name=name,
        since=period.since,
        until=period.until,
        scheme=scheme.to_json(),
        due_on=due_on,
        created_by_id=actor.user_id,
        created_at=clock.now(),
    )
    AppraisalEntry.objects.bulk_create(
        [AppraisalEntry(cycle=cycle, posting=one) for one in people], batch_size=500
    )
    record(
        "posting.appraisal.opened",
        actor=actor,
        subject=cycle,
        changes={"people": [None, len(people)], "scheme": [None, cycle.scheme]},
    )
    return cycle


@transaction.atomic
def start_scoring(cycle: AppraisalCycle, *, actor: Actor) -> AppraisalCycle:
    """From now on each side gives its score, and villagers may vote."""
    cycle = locked(cycle)
    refuse(refuse_step(cycle, "start", actor))
    return move(cycle, "start", "started", actor=actor)


@transaction.atomic
def change_due(cycle: AppraisalCycle, *, due_on: date, actor: Actor) -> AppraisalCycle:
    """Give more time, or end it today where everything is there."""
    cycle = locked(cycle)
    refuse(_refuse_staff_before(cycle, actor, "scoring"))
    refuse(appraisal_rules.refuse_due(due_on, today=clock.today()))
    before, cycle.due_on = cycle.due_on, due_on
    cycle.save(update_fields=["due_on"])
    record(
        "posting.appraisal.due_changed",
        actor=actor,
        subject=cycle,
        changes={"due_on": [before, due_on]},
    )
    return cycle


def _refuse_staff_before(cycle: AppraisalCycle, actor: Actor, last: str) -> tuple[Refusal, ...]:
    if actor.role not in rules.STAFF:
        return (Refusal(f"{THING}.wrong_role", "由县委组织部工作人员办理"),)
    if cycle.state not in ("opened", last):
        return (Refusal(f"{THING}.wrong_state", "当前状态不能办理此事项，请刷新后再看"),)
    return ()


@transaction.atomic
def leave_out(entry: AppraisalEntry, *, reason: str, actor: Actor) -> AppraisalEntry:
    """Somebody does not take part this time; the reason stays readable."""
    entry = _locked_entry(entry)
    refuse(
        (
            *_refuse_staff_before(entry.cycle, actor, "scoring"),
            *appraisal_rules.refuse_without_reason(reason, "不参加本次考评"),
        )
    )
    return _left_out(entry, reason.strip(), "left_out", actor)


@transaction.atomic
def take_in(entry: AppraisalEntry, *, actor: Actor) -> AppraisalEntry:
    """A mistake: the person takes part after all."""
    entry = _locked_entry(entry)
    refuse(_refuse_staff_before(entry.cycle, actor, "scoring"))
    return _left_out(entry, "", "taken_in", actor)


def _left_out(entry: AppraisalEntry, reason: str, event: str, actor: Actor) -> AppraisalEntry:
    before, entry.left_out = entry.left_out, reason[:200]
    entry.save(update_fields=["left_out"])
    record(
        f"posting.appraisal.{event}", actor=actor, subject=entry,
        changes={"left_out": [before, entry.left_out]},
    )  # fmt: skip
    return entry


def _locked_entry(entry: AppraisalEntry) -> AppraisalEntry:
    cycle = locked(entry.cycle)
    found = (
        AppraisalEntry.objects.select_for_update(of=("self",))
        .select_related("posting__person", "posting__village", "posting__unit")
        .get(pk=entry.pk)
    )
    found.cycle = cycle
    return found


# --- summing up -----------------------------------------------------------------------------------


def sum_facts(cycle: AppraisalCycle, entries: list[AppraisalEntry]) -> appraisal_rules.SumFacts:
    """What still lacks, for the act and for the page that shows why it is not open yet."""
    scheme, totals = Scheme.from_json(cycle.scheme), queries.totals_of(cycle)
    missing = dict.fromkeys(appraisal_rules.SCORERS, 0)
    for one in entries:
        for part in scheme.parts(has_unit=one.posting.unit_id is not None):
            if part in missing and part not in totals.get(one.pk, {}):
                missing[part] += 1
    few, silent = _samples(cycle, entries) if scheme.has_ballots else ([], [])
    return appraisal_rules.SumFacts(
        due_on=cycle.due_on,
        today=clock.today(),
        people=len(entries),
        missing={AppraisalPart(part): count for part, count in missing.items()},
        few_ballots=few,
        no_opinion=silent,
    )


def _samples(cycle: AppraisalCycle, entries: list[AppraisalEntry]) -> tuple[list[str], list[str]]:
    """Villages with fewer ballots than the rule asks for; people of whom too few had an opinion."""
    boxes = queries.boxes_of(cycle, {one.posting.village_id for one in entries})
    few: dict[str, None] = {}
    silent = []
    for one in entries:
        box = boxes.get(one.posting.village_id)
        needed = ballots_needed(box.households) if box else ballots_needed(0)
        tally = queries.tally_of(one)
        if tally.total < needed:
            few[f"{one.posting.village}（需 {needed} 票，收到 {tally.total} 票）"] = None
        elif not tally.is_told:
            silent.append(str(one.posting.person))
    return list(few), silent


def reasons_against_summarising(cycle: AppraisalCycle, *, actor: Actor) -> tuple[Refusal, ...]:
    entries = list(queries.active_entries(cycle))
    return (
        *refuse_step(cycle, "summarise", actor),
        *appraisal_rules.refuse_to_summarise(sum_facts(cycle, entries)),
    )


@transaction.atomic
def summarise(cycle: AppraisalCycle, *, actor: Actor) -> AppraisalCycle:
    """Score, rank and grade everybody; from here on no code opens a ballot any more."""
    cycle = locked(cycle)
    entries = list(queries.active_entries(cycle).select_for_update(of=("self",)))
    refuse(
        (
            *refuse_step(cycle, "summarise", actor),
            *appraisal_rules.refuse_to_summarise(sum_facts(cycle, entries)),
        )
    )
    _grade(cycle, entries)
    AppraisalEntry.objects.bulk_update(
        entries,
        ["score_top", "score_bottom", "absences", "computed_grade", "note", "grade",
         "changed_reason", "changed_by_name"],
        batch_size=200,
    )  # fmt: skip
    return move(
        cycle, "summarise", "summarised", actor=actor,
        summarised_on=clock.today(), summarised_by_id=actor.user_id, summarised_by_name=actor.name,
    )  # fmt: skip


def _grade(cycle: AppraisalCycle, entries: list[AppraisalEntry]) -> None:
    scheme, totals = Scheme.from_json(cycle.scheme), queries.totals_of(cycle)
    absences = queries.absences_in(cycle)
    people = []
    for one in entries:
        one.absences = absences.get(one.posting.person_id, 0)
        mass = queries.tally_of(one).score
        parts: dict[str, Any] = dict(totals.get(one.pk, {}))
        if scheme.has_ballots:
            parts[AppraisalPart.MASS] = mass
        asked = scheme.parts(has_unit=one.posting.unit_id is not None)
        score = total_score(scheme, {part: parts[part] for part in asked})
        one.score_top, one.score_bottom = score.numerator, score.denominator
        people.append(Contender(one.pk, score, mass, ceiling_of(one), one.absences))
    found = standings(scheme, people)
    for one in entries:
        standing = found[one.pk]
        one.computed_grade = one.grade = standing.grade
        one.note, one.changed_reason, one.changed_by_name = standing.note, "", ""


def ceiling_of(entry: AppraisalEntry) -> AppraisalGrade:
    return AppraisalGrade(grade_ceiling(entry.absences))


@transaction.atomic
def send_back(cycle: AppraisalCycle, *, reason: str, due_on: date, actor: Actor) -> AppraisalCycle:
    """A score was wrong: the sides may mend it until the new day, then it is summed up again."""
    cycle = locked(cycle)
    refuse(
        (
            *refuse_step(cycle, "send_back", actor),
            *appraisal_rules.refuse_without_reason(reason, "退回评分"),
            *appraisal_rules.refuse_due(due_on, today=clock.today()),
        )
    )
    return move(cycle, "send_back", "sent_back", actor=actor, reason=reason.strip(), due_on=due_on)


# --- deliberation ---------------------------------------------------------------------------------


def refuse_own_hands(
    cycle: AppraisalCycle, *, actor: Actor, records: Iterable[Any] = ()
) -> tuple[Refusal, ...]:
    """Who scored or summed up does not decide (R-0-20)."""
    makers = {cycle.summarised_by_id, *queries.scorers_of(cycle)} - {None}
    hand = hand_of(actor, makers=makers, records=[cycle.pk, *records])
    return rules.refuse_same_person(frozenset(str(one) for one in makers), hand, act="研究确定")


def reasons_against_grading(entry: AppraisalEntry, *, actor: Actor) -> tuple[Refusal, ...]:
    """What stands in the way of any change of a grade in deliberation."""
    return (
        *refuse_step(entry.cycle, "deliberate", actor),
        *refuse_own_hands(entry.cycle, actor=actor, records=[entry.pk]),
    )


def grade_facts(entry: AppraisalEntry, *, grade: str, reason: str) -> appraisal_rules.GradeFacts:
    entries = queries.active_entries(entry.cycle)
    excellent = entries.filter(grade=AppraisalGrade.EXCELLENT).exclude(pk=entry.pk)
    scheme = Scheme.from_json(entry.cycle.scheme)
    return appraisal_rules.GradeFacts(
        before=entry.grade,
        after=grade,
        reason=reason,
        ceiling=ceiling_of(entry),
        excellent_elsewhere=excellent.count(),
        excellent_room=excellent_room(scheme, entries.count()),
        is_left_out=bool(entry.left_out),
    )


@transaction.atomic
def change_grade(
    entry: AppraisalEntry, *, grade: AppraisalGrade, reason: str, actor: Actor
) -> AppraisalEntry:
    """The committee gives another grade than the computed one, and says why."""
    entry = _locked_entry(entry)
    refuse(
        (
            *reasons_against_grading(entry, actor=actor),
            *appraisal_rules.refuse_to_grade(grade_facts(entry, grade=grade, reason=reason)),
        )
    )
    return _regrade(entry, grade, reason, actor)


def _regrade(
    entry: AppraisalEntry, grade: AppraisalGrade, reason: str, actor: Actor
) -> AppraisalEntry:
    before, entry.grade = entry.grade, grade
    entry.changed_reason, entry.changed_by_name = reason.strip(), actor.name
    entry.save(update_fields=["grade", "changed_reason", "changed_by_name"])
    record(
        "posting.appraisal.graded", actor=actor, subject=entry,
        changes={"grade": [before, grade]}, reason=entry.changed_reason,
    )  # fmt: skip
    return entry


def reasons_against_deliberating(cycle: AppraisalCycle, *, actor: Actor) -> tuple[Refusal, ...]:
    return (
        *refuse_step(cycle, "deliberate", actor),
        *refuse_own_hands(cycle, actor=actor),
    )


@transaction.atomic
def deliberate(cycle: AppraisalCycle, *, text: str, actor: Actor) -> AppraisalCycle:
    """The committee has decided the grades of all."""
    cycle = locked(cycle)
    refuse(
        (
            *reasons_against_deliberating(cycle, actor=actor),
            *appraisal_rules.refuse_without_reason(text, "研究确定等次"),
        )
    )
    return move(
        cycle, "deliberate", "deliberated", actor=actor, reason=text.strip(),
        decision_text=text.strip(), decided_on=clock.today(), decided_by_id=actor.user_id,
        decided_by_name=actor.name,
    )  # fmt: skip


# --- notice, appeal, archive ----------------------------------------------------------------------


@transaction.atomic
def notify(cycle: AppraisalCycle, *, actor: Actor) -> AppraisalCycle:
    """Everybody may read the own result from today; five working days to appeal."""
    cycle = locked(cycle)
    refuse(refuse_step(cycle, "notify", actor))
    today = clock.today()
    until = WorkingCalendar(calendar_overrides()).add_working_days(
        today, appraisal_rules.APPEAL_DAYS
    )
    return move(
        cycle, "notify", "notified", actor=actor, notified_on=today, appeal_until=until.on,
        appeal_is_provisional=until.provisional,
    )  # fmt: skip


@transaction.atomic
def appeal(entry: AppraisalEntry, *, text: str, actor: Actor) -> AppraisalAppeal:
    """The person, or the town that writes it down, says what is wrong; ten working days to answer.

    依据：2.9 五个工作日内可以申诉，十个工作日内作出复核决定。
    """
    entry = _locked_entry(entry)
    refuse(reasons_against_appealing(entry, text=text, actor=actor))
    calendar = WorkingCalendar(calendar_overrides())
    due = calendar.add_working_days(clock.today(), appraisal_rules.REVIEW_DAYS)
    made = AppraisalAppeal.objects.create(
        entry=entry,
        text=text.strip(),
        made_on=clock.today(),
        made_by_id=actor.user_id,
        made_by_name=actor.name,
        due_on=due.on,
        due_is_provisional=due.provisional,
        grade_before=entry.grade,
    )
    record(
        "posting.appraisal.appealed", actor=actor, subject=made, changes={"due_on": [None, due.on]}
    )
    return made


def reasons_against_appealing(
    entry: AppraisalEntry, *, text: str, actor: Actor
) -> tuple[Refusal, ...]:
    own = actor.role in rules.POSTED and actor.scope.person_id == entry.posting.person_id
    if not own and actor.role not in rules.TOWN:
        return (Refusal(f"{THING}.wrong_role", "申诉由本人提出，或由乡镇代为记录"),)
    return appraisal_rules.refuse_to_appeal(
        state=entry.cycle.state,
        today=clock.today(),
        appeal_until=entry.cycle.appeal_until,
        text=text,
        has_appeal=queries.find_appeal(entry) is not None,
        is_left_out=bool(entry.left_out),
    )


def reasons_against_reviewing(made: AppraisalAppeal, *, actor: Actor) -> tuple[Refusal, ...]:
    if actor.role not in rules.LEADER:
        return (Refusal(f"{THING}.wrong_role", "申诉由部务会成员复核"),)
    if made.state != AppealState.OPEN:
        return (Refusal("posting.appraisal.appeal_decided", "这件申诉已经复核过"),)
    makers = {made.made_by_id} - {None}
    hand = hand_of(actor, makers=makers, records=[made.pk])
    return (
        *refuse_own_hands(made.entry.cycle, actor=actor, records=[made.entry_id]),
        *rules.refuse_same_person(frozenset(str(one) for one in makers), hand, act="复核"),
    )


@transaction.atomic
def review_appeal(
    made: AppraisalAppeal, *, grade: AppraisalGrade, answer: str, actor: Actor
) -> AppraisalAppeal:
    """Keep the grade or give another one; both with words. The limits of a grade hold as before."""
    entry = _locked_entry(made.entry)
    made = AppraisalAppeal.objects.select_for_update(of=("self",)).get(pk=made.pk)
    made.entry = entry
    refuse(
        (
            *reasons_against_reviewing(made, actor=actor),
            *appraisal_rules.refuse_without_reason(answer, "复核"),
        )
    )
    changes = grade != entry.grade
    if changes:
        facts = grade_facts(entry, grade=grade, reason=answer)
        refuse(appraisal_rules.refuse_to_grade(facts))
        _regrade(entry, grade, answer, actor)
    made.state = AppealState.CHANGED if changes else AppealState.KEPT
    made.answer, made.decided_on = answer.strip(), clock.today()
    made.decided_by_id, made.decided_by_name = actor.user_id, actor.name
    made.save(update_fields=["state", "answer", "decided_on", "decided_by_id", "decided_by_name"])
    record(
        "posting.appraisal.reviewed", actor=actor, subject=made,
        changes={"state": [AppealState.OPEN, made.state]}, reason=made.answer,
    )  # fmt: skip
    return made


def reasons_against_archiving(cycle: AppraisalCycle, *, actor: Actor) -> tuple[Refusal, ...]:
    refusals = refuse_step(cycle, "archive", actor)
    if refusals or cycle.appeal_until is None:
        return refusals
    return appraisal_rules.refuse_to_archive(
        appeal_until=cycle.appeal_until,
        today=clock.today(),
        open_appeals=queries.open_appeals(cycle),
    )


@transaction.atomic
def archive(cycle: AppraisalCycle, *, actor: Actor) -> AppraisalCycle:
    """Seal the results: the digest stands in the history, so no later change can pass unseen.

    The codes of the ballots are wiped: what was a secret is nobody's any more.
    """
    cycle = locked(cycle)
    refuse(reasons_against_archiving(cycle, actor=actor))
    BallotCode.objects.filter(box__cycle=cycle).update(sealed=None, index=None)
    return move(
        cycle, "archive", "archived", actor=actor, archived_on=clock.today(),
        digest=digest_of(cycle),
    )  # fmt: skip


def digest_of(cycle: AppraisalCycle) -> str:
    """SHA-256 over everything that the result rests on, in one fixed order."""
    totals = queries.totals_of(cycle)
    rows = [
        [
            str(one.posting_id), one.satisfied, one.basic, one.unsatisfied, one.unknown,
            one.absences, sorted(totals.get(one.pk, {}).items()), one.score_top, one.score_bottom,
            one.computed_grade, one.grade, one.changed_reason,
        ]
        for one in queries.active_entries(cycle).order_by("pk")
    ]  # fmt: skip
    said = {"cycle": str(cycle.pk), "scheme": cycle.scheme, "rows": rows}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def cancel(cycle: AppraisalCycle, *, reason: str, actor: Actor) -> AppraisalCycle:
    """Nothing of it counts; what was given stays readable in the history."""
    cycle = locked(cycle)
    refuse(
        (
            *refuse_step(cycle, "cancel", actor),
            *appraisal_rules.refuse_without_reason(reason, "取消考评"),
        )
    )
    BallotCode.objects.filter(box__in=BallotBox.objects.filter(cycle=cycle)).update(
        sealed=None, index=None
    )
    return move(
        cycle, "cancel", "cancelled", actor=actor, reason=reason.strip(),
        cancelled_reason=reason.strip(),
    )  # fmt: skip


@transaction.atomic
def note_export(
    cycle: AppraisalCycle, *, rows: int, listed: Iterable[Subject], actor: Actor
) -> None:
    """Who took the results out as a file, and whom it names."""
    trace = Trace(
        "posting.appraisal.exported", cycle, changes={"rows": [None, rows]}, others=tuple(listed),
        is_reading=True,
    )  # fmt: skip
    record_many([trace], actor=actor)
