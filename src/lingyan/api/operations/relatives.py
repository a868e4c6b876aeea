"""近亲属关系 for programs: what recusal is checked against."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from ninja import Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import only, page_of
from lingyan.api.operations.register import filled, sent
from lingyan.api.paging import ListQuery, PageOut
from lingyan.directory import queries, rules
from lingyan.directory.actions import people as actions
from lingyan.directory.actions.people import RelativeRow
from lingyan.directory.forms.records import RelativeForm
from lingyan.directory.models import Relative
from lingyan.directory.views import people as pages
from lingyan.platform.audit.reading import note_reading

router = Router(tags=["名录"])


class RelativeOut(Schema):
    id: UUID
    person_id: UUID
    person: str
    other_id: UUID
    other: str
    relation: str


class RelativeQuery(ListQuery):
    sort: Literal["person", "-person", "other", "-other"] = "person"
    person: UUID | None = None
    relation: rules.Relation | None = None


class RelativeIn(Schema):
    other: str = Field(min_length=1, max_length=40, description="姓名或人员编号")
    relation: rules.Relation = Field(description="对方是本人的什么人")


def relative_out(one: Relative) -> RelativeOut:
    return RelativeOut(
        id=one.pk,
        person_id=one.person_id,
        person=one.person.name,
        other_id=one.other_id,
        other=one.other.name,
        relation=one.relation,
    )


@operation(
    router, "GET", "/relatives", roles=roles_of(pages.relative_list), summary="近亲属关系",
    answer=PageOut[RelativeOut],
)  # fmt: skip
def list_relatives(request: CalledRequest, query: Query[RelativeQuery]) -> PageOut[RelativeOut]:
    wanted = {"person_id": query.person, "relation": query.relation}
    rows = queries.list_relatives(request.actor.scope).filter(**only(wanted))
    sorts = {"person": ("person__name", "person__number"), "other": ("other__name",)}
    search = ("person__name", "other__name")
    return page_of(rows, query, relative_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "POST", "/people/{person_id}/relatives", roles=roles_of(pages.relative_add),
    summary="登记近亲属", answer=RelativeOut, status=201,
)  # fmt: skip
def add_relative(request: CalledRequest, person_id: UUID, body: RelativeIn) -> RelativeOut:
    person = queries.get_person(request.actor.scope, person_id)
    note_reading(person)
    form = RelativeForm(sent(body), scope=request.actor.scope)
    made = actions.register_relative(RelativeRow(person, **filled(form)), actor=request.actor)
    return relative_out(made)


@operation(
    router, "POST", "/relatives/{relative_id}/remove", roles=roles_of(pages.relative_remove),
    summary="撤销近亲属关系", answer=RelativeOut,
)  # fmt: skip
def remove_relative(request: CalledRequest, relative_id: UUID) -> RelativeOut:
    """The answer is what was taken back."""
    one = queries.get_relative(request.actor.scope, relative_id)
    shown = relative_out(one)
    actions.remove_relative(one, actor=request.actor)
    return shown
