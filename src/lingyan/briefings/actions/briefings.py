"""How is a briefing drafted, written, checked, reviewed, signed, issued and recalled?"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import transaction

from lingyan.briefings.models import Briefing, BriefingEdition, BriefingFigure
from lingyan.briefings.queries import briefings as queries
from lingyan.briefings.queries.frozen import check_frozen, freeze
from lingyan.briefings.rules import briefings as rules
from lingyan.briefings.rules.briefing_words import BriefingState
from lingyan.briefings.rules.periods import read_day, read_period
from lingyan.common import clock
from lingyan.common.flow import find_transition, refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Place
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.hands import hand_of
from lingyan.platform.audit.record import record
from lingyan.supervision.actions.overrides import override_gate
from lingyan.supervision.facts import let_through

THING = "briefings.briefing"
EVENTS = {
    "check": "briefings.briefing.checked",
    "review": "briefings.briefing.reviewed",
    "sign": "briefings.briefing.signed",
    "issue": "briefings.briefing.issued",
    "return": "briefings.briefing.returned",
    "recall": "briefings.briefing.recalled",
    "void": "briefings.briefing.voided",
}
CHANGED_MEANWHILE = Refusal(
    "briefings.briefing.changed_meanwhile", "您打开以后，别人改过这份简报；请看过改动再保存"
)


@dataclass(frozen=True, slots=True)
class Written:
    """What a person writes of a briefing; empty where it is not to be printed."""

    title: str
    text: str
    series: str
    issuer: str
    period: str
    on: date
    editor_note: str = ""
    to_report: str = ""
    to_send: str = ""
    to_distribute: str = ""
    printer: str = ""
    copies: int | None = None
    is_supplement: bool = False
    is_internal: bool = False
    total_no: int | None = None


def _read_again(written: Written) -> None:
    """Refused where the day or the period makes no sense."""
    today = clock.today()
    read_day(str(written.on), today=today)
    read_period(written.period, today=today, on=written.on)


@transaction.atomic
def draft_briefing(written: Written, *, template: str = "", actor: Actor) -> Briefing:
    refuse(refuse_act(rules.BRIEFING_FLOW, state="", act="draft", role=actor.role, thing=THING))
    _read_again(written)
    briefing = Briefing.objects.create(
        county=queries.county_here(actor), template_name=template, **_told(written),
        drafted_by_id=actor.user_id, drafted_by_name=actor.name, drafted_at=clock.now(),
    )  # fmt: skip
    _keep_edition(briefing, actor)
    record(
        "briefings.briefing.drafted",
        actor=actor,
        subject=briefing,
        changes={"title": [None, briefing.title], "version": [None, 1]},
    )
    return briefing


def _told(written: Written) -> dict[str, Any]:
    return {one.name: getattr(written, one.name) for one in fields(written)}


def _keep_edition(briefing: Briefing, actor: Actor) -> None:
    BriefingEdition.objects.create(
        briefing=briefing, number=briefing.version, title=briefing.title, text=briefing.text,
        saved_by_id=actor.user_id, saved_by_name=actor.name, saved_at=clock.now(),
    )  # fmt: skip


def _locked(briefing: Briefing) -> Briefing:
    return (
        Briefing.objects.select_for_update(of=("self",))
        .select_related("county")
        .get(pk=briefing.pk)
    )


@transaction.atomic
def save_briefing(briefing: Briefing, written: Written, *, version: int, actor: Actor) -> Briefing:
    """Keep what was written as the next edition.

    Two may write at once: the later one is told, and loses nothing.
    """
    briefing = _locked(briefing)
    refuse(_reasons_against_writing(briefing, actor))
    refuse([CHANGED_MEANWHILE] if version != briefing.version else ())
    _read_again(written)
    changes = {
        name: [getattr(briefing, name), new]
        for name, new in _told(written).items()
        if getattr(briefing, name) != new
    }
    if not changes:
        return briefing
    is_renumbered = briefing.issue_no is not None and rules.NUMBERED_BY & changes.keys()
    refuse([rules.NUMBER_STAYS] if is_renumbered else ())
    for name, (_, new) in changes.items():
        setattr(briefing, name, new)
    briefing.version += 1
    briefing.save(update_fields=[*changes, "version"])
    _keep_edition(briefing, actor)
    changes.pop("text", None)  # every edition is kept whole
    record(
        "briefings.briefing.edited",
        actor=actor,
        subject=briefing,
        changes={"version": [version, briefing.version], **changes},
    )
    return briefing


def _reasons_against_writing(briefing: Briefing, actor: Actor) -> list[Refusal]:
    found = []
    if actor.role not in rules.WRITERS:
        found.append(Refusal("briefings.briefing.wrong_role", "您的角色不能“修改简报”"))
    if briefing.state != BriefingState.DRAFTED:
        found.append(rules.NOT_OPEN)
    return found


NOT_YET_SAID = "待填"


def reasons_against(
    briefing: Briefing, act: str, *, note: str = NOT_YET_SAID, actor: Actor
) -> tuple[Refusal, ...]:
    facts = rules.StepFacts(
        has_written=_is_hand(queries.writers(briefing), briefing, actor),
        has_checked=_is_hand([briefing.checked_by_id], briefing, actor),
        has_text=bool(briefing.text.strip()),
        has_number=briefing.issue_no is not None,
        note=note,
    )
    gate = _reasons_of_gate(briefing) if act == "issue" else ()
    return (
        *refuse_act(
            rules.BRIEFING_FLOW, state=briefing.state, act=act, role=actor.role, thing=THING
        ),
        *rules.refuse_step(act, facts),
        *gate,
    )


def _is_hand(makers: Collection[int | None], briefing: Briefing, actor: Actor) -> bool:
    """Whether this is one of them, or stands in for one (R-0-20)."""
    hand = hand_of(actor, makers=makers, records=[briefing.pk])
    return hand in {str(one) for one in makers if one is not None}


def _reasons_of_gate(briefing: Briefing) -> tuple[Refusal, ...]:
    """G-24, asked of the text and of the numbers as they were frozen."""
    frozen = check_frozen(briefing)
    return rules.refuse_to_issue(
        unbound=[str(one) for one in frozen.typed],
        untrue=[str(one) for one in frozen.untrue],
        old=rules.is_old(briefing.checked_at, clock.now()),
        let_through=let_through(briefing.pk, clock.today()),
    )


def check_data(briefing: Briefing, *, seen: str = "", actor: Actor) -> Briefing:
    """Read every number anew and freeze it with its records, if nothing in the text is wrong.

    A hundred thousand records take seconds, so they are read before the transaction begins:
    nobody waits, and what was written meanwhile is told and refused.
    """
    briefing = Briefing.objects.select_related("county").get(pk=briefing.pk)
    _refuse_unseen(briefing, seen)
    refuse(reasons_against(briefing, "check", actor=actor))
    checked = queries.check(briefing, actor)
    refuse(Refusal(one.refusal.code, str(one)) for one in checked.mistakes)
    return _keep_checked(briefing, freeze(briefing, checked, clock.now()), actor)


@transaction.atomic
def _keep_checked(read: Briefing, rows: list[BriefingFigure], actor: Actor) -> Briefing:
    """What an earlier check froze makes room: nothing of it has gone out."""
    briefing = _locked(read)
    _refuse_unseen(briefing, stamp_of(read))
    refuse(reasons_against(briefing, "check", actor=actor))
    BriefingFigure.objects.filter(briefing=briefing).delete()
    BriefingFigure.objects.bulk_create(rows)
    digests = [f"{one.indicator} {one.value} {one.digest[:12]}" for one in rows]
    settled = {
        "state": BriefingState.DATA_CHECKED.value,
        "checked_by_id": actor.user_id,
        "checked_by_name": actor.name,
        "checked_at": clock.now(),
        "reviewed_by_id": None,
        "reviewed_by_name": "",
    }
    return _settle(briefing, "check", settled, actor, told={"figures": [None, digests]})


def _refuse_unseen(briefing: Briefing, seen: str) -> None:
    """`seen` is the edition and the check that lay before the person who acts."""
    refuse([rules.CHANGED_SINCE] if seen and seen != stamp_of(briefing) else ())


def step_briefing(
    briefing: Briefing, act: str, *, note: str = NOT_YET_SAID, seen: str = "", actor: Actor
) -> Briefing:
    """One act of the table. Two at once: the second waits and sees what the first has done."""
    if act == "check":
        return check_data(briefing, seen=seen, actor=actor)
    return _step(briefing, act, note=note, seen=seen, actor=actor)


@transaction.atomic
def _step(briefing: Briefing, act: str, *, note: str, seen: str, actor: Actor) -> Briefing:
    briefing = _locked(briefing)
    _refuse_unseen(briefing, seen)
    refuse(reasons_against(briefing, act, note=note, actor=actor))
    line = find_transition(rules.BRIEFING_FLOW, state=briefing.state, act=act)
    assert line is not None, act
    settled = {"state": line.after, **_settled(briefing, act, note.strip(), actor)}
    reason = note.strip() if act in ("return", "recall", "void") else ""
    return _settle(briefing, act, settled, actor, reason=reason)


def stamp_of(briefing: Briefing) -> str:
    """Which edition, and which check of its data."""
    at = briefing.checked_at
    return f"{briefing.version}-{at.timestamp() if at else ''}"


def _settle(
    briefing: Briefing,
    act: str,
    settled: Mapping[str, Any],
    actor: Actor,
    *,
    told: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Briefing:
    before, number = briefing.get_state_display(), briefing.issue_no
    for name, new in settled.items():
        setattr(briefing, name, new)
    briefing.save(update_fields=list(settled))
    changes: dict[str, Any] = {"state": [before, briefing.get_state_display()], **(told or {})}
    if briefing.issue_no != number:
        changes["issue_no"] = [number, briefing.issue_no]
    record(EVENTS[act], actor=actor, subject=briefing, changes=changes, reason=reason)
    return briefing


def _settled(briefing: Briefing, act: str, note: str, actor: Actor) -> dict[str, Any]:
    """What an act settles beside the state."""
    match act:
        case "review":
            return {"reviewed_by_id": actor.user_id, "reviewed_by_name": actor.name}
        case "sign":
            return {"signed_by_name": actor.name, **_number(briefing)}
        case "issue":
            return {"issued_by_name": actor.name, "issued_at": clock.now()}
        case "recall":
            return {"recalled_on": clock.today(), "recall_notice": note}
        case _:
            return {}


def _number(briefing: Briefing) -> dict[str, Any]:
    """依据：R-9-02 签发时编号；退回后重新签发的用原来的号。"""
    today = clock.today()
    if briefing.issue_no is not None:
        return {"signed_on": today}
    # Two briefings may be signed at once: the second counts after the first has its number.
    Place.objects.select_for_update(of=("self",)).get(pk=briefing.county_id)
    number = rules.next_number(queries.numbers_taken(briefing, today.year))
    total = {"total_no": _total(briefing)}
    return {"signed_on": today, "issue_year": today.year, "issue_no": number, **total}


def _total(briefing: Briefing) -> int | None:
    """总第M期 goes on from the last; the first one is said by whoever writes. 依据：9.2。"""
    if briefing.is_supplement:
        return None
    last = queries.last_total(briefing)
    return briefing.total_no if last is None else last + 1


@transaction.atomic
def let_age_through(briefing: Briefing, *, reason: str, actor: Actor) -> Briefing:
    """A member of the bureau lets the age of the data pass, and nothing else (G-24)."""
    briefing = _locked(briefing)
    is_waiting = briefing.state == BriefingState.SIGNED
    refuse([] if is_waiting else [Refusal(f"{THING}.wrong_state", "签发以后、印发以前才能放行")])
    makers = {*queries.writers(briefing), briefing.checked_by_id}
    refuse([rules.OWN_WORK] if _is_hand(makers, briefing, actor) else [])
    number = f"{briefing.series}{briefing.issue_year}年第{briefing.issue_no}期"
    override_gate(
        "G-24", briefing, title=str(briefing), place=briefing.county, reason=reason,
        document=number, days=rules.MAX_AGE_DAYS, actor=actor,
    )  # fmt: skip
    return briefing
