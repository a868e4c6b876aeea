"""Which act made each row of a demo, and does the history hold the entry of that act?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.db import models

from lingyan.platform.audit.models import AuditEntry

# Who is told of in the entry, and the acts that make such a row. A row that belongs to another and
# comes into being with it, or by an act on it, is told of in the entry of that other.
MADE_BY: dict[str, tuple[str, tuple[str, ...]]] = {
    "accounts.user": ("", ("directory.account.created",)),
    "directory.place": ("", ("directory.place.created",)),
    "directory.unit": ("", ("directory.unit.created",)),
    "directory.person": ("", ("directory.person.created",)),
    "directory.villageofficer": ("", ("directory.officer.created",)),
    "directory.partyorganization": ("", ("organization.party.registered",)),
    "directory.organizationstep": ("organization", ("organization.party.registered",)),
    "directory.countysetting": ("", ("directory.setting.set",)),
    "directory.relative": ("", ("directory.relative.created",)),
    "directory.roleassignment": ("", ("directory.account.role_granted",)),
    "checks.checkrun": ("", ("checks.run.done",)),
    "briefings.briefing": ("", ("briefings.briefing.drafted",)),
    "briefings.briefingedition": ("briefing", ("briefings.briefing.drafted",)),
    "briefings.briefingfigure": ("briefing", ("briefings.briefing.checked",)),
    "briefings.briefingtemplate": ("", ("briefings.template.made",)),
    "briefings.templateedition": ("template", ("briefings.template.made",)),
    "briefings.monthlyform": ("", ("briefings.monthly.form_set",)),
    "briefings.monthlyitem": ("form", ("briefings.monthly.form_set",)),
    "briefings.monthlyperiod": ("", ("briefings.monthly.opened",)),
    "briefings.monthlyreport": ("period", ("briefings.monthly.opened",)),
    "briefings.monthlyanswer": ("report", ("briefings.monthly.filled",)),
    "exchange.export": ("", ("exchange.export.written",)),
    "organization.leadervisit": ("", ("organization.visit.made",)),
    "organization.rectballotcode": ("vote", ("organization.vote.slips_made",)),
    "organization.rectcheckup": ("", ("organization.checkup.made",)),
    "organization.rectconsultation": ("case", ("organization.rect.asked",)),
    "organization.rectfollowup": ("case", ("organization.rect.cleared",)),
    "organization.rectificationcase": ("", ("organization.rect.screened",)),
    "organization.rectinspection": ("case", ("organization.rect.accepting",)),
    "organization.rectinspector": ("inspection__case", ("organization.rect.accepting",)),
    "organization.rectproblem": ("", ("organization.rect.problem_listed",)),
    "organization.rectscreening": (
        "",
        ("organization.screening.passed", "organization.screening.found"),
    ),
    "organization.rectsituation": ("case", ("organization.rect.screened",)),
    "organization.rectstep": ("case", ("organization.rect.screened",)),
    "organization.rectsupport": ("case", ("organization.rect.supported",)),
    "organization.reviewround": ("", ("organization.review_round.opened",)),
    "organization.secretaryreview": ("round", ("organization.review_round.opened",)),
    "organization.satisfactionvote": ("", ("organization.vote.slips_made",)),
    "organization.term": ("", ("organization.term.registered",)),
    "organization.villagereserve": ("", ("organization.reserve.found",)),
    "pairing.activityparticipant": ("activity", ("pairing.activity.held",)),
    "pairing.deedconfirmation": ("deed", ("pairing.deed.confirmed",)),
    "pairing.demosite": ("", ("pairing.site.named",)),
    "pairing.fundclaim": ("fund", ("pairing.fund.created",)),
    "pairing.pairactivity": ("", ("pairing.activity.held",)),
    "pairing.pairanswer": ("round_unit", ("pairing.answers.saved",)),
    "pairing.pairassessment": ("", ("pairing.assessment.evaluated",)),
    "pairing.pairdeed": ("", ("pairing.deed.recorded",)),
    "pairing.pairdraft": ("plan__round", ("pairing.round.computed",)),
    "pairing.pairfund": ("", ("pairing.fund.created",)),
    "pairing.pairfundentry": ("fund", ("pairing.fund.entered",)),
    "pairing.pairing": ("", ("pairing.pairing.proposed", "pairing.pairing.registered")),
    "pairing.pairingstep": ("pairing", ("pairing.pairing.proposed",)),
    "pairing.pairmeeting": ("", ("pairing.meeting.recorded",)),
    "pairing.pairpath": ("", ("pairing.path.drafted",)),
    "pairing.pairplan": ("round", ("pairing.round.computed",)),
    "pairing.pairproblem": ("", ("pairing.problem.raised",)),
    "pairing.pairproject": ("", ("pairing.project.opened",)),
    "pairing.pairround": ("", ("pairing.round.opened",)),
    "pairing.pairroundunit": ("round", ("pairing.round.units_added",)),
    "pairing.pairroundvillage": ("round", ("pairing.round.villages_added",)),
    "pairing.pairyouth": ("", ("pairing.youth.named",)),
    "pairing.problemclaim": ("problem", ("pairing.problem.raised",)),
    "pairing.projectmilestone": ("project", ("pairing.project.opened",)),
    "posting.absence": ("", ("posting.absence.found",)),
    "posting.appraisalcycle": ("", ("posting.appraisal.opened",)),
    "posting.appraisalentry": ("cycle", ("posting.appraisal.opened",)),
    "posting.appraisalscheme": ("", ("posting.appraisal.scheme_made",)),
    "posting.appraisalscore": ("entry", ("posting.appraisal.scored",)),
    "posting.ballotbox": ("", ("posting.ballots.made",)),
    "posting.ballotcode": ("box", ("posting.ballots.made",)),
    "posting.capabilityevidence": ("", ("posting.evidence.recorded",)),
    "posting.careeruse": ("", ("posting.career.nominated",)),
    "posting.diaryentry": ("", ("posting.diary.written",)),
    "posting.diaryphoto": ("entry", ("posting.diary.photo_added",)),
    "posting.diaryreceipt": ("entry", ("posting.diary.written",)),
    "posting.draft": ("plan__round", ("posting.round.computed",)),
    "posting.dutyreport": ("", ("posting.report.confirmed",)),
    "posting.healthcheck": ("", ("posting.health_check.started",)),
    "posting.healthcheckitem": ("health_check", ("posting.health_check.started",)),
    "posting.helprequest": ("", ("posting.help.raised",)),
    "posting.honor": ("", ("posting.honor.imported", "posting.honor.nominated")),
    "posting.insurancepolicy": ("", ("posting.insurance.added",)),
    "posting.intention": ("round_village", ("posting.intentions.saved",)),
    "posting.leaverequest": ("", ("posting.leave.asked",)),
    "posting.liaison": ("", ("posting.liaison.assigned",)),
    "posting.monthpresence": ("", ("posting.month.confirmed",)),
    "posting.needitem": (
        "need_list",
        ("posting.need_list.created", "posting.need_list.drafted"),
    ),
    "posting.needlist": ("", ("posting.need_list.created", "posting.need_list.drafted")),
    "posting.noticeobjection": ("", ("posting.notice_objection.recorded",)),
    "posting.objection": ("", ("posting.objection.entered",)),
    "posting.paymentline": ("list", ("posting.payment.made",)),
    "posting.paymentlist": ("", ("posting.payment.made",)),
    "posting.plan": ("round", ("posting.round.computed",)),
    "posting.poolentry": ("", ("posting.pool.created",)),
    "posting.posting": ("", ("posting.posting.created",)),
    "posting.postingstep": ("posting", ("posting.posting.trained", "posting.posting.arrived")),
    "posting.problem": ("", ("posting.problem.found",)),
    "posting.recallcase": ("", ("posting.recall.opened",)),
    "posting.recallstep": ("case", ("posting.recall.opened",)),
    "posting.round": ("", ("posting.round.opened",)),
    "posting.roundperson": ("round", ("posting.round.people_added",)),
    "posting.roundvillage": ("round", ("posting.round.villages_added",)),
    "posting.supportrecord": ("", ("posting.support.recorded",)),
    "posting.visit": ("", ("posting.visit.recorded",)),
    "posting.wish": ("round_person", ("posting.wishes.saved",)),
    "posting.workfundbudget": ("", ("posting.work_fund.set",)),
    "posting.workfundentry": ("", ("posting.work_fund.spent",)),
    "supervision.gateoverride": ("", ("supervision.gate.overridden",)),
    "supervision.interview": ("", ("supervision.interview.planned",)),
    "supervision.supervisiontask": ("", ("supervision.task.raised",)),
}
# The history itself, and what is kept of whoever signs in.
NOBODYS = {"audit.auditentry", "audit.chainhead", "accounts.signinguard"}


def untraced() -> list[str]:
    """Rows without the entry of their making, and models of which nobody said what makes them."""
    found = []
    for model in apps.get_models():
        label = model._meta.label_lower
        rows = model._default_manager.all()
        ours = model.__module__.startswith("lingyan.")
        if not ours or label in NOBODYS or not rows.exists():
            continue
        if label not in MADE_BY:
            found.append(f"{label}: what makes such a row?")
            continue
        path, acts = MADE_BY[label]
        told = _told_of(_model_at(model, path), acts)
        owners = rows.values_list(f"{path}__pk" if path else "pk", flat=True)
        found += [f"{label} of {owner}" for owner in set(owners) if str(owner) not in told]
    return found


def _model_at(model: type[models.Model], path: str) -> type[models.Model]:
    found: Any = model
    for name in filter(None, path.split("__")):
        found = found._meta.get_field(name).related_model
    return found  # type: ignore[no-any-return]


def _told_of(model: type[models.Model], acts: Collection[str]) -> set[str]:
    """Whose first entry in the history, or one of these acts, tells of the making."""
    entries = AuditEntry.objects.filter(subject_type=model._meta.label_lower, action__in=acts)
    return set(entries.values_list("subject_id", flat=True))
