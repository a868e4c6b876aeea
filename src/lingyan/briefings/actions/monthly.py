"""How is a month asked for, filled in, sent, looked at, locked and put right (M28)?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from lingyan.briefings.actions.monthly_known import known_of, names_of_figures
from lingyan.briefings.models import (
    MonthlyAnswer,
    MonthlyForm,
    MonthlyItem,
    MonthlyPeriod,
    MonthlyReport,
)
from lingyan.briefings.queries import monthly as queries
from lingyan.briefings.rules import monthly as rules
from lingyan.briefings.rules.monthly import Answer, Item
from lingyan.briefings.rules.monthly_words import OVER, ReportState
from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.actions.checking import refuse_outside, require_role
from lingyan.directory.models import Place
from lingyan.directory.rules.hands import STAFF
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import Trace, record, record_many


@transaction.atomic
def set_form(county: Place, items: Sequence[Item], *, actor: Actor) -> MonthlyForm:
    """A new version of what is asked; months that are open keep theirs."""
    require_role(actor, STAFF, "确定月报内容")
    Place.objects.select_for_update().get(pk=county.pk)
    before = queries.find_form(county)
    asked_before = [queries.item_of(one) for one in queries.items_of(before)]
    refuse(
        (
            *refuse_outside(actor, county.path),
            *rules.refuse_items(items, names_of_figures()),
        )
    )
    coded = rules.coded(
        items, asked_before, stem=county.code[:6], used=queries.codes_used(county)
    )  # fmt: skip
    form = MonthlyForm.objects.create(
        county=county, version=before.version + 1 if before else 1, made_by_id=actor.user_id,
        made_by_name=actor.name, made_at=clock.now(),
    )  # fmt: skip
    MonthlyItem.objects.bulk_create(
        MonthlyItem(
            form=form, position=position, code=one.code, name=one.name, kind=one.kind,
            unit=one.unit, time=one.time, why=one.why,
        )
        for position, one in enumerate(coded, 1)
    )  # fmt: skip
    record(
        "briefings.monthly.form_set", actor=actor, subject=form,
        changes={"items": [[one.name for one in asked_before], [one.name for one in coded]]},
    )  # fmt: skip
    return form


@transaction.atomic
def open_period(
    county: Place, *, month: date, due_on: date, towns: Sequence[Place], actor: Actor
) -> MonthlyPeriod:
    """Ask every village of these towns for one month, by the newest version of the form."""
    Place.objects.select_for_update().get(pk=county.pk)
    month, form = month.replace(day=1), queries.find_form(county)
    refuse(
        (
            *refuse_act(
                rules.MONTHLY_FLOW, state="", act="open", role=actor.role, thing=rules.THING
            ),
            *refuse_outside(actor, county.path),
            *rules.refuse_to_open(
                month=month, due_on=due_on, today=clock.today(), has_form=form is not None,
                is_open=queries.find_period(county, month) is not None, towns=len(towns),
                stale=_stale(form),
            ),
        )
    )  # fmt: skip
    assert form is not None, "refused above"
    period = MonthlyPeriod.objects.create(
        county=county, month=month, form=form, due_on=due_on, opened_by_id=actor.user_id,
        opened_by_name=actor.name, opened_at=clock.now(),
    )  # fmt: skip
    owing = queries.list_owing(county, towns)
    MonthlyReport.objects.bulk_create(
        MonthlyReport(period=period, village=one, month=month, due_on=due_on) for one in owing
    )
    record(
        "briefings.monthly.opened", actor=actor, subject=period,
        changes={
            "month": [None, month], "due_on": [None, due_on], "villages": [None, len(owing)],
        },
    )  # fmt: skip
    return period


@transaction.atomic
def change_period(
    period: MonthlyPeriod, *, due_on: date, towns: Sequence[Place] = (), actor: Actor
) -> MonthlyPeriod:
    """Another day for all, or the villages of towns that were left out."""
    require_role(actor, STAFF, "修改月报期限和范围")
    rows = MonthlyPeriod.objects.select_for_update(of=("self",)).select_related("county")
    period = rows.get(pk=period.pk)
    added = queries.list_left_out(period, towns)
    refuse(
        (
            *refuse_outside(actor, period.county.path),
            *rules.refuse_to_change(
                due_before=period.due_on,
                due_on=due_on,
                month=period.month,
                today=clock.today(),
                added=len(added),
            ),
        )
    )
    before, period.due_on = period.due_on, due_on
    period.save(update_fields=["due_on"])
    MonthlyReport.objects.filter(period=period).update(due_on=due_on)
    MonthlyReport.objects.bulk_create(
        MonthlyReport(period=period, village=one, month=period.month, due_on=due_on)
        for one in added
    )
    changes: dict[str, list[Any]] = {"villages": [None, len(added)]} if added else {}
    if due_on != before:
        changes["due_on"] = [before, due_on]
    record("briefings.monthly.changed", actor=actor, subject=period, changes=changes)
    return period


def _stale(form: MonthlyForm | None) -> list[str]:
    """Items that a figure of the system has come to answer since."""
    figures = names_of_figures()
    return [
        f"{one.name}（{known}）"
        for one in queries.items_of(form)
        if (known := rules.known_as(one.name, figures))
    ]


# --- a report -------------------------------------------------------------------------------------


def _locked(report: MonthlyReport) -> MonthlyReport:
    rows = MonthlyReport.objects.select_for_update(of=("self",))
    return rows.select_related("village", "period__form").get(pk=report.pk)


@transaction.atomic
def fill_report(
    report: MonthlyReport, answers: Mapping[str, Answer], *, actor: Actor
) -> MonthlyReport:
    """Keep what is there so far, by the code of the item; what is not named stays as it is."""
    report = _locked(report)
    items = {one.code: one for one in queries.items_of(report.period.form)}
    refuse(
        (
            *rules.refuse_to_fill(state=report.state, role=actor.role),
            *refuse_outside(actor, report.village.path),
            *_against_answers(items, answers),
        )
    )
    changes = _write(report, items, answers)
    if not changes:
        return report
    report.filled_by_id, report.filled_by_name = actor.user_id, actor.name
    report.filled_at = clock.now()
    report.save(update_fields=["filled_by_id", "filled_by_name", "filled_at"])
    record(
        "briefings.monthly.filled", actor=actor, subject=report, changes={"answers": changes}
    )  # fmt: skip
    return report


def _against_answers(
    items: Mapping[str, MonthlyItem], answers: Mapping[str, Answer]
) -> Iterator[Refusal]:
    for code, one in answers.items():
        if code in items:
            yield from rules.refuse_answer(queries.item_of(items[code]), one)
        else:
            yield rules.refuse_unasked(code)


@transaction.atomic
def fill_reports(
    filled: Sequence[tuple[MonthlyReport, Mapping[str, Answer]]], *, actor: Actor
) -> int:
    """All of a table, or nothing of it."""
    for report, answers in filled:
        fill_report(report, answers, actor=actor)
    return len(filled)


def _write(
    report: MonthlyReport, items: Mapping[str, MonthlyItem], answers: Mapping[str, Answer]
) -> list[list[str]]:
    """Store what differs; says it in words, before and after."""
    before = queries.answers_of(report)
    told: list[list[str]] = [[], []]
    for code, one in answers.items():
        earlier, item = before.get(code, Answer()), items[code]
        if one == earlier:
            continue
        MonthlyAnswer.objects.update_or_create(
            report=report, item=item,
            defaults={
                "village": report.village, "month": report.month, "code": code,
                "number": one.number, "is_so": one.is_so, "text": one.text.strip(),
            },
        )  # fmt: skip
        for words, answer in zip(told, (earlier, one), strict=True):
            words.append(f"{item.name}：{rules.shown(answer, item.unit) or '未填'}")
    return told if told[1] else []


def reasons_against(
    report: MonthlyReport, act: str, *, reason: str = "待填", actor: Actor
) -> tuple[Refusal, ...]:
    """Without words at hand it says whether the step is open to this person at all."""
    return (
        *refuse_act(
            rules.MONTHLY_FLOW, state=report.state, act=act, role=actor.role, thing=rules.THING
        ),
        *refuse_outside(actor, report.village.path),
        *_against_hand(report, act, actor),
        *rules.refuse_version(act, report.version),
        *rules.refuse_reason(act, reason),
        *(_against_sending(report) if act == "submit" else ()),
        *(_against_correction(report) if act == "correct" else ()),
    )


def _against_hand(report: MonthlyReport, act: str, actor: Actor) -> list[Refusal]:
    if act not in rules.MADE_BEFORE or queries.not_own([report], act, actor):
        return []
    return [rules.SAME_HAND]


def _against_sending(report: MonthlyReport) -> tuple[Refusal, ...]:
    items = [queries.item_of(one) for one in queries.items_of(report.period.form)]
    return (
        *rules.refuse_early(month=report.month, today=clock.today()),
        *rules.refuse_incomplete(items, queries.answers_of(report)),
    )


def _against_correction(report: MonthlyReport) -> tuple[Refusal, ...]:
    if all(one.state in OVER for one in queries.list_versions(report)):
        return ()
    return (Refusal("briefings.monthly.under_way", "这份月报正在更正"),)


@transaction.atomic
def step_report(
    report: MonthlyReport, act: str, *, reason: str = "", actor: Actor
) -> MonthlyReport:
    """One act of the table: send, take back, approve, return, lock, excuse, ask again, drop."""
    report = _locked(report)
    refuse(reasons_against(report, act, reason=reason, actor=actor))
    if act == "lock":
        return _lock([report], actor=actor)[0]
    trace = _move(report, act, _settled(report, act, reason.strip(), actor), reason.strip())
    record_many([trace], actor=actor)
    return report


def _move(report: MonthlyReport, act: str, values: dict[str, Any], reason: str = "") -> Trace:
    line = find_transition(rules.MONTHLY_FLOW, state=report.state, act=act)
    assert line is not None, act
    before = report.get_state_display()
    changed = {"state": line.after, **values}
    for name, new in changed.items():
        setattr(report, name, new)
    report.save(update_fields=list(changed))
    changes = {"state": [before, report.get_state_display()]}
    return Trace(rules.EVENTS[act], report, changes, reason=reason)


def _settled(report: MonthlyReport, act: str, reason: str, actor: Actor) -> dict[str, Any]:
    today = clock.today()
    if act == "submit":
        return {
            "known": known_of(report), "submitted_by_id": actor.user_id,
            "submitted_by_name": actor.name, "submitted_on": today,
            "first_submitted_on": report.first_submitted_on or today,
            "reason": report.reason if _tells_why(report) else "",
            "approved_by_id": None, "approved_by_name": "", "approved_on": None,
        }  # fmt: skip
    if act == "take_back":
        # Nobody has looked at it: what was sent first did not count as sent.
        is_first = report.version == 1 and report.first_submitted_on == report.submitted_on
        return {"first_submitted_on": None} if is_first else {}
    if act == "approve":
        return {
            "approved_by_id": actor.user_id, "approved_by_name": actor.name,
            "approved_on": today,
        }  # fmt: skip
    return {} if act == "drop" else {"reason": reason}


def _tells_why(report: MonthlyReport) -> bool:
    """The reason that stands there is the one of the correction, not of a return."""
    return report.version > 1 and report.state == ReportState.DRAFT


@transaction.atomic
def lock_reports(period: MonthlyPeriod, *, actor: Actor) -> int:
    """Lock whatever the towns have approved; what passed through the own hands stays."""
    require_role(actor, STAFF, "锁定月报")
    approved = list(queries.list_approved(period, actor).select_for_update(of=("self",)))
    return len(_lock(queries.not_own(approved, "lock", actor), actor=actor))


def _lock(reports: Sequence[MonthlyReport], *, actor: Actor) -> list[MonthlyReport]:
    """What is corrected gives way first: a village has one locked report of a month."""
    traces = []
    for one in reports:
        earlier = queries.find_locked(one) if one.version > 1 else None
        if earlier is not None:
            traces.append(_move(earlier, "replace", {}))
        values = {"locked_by_name": actor.name, "locked_on": clock.today()}
        traces.append(_move(one, "lock", values))
    if traces:
        record_many(traces, actor=actor)
    return list(reports)


@transaction.atomic
def correct_report(report: MonthlyReport, *, reason: str, actor: Actor) -> MonthlyReport:
    """A new version beside the locked one, which counts on until the new one is locked. R-0-18。"""
    report = _locked(report)
    refuse(reasons_against(report, "correct", reason=reason, actor=actor))
    made = MonthlyReport.objects.create(
        period=report.period, village=report.village, month=report.month, due_on=report.due_on,
        version=queries.list_versions(report)[0].version + 1, reason=reason.strip(),
        first_submitted_on=report.first_submitted_on,
    )  # fmt: skip
    items = {one.code: one for one in queries.items_of(report.period.form)}
    _write(made, items, queries.answers_of(report))
    record(
        "briefings.monthly.corrected", actor=actor, subject=made,
        changes={"version": [report.version, made.version]}, reason=reason.strip(),
    )  # fmt: skip
    return made
