"""Pages of the talent pool: list, one person's portrait, and the acts on both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingyan.common import clock
from lingyan.common.flow import open_acts
from lingyan.directory import queries as directory
from lingyan.directory import search
from lingyan.directory.imports.naming import Names
from lingyan.directory.roles import Role
from lingyan.platform.accounts.actor import Actor
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.audit.timeline import list_timeline
from lingyan.platform.ui.listing import Filter, Listing, filter_of_records
from lingyan.posting import rules
from lingyan.posting.actions import pool as actions
from lingyan.posting.forms.pool import DeclarationForm, EvidenceForm, RecommendForm, RemoveForm
from lingyan.posting.matching.gathering import SOURCE_OF_UNIT, source_of
from lingyan.posting.matching.portraits import PortraitLine, eligibility, portrait
from lingyan.posting.models import PoolEntry
from lingyan.posting.queries import people as queries
from lingyan.posting.queries import standards
from lingyan.posting.queries.postings import UNIT_NAMES
from lingyan.posting.rules import pool_entries

STAFF = (Role.COUNTY_ORG_STAFF, Role.COUNTY_ORG_ADMIN)
COUNTY = (*STAFF, Role.COUNTY_ORG_LEADER)
UNIT = (Role.UNIT_PARTY_ADMIN, Role.UNIT_LEADER)
READERS = (*COUNTY, *UNIT)
RECOMMENDERS = (*UNIT, *STAFF)


@dataclass(frozen=True, slots=True)
class PoolLine:
    entry: PoolEntry
    capabilities: list[PortraitLine]
    source: str


def _line(entry: PoolEntry) -> PoolLine:
    lines = portrait(entry.person.capability_evidence.all(), as_of=clock.today())
    strongest = sorted(lines, key=lambda line: -line.level)[:3]
    return PoolLine(entry, [line for line in strongest if line.level], _source(entry))


def _source(entry: PoolEntry) -> str:
    code = source_of(entry.person, entry)
    return rules.CandidateSource(code).label if code else ""


def _of_source(code: str) -> Q:
    categories = [category for category, source in SOURCE_OF_UNIT.items() if source == code]
    return Q(source=code) | Q(source="", person__in=directory.list_staff_of(categories))


@page(*READERS)
def pool_list(request: ActedRequest) -> HttpResponse:
    entries = queries.list_pool(request.actor.scope)
    listing = Listing(
        request,
        entries,
        search=lambda text: search.of_staff_q(text, "person"),
        search_hint="姓名、拼音、首字母、编号或单位",
        filters=[
            Filter("state", "状态", rules.PoolState.choices(), lambda code: Q(state=code)),
            filter_of_records(request, "unit", "单位", UNIT_NAMES, "person__unit_id", used=entries),
            Filter("category", "类别", rules.PoolCategory.choices(), lambda code: Q(category=code)),
            Filter("capability", "能力", rules.Capability.choices(), queries.has_capability),
            Filter("source", "来源", rules.CandidateSource.choices(), _of_source),
        ],
        sorts={
            "number": ("person__number",),
            "name": ("person__name",),
            "unit": ("person__unit__name", "person__number"),
            "state": ("state", "person__number"),
            "recommended": ("recommended_on",),
        },
        default_sort="number",
        sorts_of_few=("unit", "state"),
    )
    context = {
        "listing": listing,
        "lines": [_line(entry) for entry in listing],
        "may_recommend": request.actor.holds(*RECOMMENDERS),
        "may_review": request.actor.holds(*STAFF),
        "may_export": request.actor.holds(*COUNTY, Role.UNIT_PARTY_ADMIN),
    }
    return render(request, "posting/pool_list.html", context)


@page(*READERS)
def pool_entry(request: ActedRequest, entry_id: UUID) -> HttpResponse:
    """One person: facts, portrait, eligibility, relatives, history."""
    entry = queries.get_pool_entry(request.actor.scope, entry_id)
    note_reading(entry.person)
    return render(request, "posting/pool_entry.html", _entry_context(entry, request.actor))


@page(Role.CANDIDATE)
def my_portrait(request: ActedRequest) -> HttpResponse:
    """A candidate's own portrait; nobody else's can be asked for here."""
    entry = queries.find_own_entry(request.actor.scope)
    if entry is None:
        return render(request, "posting/my_portrait_missing.html")
    entry = queries.get_pool_entry(request.actor.scope, entry.pk)
    return render(request, "posting/pool_entry.html", _entry_context(entry, request.actor))


def _entry_context(entry: PoolEntry, actor: Actor) -> dict[str, Any]:
    today, person = clock.today(), entry.person
    postings = queries.list_postings_of(person)
    lines = portrait(
        person.capability_evidence.all(),
        as_of=today,
        every=True,
        valid_months=standards.portrait_months(person.place.path),
    )
    results = eligibility(entry, postings, as_of=today, role=actor.role)
    return {
        "entry": entry,
        "person": person,
        "private": pool_entries.may_read_private(actor.role),
        "id_number": directory.masked_id_number(person),
        "phone": directory.masked_phone(person),
        "source": _source(entry),
        "refused_villages": queries.names_of_villages(entry.refused_villages),
        "business_villages": queries.names_of_villages(entry.business_villages),
        "portrait": [line for line in lines if line.proofs],
        "unproved": [line.capability.label for line in lines if not line.proofs],
        "results": results,
        "outcome_tones": OUTCOME_TONES,
        "relatives": queries.list_relatives_of(person),
        "postings": postings,
        "yearly_results": [rules.YearlyResult(one).label for one in entry.yearly_results],
        "wanted_kinds": [rules.Role(one).label for one in entry.wanted_kinds],
        "acts": {
            line.act for line in open_acts(rules.POOL_FLOW, state=entry.state, role=actor.role)
        },
        "may_declare": not pool_entries.refuse_to_declare(role=actor.role, state=entry.state),
        "may_record": actor.holds(*RECOMMENDERS),
        "may_verify": actor.holds(*STAFF),
        "is_own": actor.holds(Role.CANDIDATE),
        "today": today,
        "entries": list_timeline(entry, *person.capability_evidence.all()),
    }


OUTCOME_TONES = {"pass": "g", "warn": "y", "fail": "r", "unknown": "y", "undeclared": ""}


@page(*RECOMMENDERS)
def pool_recommend(request: ActedRequest) -> HttpResponse:
    people = queries.list_recommendable(request.actor.scope)
    form = RecommendForm(request.POST or None, names=Names(request.actor), people=people)
    if request.method == "POST" and form.is_valid():
        entry = actions.recommend_person(
            form.cleaned_data["person"], actor=request.actor, declared=form.declaration()
        )
        messages.success(request, "已推荐，请补充能力佐证，等县委组织部审核")
        return redirect("pool_entry", entry.pk)
    context = {"form": form, "heading": "推荐人选", "back": "pool_list", "yes": "推荐"}
    status = 422 if form.errors else 200
    return render(request, "posting/pool_form.html", context, status=status)


@page(*RECOMMENDERS)
def pool_entry_edit(request: ActedRequest, entry_id: UUID) -> HttpResponse:
    entry = queries.get_pool_entry(request.actor.scope, entry_id)
    note_reading(entry.person)
    names = Names(request.actor)
    form = DeclarationForm(
        request.POST or None, names=names, initial=DeclarationForm.initial_of(entry, names)
    )
    if request.method == "POST" and form.is_valid():
        actions.change_declaration(entry, actor=request.actor, declared=form.declaration())
        messages.success(request, "申报情况已修改")
        return redirect("pool_entry", entry.pk)
    context = {"form": form, "entry": entry, "heading": f"{entry}：申报情况", "yes": "保存"}
    status = 422 if form.errors else 200
    return render(request, "posting/pool_form.html", context, status=status)


@require_POST
@page(*STAFF)
def pool_entry_review(request: ActedRequest, entry_id: UUID) -> HttpResponse:
    entry = queries.get_pool_entry(request.actor.scope, entry_id)
    actions.review_pool_entry(entry, actor=request.actor)
    messages.success(request, "已审核")
    return redirect("pool_entry", entry.pk)


@require_POST
@page(*STAFF)
def pool_entry_admit(request: ActedRequest, entry_id: UUID) -> HttpResponse:
    entry = queries.get_pool_entry(request.actor.scope, entry_id)
    actions.admit_pool_entry(entry, actor=request.actor)
    messages.success(request, "已入库")
    return redirect("pool_entry", entry.pk)


@require_POST
@page(*STAFF)
def pool_entry_return(request: ActedRequest, entry_id: UUID) -> HttpResponse:
    entry = queries.get_pool_entry(request.actor.scope, entry_id)
    actions.return_pool_entry(entry, actor=request.actor)
    messages.success(request, "已办理期满返回")
    return redirect("pool_entry", entry.pk)


@page(*STAFF)
def pool_entry_remove(request: ActedRequest, entry_id: UUID) -> HttpResponse:
    entry = queries.get_pool_entry(request.actor.scope, entry_id)
    form = RemoveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.remove_pool_entry(entry, actor=request.actor, **form.cleaned_data)
        messages.success(request, "已出库")
        return redirect("pool_entry", entry.pk)
    context = {
        "form": form,
        "question": f"{entry} 出库？",
        "consequence": "出库后不再参加选派；需要时可以重新推荐。",
        "yes": "出库",
        "action": request.path,
        "back": reverse("pool_entry", args=[entry.pk]),
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


@require_POST
@page(*STAFF)
def pool_review_many(request: ActedRequest) -> HttpResponse:
    entries = queries.find_pool_entries(request.actor.scope, request.POST.getlist("entry"))
    count = actions.review_pool_entries(entries, actor=request.actor)
    messages.success(request, f"已审核 {count} 人")
    return redirect("pool_list")


@page(*RECOMMENDERS)
def evidence_add(request: ActedRequest, entry_id: UUID) -> HttpResponse:
    entry = queries.get_pool_entry(request.actor.scope, entry_id)
    form = EvidenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.record_evidence(form.row(entry.person), actor=request.actor)
        messages.success(request, "佐证已登记，由县委组织部核实")
        return redirect("pool_entry", entry.pk)
    context = {"form": form, "entry": entry, "heading": f"{entry}：登记佐证", "yes": "登记"}
    status = 422 if form.errors else 200
    return render(request, "posting/pool_form.html", context, status=status)


@require_POST
@page(*STAFF)
def evidence_verify(request: ActedRequest, proof_id: UUID) -> HttpResponse:
    proof = queries.get_evidence(request.actor.scope, proof_id)
    actions.verify_evidence(proof, actor=request.actor)
    messages.success(request, "佐证已核实")
    return redirect("pool_entry", proof.person.pool_entry.pk)
