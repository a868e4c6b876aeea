"""人才储备库 for programs: entries and portraits, recommending, reviewing, leaving, evidence."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import CHOSEN_MAX, CountOut, chosen, only, page_of
from lingyan.api.operations.register import IF_MATCH, filled, sent
from lingyan.api.operations.versions import stamped, unchanged
from lingyan.api.paging import ListQuery, PageOut
from lingyan.api.problems import not_found
from lingyan.common import clock
from lingyan.directory.imports.naming import Names
from lingyan.platform.audit.reading import note_reading
from lingyan.posting import rules
from lingyan.posting.actions import pool as actions
from lingyan.posting.forms.pool import DeclarationForm, EvidenceForm, RecommendForm, RemoveForm
from lingyan.posting.matching.portraits import PortraitLine, eligibility, portrait
from lingyan.posting.models import CapabilityEvidence, PoolEntry
from lingyan.posting.queries import people as queries
from lingyan.posting.rules import pool_entries
from lingyan.posting.views import pool as pages

router = Router(tags=["人才储备库"])


class PoolLineOut(Schema):
    id: UUID
    person_id: UUID
    number: str
    name: str
    unit: str
    state: str
    category: str
    recommended_on: date | None


class EvidenceOut(Schema):
    id: UUID
    capability: str
    text: str
    since: date | None
    until: date | None
    level: int | None
    verified: bool


class PortraitOut(Schema):
    capability: str
    level: int
    proofs: list[EvidenceOut]


class ResultOut(Schema):
    rule: str
    name: str
    outcome: str
    text: str


class PoolEntryOut(PoolLineOut):
    grassroots_years: int
    yearly_results: list[str]
    languages: list[str]
    wanted_kinds: list[str]
    full_member_since: date | None
    retires_on: date | None
    posted_elsewhere: bool
    last_posting_until: date | None
    recalled_on: date | None
    recall_village: str
    distance_minutes_max: int | None
    source: str
    relatives_named: list[str]
    refused_villages: list[str]
    refusal_reason: str
    business_villages: list[str]
    remark: str
    private: dict[str, str] | None = Field(
        description="健康、纪律、困难等，只有组织部和本单位能看到；其他身份为空"
    )
    portrait: list[PortraitOut]
    eligibility: list[ResultOut]


class PoolQuery(ListQuery):
    sort: Literal["number", "-number", "name", "-name", "state", "-state"] = "number"
    unit: UUID | None = None
    state: rules.PoolState | None = None
    category: rules.PoolCategory | None = None


class DeclarationChange(Schema):
    """As the form of the page takes it: villages and languages by name, separated by 、."""

    category: rules.PoolCategory | Literal[""] = ""
    source: rules.CandidateSource | Literal[""] = ""
    health: rules.HealthState | Literal[""] = ""
    discipline: rules.DisciplineState | Literal[""] = ""
    sanction_until: date | None = None
    full_member_since: date | None = None
    retires_on: date | None = None
    grassroots_years: int = Field(0, ge=0, le=50)
    result_1: rules.YearlyResult | Literal[""] = ""
    result_2: rules.YearlyResult | Literal[""] = ""
    result_3: rules.YearlyResult | Literal[""] = ""
    languages: str = Field("", max_length=60)
    distance_minutes_max: int | None = Field(None, ge=10, le=600)
    hardship: str = Field("", max_length=200)
    wanted_kinds: list[rules.Role] = Field(default=[], max_length=5)
    posted_elsewhere: bool = False
    last_posting_until: date | None = None
    recalled_on: date | None = None
    recall_village: str = Field("", max_length=60)
    recall_ground: rules.RecallGround | Literal[""] = ""
    relatives_named: str = Field("", max_length=200)
    refused_villages: str = Field("", max_length=200)
    refusal_reason: str = Field("", max_length=200)
    business_villages: str = Field("", max_length=200)
    remark: str = Field("", max_length=200)


class RecommendIn(DeclarationChange):
    person: UUID


class EvidenceIn(Schema):
    capability: rules.Capability
    text: str = Field(min_length=1, max_length=200)
    since: date | None = None
    until: date | None = None
    level: int | None = Field(None, ge=1, le=4)


class EntriesIn(Schema):
    entries: list[UUID] = Field(min_length=1, max_length=CHOSEN_MAX)


class RemoveIn(Schema):
    removal_reason: rules.RemovalReason
    note: str = Field("", max_length=200)


PRIVATE = ("health", "discipline", "sanction_until", "recall_ground", "hardship", "removal_reason")


def _line(entry: PoolEntry) -> dict[str, Any]:
    return {
        "id": entry.pk,
        "person_id": entry.person_id,
        "number": entry.person.number,
        "name": entry.person.name,
        "unit": str(entry.person.unit or ""),
        "state": entry.state,
        "category": entry.category,
        "recommended_on": entry.recommended_on,
    }


def pool_line_out(entry: PoolEntry) -> PoolLineOut:
    return PoolLineOut(**_line(entry))


def evidence_out(row: CapabilityEvidence) -> EvidenceOut:
    return EvidenceOut.from_orm(row)


def portrait_out(line: PortraitLine) -> PortraitOut:
    return PortraitOut(
        capability=line.capability.value,
        level=line.level,
        proofs=[evidence_out(proof.row) for proof in line.proofs],
    )


def pool_entry_out(entry: PoolEntry, role: str) -> PoolEntryOut:
    """Facts, portrait and eligibility as far as this role reads them on the page."""
    today = clock.today()
    postings = queries.list_postings_of(entry.person)
    private = {name: str(getattr(entry, name) or "") for name in PRIVATE}
    return PoolEntryOut(
        **_line(entry),
        grassroots_years=entry.grassroots_years,
        yearly_results=entry.yearly_results,
        languages=entry.languages,
        wanted_kinds=entry.wanted_kinds,
        full_member_since=entry.full_member_since,
        retires_on=entry.retires_on,
        posted_elsewhere=entry.posted_elsewhere,
        last_posting_until=entry.last_posting_until,
        recalled_on=entry.recalled_on,
        recall_village=str(entry.recall_village or ""),
        distance_minutes_max=entry.distance_minutes_max,
        source=entry.source,
        relatives_named=entry.relatives_named,
        refused_villages=queries.names_of_villages(entry.refused_villages),
        refusal_reason=entry.refusal_reason,
        business_villages=queries.names_of_villages(entry.business_villages),
        remark=entry.remark,
        private=private if pool_entries.may_read_private(role) else None,
        portrait=[
            portrait_out(line)
            for line in portrait(entry.person.capability_evidence.all(), as_of=today)
        ],
        eligibility=[
            ResultOut(rule=one.rule, name=one.name, outcome=one.outcome, text=one.text)
            for one in eligibility(entry, postings, as_of=today, role=role)
        ],
    )


def _after(request: CalledRequest, entry_id: UUID) -> PoolEntryOut:
    entry = queries.get_pool_entry(request.actor.scope, entry_id)
    return pool_entry_out(entry, request.actor.role)


@operation(
    router, "GET", "/pool", roles=roles_of(pages.pool_list), summary="人才储备库",
    answer=PageOut[PoolLineOut],
)  # fmt: skip
def list_pool(request: CalledRequest, query: Query[PoolQuery]) -> PageOut[PoolLineOut]:
    wanted = {"person__unit_id": query.unit, "state": query.state, "category": query.category}
    rows = queries.list_pool(request.actor.scope).filter(**only(wanted))
    sorts = {
        "number": ("person__number",),
        "name": ("person__name", "person__number"),
        "state": ("state", "person__number"),
    }
    search = ("person__name", "person__number", "person__unit__name")
    return page_of(rows, query, pool_line_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "POST", "/pool/review", roles=roles_of(pages.pool_review_many),
    summary="审核多名人选，全部或全不", answer=CountOut,
)  # fmt: skip
def review_pool_entries(request: CalledRequest, body: EntriesIn) -> CountOut:
    found = chosen(queries.list_pool(request.actor.scope), body.entries)
    return CountOut(count=actions.review_pool_entries(found, actor=request.actor))


@operation(
    router, "GET", "/pool/{entry_id}", roles=roles_of(pages.pool_entry),
    summary="一名人选和能力画像", answer=PoolEntryOut,
)  # fmt: skip
def get_pool_entry(request: CalledRequest, response: HttpResponse, entry_id: UUID) -> Schema:
    entry = queries.get_pool_entry(request.actor.scope, entry_id)
    note_reading(entry.person)
    return stamped(response, pool_entry_out(entry, request.actor.role))


@operation(
    router, "GET", "/my-portrait", roles=roles_of(pages.my_portrait), summary="本人的画像",
    answer=PoolEntryOut,
)  # fmt: skip
def get_own_portrait(request: CalledRequest) -> PoolEntryOut:
    own = queries.find_own_entry(request.actor.scope)
    if own is None:
        raise not_found()
    return _after(request, own.pk)


@operation(
    router, "POST", "/pool", roles=roles_of(pages.pool_recommend), summary="推荐人选",
    answer=PoolEntryOut, status=201,
)  # fmt: skip
def recommend_person(request: CalledRequest, body: RecommendIn) -> PoolEntryOut:
    people = queries.list_recommendable(request.actor.scope)
    form = RecommendForm(sent(body), names=Names(request.actor), people=people)
    person = filled(form)["person"]
    made = actions.recommend_person(person, actor=request.actor, declared=form.declaration())
    return _after(request, made.pk)


@operation(
    router, "PATCH", "/pool/{entry_id}", roles=roles_of(pages.pool_entry_edit),
    summary="修改申报情况", answer=PoolEntryOut,
)  # fmt: skip
def change_declaration(
    request: CalledRequest,
    response: HttpResponse,
    entry_id: UUID,
    body: DeclarationChange,
    if_match: str = IF_MATCH,
) -> Schema:
    actor = request.actor
    rows, entry = queries.list_pool(actor.scope), queries.get_pool_entry(actor.scope, entry_id)
    note_reading(entry.person)
    show = partial(pool_entry_out, role=actor.role)
    with unchanged(rows, entry, show, if_match) as now:
        names = Names(actor)
        form = DeclarationForm(sent(body, DeclarationForm.initial_of(now, names)), names=names)
        filled(form)
        actions.change_declaration(now, actor=actor, declared=form.declaration())
    return stamped(response, _after(request, entry_id))


@operation(
    router, "POST", "/pool/{entry_id}/review", roles=roles_of(pages.pool_entry_review),
    summary="审核人选", answer=PoolEntryOut,
)  # fmt: skip
def review_pool_entry(request: CalledRequest, entry_id: UUID) -> PoolEntryOut:
    entry = queries.get_pool_entry(request.actor.scope, entry_id)
    actions.review_pool_entry(entry, actor=request.actor)
    return _after(request, entry_id)


@operation(
    router, "POST", "/pool/{entry_id}/admit", roles=roles_of(pages.pool_entry_admit),
    summary="人选入库", answer=PoolEntryOut,
)  # fmt: skip
def admit_pool_entry(request: CalledRequest, entry_id: UUID) -> PoolEntryOut:
    entry = queries.get_pool_entry(request.actor.scope, entry_id)
    actions.admit_pool_entry(entry, actor=request.actor)
    return _after(request, entry_id)


@operation(
    router, "POST", "/pool/{entry_id}/return", roles=roles_of(pages.pool_entry_return),
    summary="期满返回", answer=PoolEntryOut,
)  # fmt: skip
def return_pool_entry(request: CalledRequest, entry_id: UUID) -> PoolEntryOut:
    entry = queries.get_pool_entry(request.actor.scope, entry_id)
    actions.return_pool_entry(entry, actor=request.actor)
    return _after(request, entry_id)


@operation(
    router, "POST", "/pool/{entry_id}/remove", roles=roles_of(pages.pool_entry_remove),
    summary="人选出库", answer=PoolEntryOut,
)  # fmt: skip
def remove_pool_entry(request: CalledRequest, entry_id: UUID, body: RemoveIn) -> PoolEntryOut:
    entry = queries.get_pool_entry(request.actor.scope, entry_id)
    given = filled(RemoveForm(sent(body)))
    actions.remove_pool_entry(entry, actor=request.actor, **given)
    return _after(request, entry_id)


@operation(
    router, "POST", "/pool/{entry_id}/evidence", roles=roles_of(pages.evidence_add),
    summary="登记佐证", answer=EvidenceOut, status=201,
)  # fmt: skip
def add_evidence(request: CalledRequest, entry_id: UUID, body: EvidenceIn) -> EvidenceOut:
    entry = queries.get_pool_entry(request.actor.scope, entry_id)
    form = EvidenceForm(sent(body))
    filled(form)
    return evidence_out(actions.record_evidence(form.row(entry.person), actor=request.actor))


@operation(
    router, "POST", "/evidence/{proof_id}/verify", roles=roles_of(pages.evidence_verify),
    summary="核实佐证", answer=EvidenceOut,
)  # fmt: skip
def verify_evidence(request: CalledRequest, proof_id: UUID) -> EvidenceOut:
    proof = queries.get_evidence(request.actor.scope, proof_id)
    return evidence_out(actions.verify_evidence(proof, actor=request.actor))
