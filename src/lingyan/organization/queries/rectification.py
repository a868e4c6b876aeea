"""Which rectification cases may this person read, and what belongs to each?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from lingyan.directory import search
from lingyan.directory.models import Place
from lingyan.directory.rules.hands import LEADER, STAFF, TOWN
from lingyan.organization import facts_of_neighbours as neighbours
from lingyan.organization.models import (
    RectConsultation,
    RectificationCase,
    RectProblem,
    RectSituation,
    RectStep,
    RectSupport,
)
from lingyan.organization.rules.rectification_steps import OWN_ROLE
from lingyan.organization.rules.rectification_words import RectState, SupportKind
from lingyan.platform.accounts.actor import Actor, Scope


def list_cases(scope: Scope) -> QuerySet[RectificationCase]:
    return RectificationCase.objects.visible_to(scope).select_related("village__parent", "county")


def get_case(scope: Scope, case_id: UUID) -> RectificationCase:
    return get_object_or_404(list_cases(scope), pk=case_id)


def list_candidates(scope: Scope) -> QuerySet[RectificationCase]:
    """Those among which the county ranks: proposed, and not decided yet."""
    return list_cases(scope).filter(state__in=(RectState.PROPOSED, RectState.CONSULTED))


def search_q(text: str) -> Q:
    return search.of_villages_q(text, "village")


def next_serial(county: Place, year: int) -> int:
    """The number of a new case; the county's row is held by whoever asks."""
    last = RectificationCase.objects.filter(county=county, year=year).order_by("-serial").first()
    return (last.serial if last else 0) + 1


def standing_supports(case: RectificationCase) -> dict[str, RectSupport]:
    """Who serves the case now, by S1 to S4."""
    rows = case.supports.filter(until__isnull=True).select_related("user", "unit", "person")
    return {one.kind: one for one in rows}


def has_first_secretary(case: RectificationCase) -> bool:
    return case.village_id in neighbours.first_secretaries([case.village_id])


def missing_supports(case: RectificationCase) -> list[SupportKind]:
    """Of the 四个一 those that nobody is, or whose posting or pair came to an end (R-4-03)."""
    standing = standing_supports(case)
    secretary = neighbours.first_secretaries([case.village_id]).get(case.village_id)
    pairs = {one.id for one in neighbours.active_pairs([case.village_id]).get(case.village_id, ())}
    holds = {
        SupportKind.S1: "S1" in standing,
        SupportKind.S2: "S2" in standing,
        SupportKind.S3: "S3" in standing
        and secretary is not None
        and standing["S3"].source_id == secretary.id,
        SupportKind.S4: "S4" in standing and standing["S4"].source_id in pairs,
    }
    return [kind for kind, is_there in holds.items() if not is_there]


def problems_of(case: RectificationCase) -> QuerySet[RectProblem]:
    return case.problems.order_by("due_on", "made_on", "pk")


def get_problem(scope: Scope, problem_id: UUID) -> RectProblem:
    rows = RectProblem.objects.select_related("case__village__parent", "case__county")
    return get_object_or_404(rows.filter(case__in=list_cases(scope)), pk=problem_id)


def situation_codes(case: RectificationCase) -> list[str]:
    return list(case.situations.order_by("code").values_list("code", flat=True))


def codes_of(cases: Collection[RectificationCase]) -> dict[UUID, str]:
    """The situations of each case, in one line."""
    found: dict[UUID, list[str]] = {}
    rows = RectSituation.objects.filter(case__in=[one.pk for one in cases]).order_by("code")
    for case, code in rows.values_list("case", "code"):
        found.setdefault(case, []).append(code)
    return {case: "、".join(codes) for case, codes in found.items()}


def find_child(case: RectificationCase) -> RectificationCase | None:
    return RectificationCase.objects.filter(parent=case).first()


def bare_situations(case: RectificationCase) -> list[str]:
    """Situations for which the plan names no problem yet."""
    named = set(case.problems.values_list("situation", flat=True))
    return [code for code in situation_codes(case) if code not in named]


def steps_of(case: RectificationCase) -> QuerySet[RectStep]:
    return case.steps.filter(problem__isnull=True).order_by("pk")


def makers_of(case: RectificationCase, acts: Iterable[str]) -> frozenset[str]:
    """By whom these steps were made, for the rule of two pairs of hands (R-0-20)."""
    rows = case.steps.filter(act__in=list(acts), made_by_id__isnull=False)
    return frozenset(map(str, rows.values_list("made_by_id", flat=True)))


def consultations_of(case: RectificationCase) -> QuerySet[RectConsultation]:
    return case.consultations.select_related("unit").order_by("department")


# --- whose turn it is -----------------------------------------------------------------------------


def get_consultation(actor: Actor, consultation_id: UUID) -> RectConsultation:
    """A question to a department: read by its own people, and by the county's organization."""
    rows = RectConsultation.objects.select_related("case__village__parent", "case__county", "unit")
    seen = rows.filter(own_consultations_q(actor), case__in=list_cases(actor.scope))
    return get_object_or_404(seen, pk=consultation_id)


def own_consultations_q(actor: Actor) -> Q:
    if actor.role in STAFF:
        return Q(pk__isnull=False)
    departments = [one for one, role in OWN_ROLE.items() if role == actor.role]
    return Q(department__in=departments) | Q(unit__in=actor.scope.unit_ids)


def list_unanswered(actor: Actor) -> QuerySet[RectConsultation]:
    """What this person's own department was asked and has not answered."""
    rows = RectConsultation.objects.filter(
        own_consultations_q(actor), opinion="", case__state=RectState.PROPOSED
    )
    return rows.filter(case__in=list_cases(actor.scope))


def waiting_q(actor: Actor) -> Q:
    """Cases before the start of the work whose next step is this person's."""
    if actor.role in TOWN:
        return Q(state__in=(RectState.SCREENED, RectState.CONFIRMED))
    if actor.role in STAFF:
        open_questions = RectConsultation.objects.filter(case=OuterRef("pk"), opinion="")
        to_close = Q(state=RectState.PROPOSED) & ~Q(Exists(open_questions))
        return to_close | Q(state=RectState.PLANNED)
    if actor.role in LEADER:
        return Q(state=RectState.CONSULTED)
    return Q(pk__in=list_unanswered(actor).values("case"))


def list_waiting(actor: Actor) -> QuerySet[RectificationCase]:
    return list_cases(actor.scope).filter(waiting_q(actor))
