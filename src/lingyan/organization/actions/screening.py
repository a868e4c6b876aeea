"""How is a village looked at: nothing found, or a case with its situations and their evidence?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from lingyan.common import clock, gates
from lingyan.common.flow import refuse_act
from lingyan.common.refusals import Refusal, refuse
from lingyan.directory.models import Place
from lingyan.directory.queries import county_of
from lingyan.directory.rules import PlaceLevel
from lingyan.organization.actions.rectification import THING, locked, write_step
from lingyan.organization.models import RectificationCase, RectScreening, RectSituation
from lingyan.organization.queries import rectification as queries
from lingyan.organization.queries import screening as screenings
from lingyan.organization.rules import rectification as flow
from lingyan.organization.rules import screening as rules
from lingyan.organization.rules.rectification_words import RectState, Screened, Situation
from lingyan.organization.rules.screening import Finding
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.audit.record import record
from lingyan.supervision.actions.tasks import Source, raise_task
from lingyan.supervision.rules.words import TaskLevel

PRODUCT = Actor.system()
# Which gate's line speaks of which hint (G-5).
OF_SIGNAL = {
    Situation.W01: ("organization.rect.signal_w01", gates.Fact.POST_VACANT),
    Situation.W02: ("organization.rect.signal_w02", gates.Fact.SECRETARY_UNFIT),
}


@transaction.atomic
def pass_village(village: Place, *, text: str = "", actor: Actor) -> RectScreening:
    """Looked at, and nothing to put right; hints that were answered are kept with the answer."""
    village = Place.objects.select_for_update(of=("self",)).get(pk=village.pk)
    line = screenings.line_of(village, clock.today().year)
    refuse(
        rules.refuse_to_pass(
            role=actor.role, text=text, signals=len(line.waiting), is_open=line.case is not None
        )
    )
    screening = _keep(village, Screened.NONE, text, [one.key for one in line.signals], actor)
    record(
        "organization.screening.passed", actor=actor, subject=screening,
        changes={"outcome": [None, Screened.NONE.label]}, reason=text.strip()[:200],
    )  # fmt: skip
    return screening


def _keep(
    village: Place, outcome: Screened, text: str, signals: Sequence[str], actor: Actor
) -> RectScreening:
    """One line a year: looked at again, the later look is what holds."""
    screening, _ = RectScreening.objects.update_or_create(
        village=village,
        year=clock.today().year,
        defaults={
            "outcome": outcome,
            "text": text.strip(),
            "signals": list(signals),
            "made_by_id": actor.user_id,
            "made_by_name": actor.name,
            "made_on": clock.today(),
        },
    )
    return screening


@transaction.atomic
def open_case(village: Place, findings: Sequence[Finding], *, actor: Actor) -> RectificationCase:
    """A village with situations that a person has confirmed (4.2)."""
    # Two who open a case of one village at once: the village's row lets one of them wait. The
    # county's row gives each case its number.
    county = Place.objects.select_for_update(of=("self",)).get(pk=county_of(village).pk)
    village = Place.objects.select_for_update(of=("self",)).get(pk=village.pk)
    line = screenings.line_of(village, clock.today().year)
    refuse(
        (
            *refuse_act(flow.RECTIFICATION_FLOW, state="", act="screen", role=actor.role,
                        thing=THING),
            *rules.refuse_findings(findings),
            *_refuse_second(line.case),
        )
    )  # fmt: skip
    year = clock.today().year
    case = RectificationCase.objects.create(
        county=county, village=village, year=year, serial=queries.next_serial(county, year),
        state_since=clock.today(), opened_on=clock.today(), made_by_id=actor.user_id,
        made_by_name=actor.name, is_demo=village.is_demo,
    )  # fmt: skip
    _write_situations(case, findings, actor)
    screening = _keep(village, Screened.FOUND, "", [one.key for one in line.signals], actor)
    record("organization.screening.found", actor=actor, subject=screening,
           changes={"outcome": [None, Screened.FOUND.label]})  # fmt: skip
    write_step(case, "screen", actor=actor, text="、".join(one.code for one in findings))
    record(
        f"{THING}.screened", actor=actor, subject=case,
        changes={"state": [None, case.get_state_display()],
                 "situations": [None, "、".join(one.code for one in findings)]},
    )  # fmt: skip
    return case


def _refuse_second(case: RectificationCase | None) -> tuple[Refusal, ...]:
    if case is None:
        return ()
    text = f"这个村已有整顿事项 {case.number} 在办理，请在那里补充情形"
    return (Refusal("organization.screening.under_way", text),)


def _write_situations(case: RectificationCase, findings: Sequence[Finding], actor: Actor) -> None:
    RectSituation.objects.bulk_create(
        RectSituation(
            case=case, code=one.code, evidence=one.evidence.strip(),
            signal_text=one.signal_text[:200], confirmed_by_id=actor.user_id,
            confirmed_by_name=actor.name, confirmed_on=clock.today(),
        )
        for one in findings
    )  # fmt: skip


@transaction.atomic
def add_situations(
    case: RectificationCase, findings: Sequence[Finding], *, actor: Actor
) -> RectificationCase:
    """More of what was found, as long as the case is only screened."""
    case = locked(case)
    refusals = list(rules.refuse_findings(findings, known=queries.situation_codes(case)))
    if actor.role not in rules.SCREENERS:
        refusals.append(Refusal("organization.screening.wrong_role", "由乡镇排查"))
    if case.state != RectState.SCREENED:
        refusals.append(
            Refusal("organization.screening.proposed", "已经列为拟定对象，不再补充情形")
        )
    refuse(refusals)
    _write_situations(case, findings, actor)
    codes = "、".join(one.code for one in findings)
    write_step(case, "add", actor=actor, text=codes)
    record(f"{THING}.situation_added", actor=actor, subject=case,
           changes={"situations": [None, codes]})  # fmt: skip
    return case


def ask_about_signals(*, actor: Actor = PRODUCT) -> int:
    """G-5: what the records hint at becomes a task of the township, once a year and village.

    The worker asks each day; a hint that was answered asks nobody.
    """
    today = clock.today()
    villages = Place.objects.filter(level=PlaceLevel.VILLAGE, ended_on__isnull=True)
    raised = 0
    for line in screenings.lines_of(list(villages.select_related("parent").order_by("path")),
                                    today.year):  # fmt: skip
        for signal in line.waiting:
            if signal.code not in OF_SIGNAL or line.case is not None:
                continue
            act, fact = OF_SIGNAL[Situation(signal.code)]
            for gate, held in gates.triggered(act, {fact: True}):
                raise_task(
                    what=f"{line.village}：{signal.text}，请排查是否需要整顿",
                    place=line.village,
                    level=TaskLevel.TOWN,
                    due_on=today + timedelta(days=held.days),
                    source=Source.of(line.village, "rect_screen"),
                    rule=f"{gate.id} {signal.code}",
                    period=str(today.year),
                    actor=actor,
                )
                raised += 1
    return raised
