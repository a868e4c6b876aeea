"""双向选择 for programs: one's own wishes, the unit's confirmation, a town's intentions."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from ninja import Query, Router, Schema
from pydantic import Field

from lingyan.api.gate import CalledRequest, operation, roles_of
from lingyan.api.operations.common import ReasonIn, only, page_of
from lingyan.api.operations.register import filled, sent
from lingyan.api.paging import ListQuery, PageOut
from lingyan.api.rules import LISTED
from lingyan.platform.audit.reading import note_reading
from lingyan.posting import rules
from lingyan.posting.actions import intentions, wishes
from lingyan.posting.forms.rounds import ReasonForm
from lingyan.posting.models import Intention, RoundPerson, RoundVillage, Wish
from lingyan.posting.queries import rounds as queries
from lingyan.posting.views import wishes as pages

router = Router(tags=["双向选择"])

RANK = Field(ge=1, le=rules.RANKED_MAX, description="1 为最想去；可以并列")
LINES_MAX = 50


# --- the candidate ------------------------------------------------------------------------------


class WishLineOut(Schema):
    round_village_id: UUID
    village: str
    town: str
    rank: int


class OwnRoundOut(Schema):
    id: UUID
    round_id: UUID
    round: str
    round_state: str
    wish_state: str
    returned_reason: str


class WishListOut(OwnRoundOut):
    person_id: UUID
    name: str
    wishes: list[WishLineOut]
    order: list[str] = Field(description="单位确认时原样送回，表示看到的就是这份志愿")


class OwnRoundQuery(ListQuery):
    sort: Literal["round", "-round"] = "-round"


class WishVillageOut(Schema):
    id: UUID
    village: str
    town: str
    village_types: list[str]
    first_secretary_seats: int
    member_seats: int


class WishVillageQuery(ListQuery):
    sort: Literal["village", "-village", "class", "-class"] = "village"


class WishIn(Schema):
    round_village: UUID
    rank: int = RANK


class WishesIn(Schema):
    """The whole list; what is left out is taken off it."""

    wishes: list[WishIn] = Field(max_length=LINES_MAX)


def wish_line_out(one: Wish) -> WishLineOut:
    village = one.round_village.village
    return WishLineOut(
        round_village_id=one.round_village_id,
        village=village.short_name,
        town=str(village.parent or ""),
        rank=one.rank,
    )


def own_round_out(one: RoundPerson) -> OwnRoundOut:
    return OwnRoundOut(
        id=one.pk,
        round_id=one.round_id,
        round=one.round.name,
        round_state=one.round.state,
        wish_state=one.wish_state,
        returned_reason=one.returned_reason,
    )


def wish_list_out(one: RoundPerson) -> WishListOut:
    return WishListOut(
        **own_round_out(one).dict(),
        person_id=one.person_id,
        name=one.person.name,
        wishes=[wish_line_out(line) for line in queries.list_wishes(one)],
        order=wishes.order_of(one),
    )


def wish_village_out(one: RoundVillage) -> WishVillageOut:
    return WishVillageOut(
        id=one.pk,
        village=one.village.short_name,
        town=str(one.village.parent or ""),
        village_types=one.need_list.village_types,
        first_secretary_seats=one.need_list.first_secretary_seats,
        member_seats=one.need_list.member_seats,
    )


def _own(request: CalledRequest, round_person_id: UUID) -> WishListOut:
    return wish_list_out(queries.get_own_round(request.actor.scope, round_person_id))


@operation(
    router, "GET", "/wishes", roles=roles_of(pages.wish_list), summary="本人参加的批次",
    answer=PageOut[OwnRoundOut],
)  # fmt: skip
def list_own_wishes(request: CalledRequest, query: Query[OwnRoundQuery]) -> PageOut[OwnRoundOut]:
    rows = queries.list_own_rounds(request.actor.scope)
    sorts = {"round": ("round__created_at",)}
    return page_of(
        rows, query, own_round_out, sort=query.sort, sorts=sorts, search=("round__name",)
    )


@operation(
    router, "GET", "/wishes/{round_person_id}", roles=roles_of(pages.wish_edit),
    summary="本人的志愿", answer=WishListOut,
)  # fmt: skip
def get_own_wishes(request: CalledRequest, round_person_id: UUID) -> WishListOut:
    return _own(request, round_person_id)


@operation(
    router, "GET", "/wishes/{round_person_id}/villages", roles=roles_of(pages.wish_edit),
    summary="可以填报的村", answer=PageOut[WishVillageOut],
)  # fmt: skip
def list_wish_villages(
    request: CalledRequest, round_person_id: UUID, query: Query[WishVillageQuery]
) -> PageOut[WishVillageOut]:
    own = queries.get_own_round(request.actor.scope, round_person_id)
    rows = queries.list_wish_villages(own.round)
    sorts = {
        "village": ("village__path",),
        "class": ("need_list__priority_class", "village__path"),
    }
    search = ("village__short_name", "village__parent__short_name")
    return page_of(rows, query, wish_village_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "PUT", "/wishes/{round_person_id}", roles=roles_of(pages.wish_save),
    summary="保存志愿", answer=WishListOut,
)  # fmt: skip
def save_own_wishes(request: CalledRequest, round_person_id: UUID, body: WishesIn) -> WishListOut:
    own = queries.get_own_round(request.actor.scope, round_person_id)
    ranks = {one.round_village: one.rank for one in body.wishes}
    wishes.save_wishes(own, ranks, actor=request.actor)
    return _own(request, round_person_id)


@operation(
    router, "POST", "/wishes/{round_person_id}/submit", roles=roles_of(pages.wish_save),
    summary="提交志愿", answer=WishListOut,
)  # fmt: skip
def submit_own_wishes(request: CalledRequest, round_person_id: UUID) -> WishListOut:
    own = queries.get_own_round(request.actor.scope, round_person_id)
    wishes.submit_wishes(own, actor=request.actor)
    return _own(request, round_person_id)


# --- the unit -----------------------------------------------------------------------------------


class UnitWishOut(OwnRoundOut):
    person_id: UUID
    number: str
    name: str


class UnitWishQuery(ListQuery):
    sort: Literal["state", "-state", "name", "-name"] = "state"
    wish_state: rules.WishListState | None = None


class SeenIn(Schema):
    order: list[str] = Field(max_length=LINES_MAX, description="看到的志愿，即 order 原样")


def unit_wish_out(one: RoundPerson) -> UnitWishOut:
    return UnitWishOut(
        **own_round_out(one).dict(),
        person_id=one.person_id,
        number=one.person.number,
        name=one.person.name,
    )


@operation(
    router, "GET", "/unit-wishes", roles=roles_of(pages.unit_wish_list),
    summary="本单位人选的志愿", answer=PageOut[UnitWishOut],
)  # fmt: skip
def list_unit_wishes(request: CalledRequest, query: Query[UnitWishQuery]) -> PageOut[UnitWishOut]:
    rows = queries.list_unit_people(request.actor.scope)
    rows = rows.filter(**only({"wish_state": query.wish_state}))
    sorts = {"state": ("wish_state", "person__number"), "name": ("person__name",)}
    return page_of(
        rows, query, unit_wish_out, sort=query.sort, sorts=sorts, search=("person__name",)
    )


@operation(
    router, "GET", "/unit-wishes/{round_person_id}", roles=roles_of(pages.unit_wish_detail),
    summary="一名人选的志愿", answer=WishListOut,
)  # fmt: skip
def get_unit_wishes(request: CalledRequest, round_person_id: UUID) -> WishListOut:
    theirs = queries.get_unit_person(request.actor.scope, round_person_id)
    note_reading(theirs.person)
    return wish_list_out(theirs)


@operation(
    router, "POST", "/unit-wishes/{round_person_id}/confirm",
    roles=roles_of(pages.unit_wish_confirm), summary="单位确认志愿", answer=WishListOut,
)  # fmt: skip
def confirm_unit_wishes(request: CalledRequest, round_person_id: UUID, body: SeenIn) -> WishListOut:
    theirs = queries.get_unit_person(request.actor.scope, round_person_id)
    wishes.confirm_wishes(theirs, order_seen=body.order, actor=request.actor)
    return wish_list_out(queries.get_unit_person(request.actor.scope, round_person_id))


@operation(
    router, "POST", "/unit-wishes/{round_person_id}/return",
    roles=roles_of(pages.unit_wish_return), summary="单位退回志愿", answer=WishListOut,
)  # fmt: skip
def return_unit_wishes(
    request: CalledRequest, round_person_id: UUID, body: ReasonIn
) -> WishListOut:
    theirs = queries.get_unit_person(request.actor.scope, round_person_id)
    wishes.return_wishes(theirs, actor=request.actor, **filled(ReasonForm(sent(body))))
    return wish_list_out(queries.get_unit_person(request.actor.scope, round_person_id))


# --- the town -----------------------------------------------------------------------------------


class IntentionLineOut(Schema):
    role: str
    round_person_id: UUID
    name: str
    unit: str
    rank: int


class IntentionVillageOut(Schema):
    id: UUID
    round_id: UUID
    round: str
    round_state: str
    village_id: UUID
    village: str
    town: str
    intentions_done: bool


class IntentionsOut(IntentionVillageOut):
    intentions: list[IntentionLineOut]


class IntentionQuery(ListQuery):
    sort: Literal["village", "-village"] = "village"
    intentions_done: bool | None = None


class IntentionIn(Schema):
    role: rules.Role
    round_person: UUID
    rank: int = RANK


class IntentionsIn(Schema):
    """The lists of all posts of the village; who is left out is taken off them."""

    intentions: list[IntentionIn] = Field(max_length=LINES_MAX)


def intention_line_out(one: Intention) -> IntentionLineOut:
    person = one.round_person.person
    return IntentionLineOut(
        role=one.role,
        round_person_id=one.round_person_id,
        name=person.name,
        unit=str(person.unit or ""),
        rank=one.rank,
    )


def intention_village_out(one: RoundVillage) -> IntentionVillageOut:
    return IntentionVillageOut(
        id=one.pk,
        round_id=one.round_id,
        round=one.round.name,
        round_state=one.round.state,
        village_id=one.village_id,
        village=one.village.short_name,
        town=str(one.village.parent or ""),
        intentions_done=one.intentions_done,
    )


def _intentions(request: CalledRequest, round_village_id: UUID) -> IntentionsOut:
    one = queries.get_round_village(request.actor.scope, round_village_id)
    lines = list(queries.list_intentions(one))
    note_reading(*(line.round_person.person for line in lines), action=LISTED)
    return IntentionsOut(
        **intention_village_out(one).dict(),
        intentions=[intention_line_out(line) for line in lines],
    )


@operation(
    router, "GET", "/intentions", roles=roles_of(pages.intention_list), summary="本乡镇各村的意向",
    answer=PageOut[IntentionVillageOut],
)  # fmt: skip
def list_intentions(
    request: CalledRequest, query: Query[IntentionQuery]
) -> PageOut[IntentionVillageOut]:
    rows = queries.list_intention_villages(request.actor.scope)
    rows = rows.filter(**only({"intentions_done": query.intentions_done}))
    search = ("village__short_name", "round__name")
    sorts = {"village": ("village__path",)}
    return page_of(rows, query, intention_village_out, sort=query.sort, sorts=sorts, search=search)


@operation(
    router, "GET", "/intentions/{round_village_id}", roles=roles_of(pages.intention_edit),
    summary="一个村的意向", answer=IntentionsOut,
)  # fmt: skip
def get_intentions(request: CalledRequest, round_village_id: UUID) -> IntentionsOut:
    return _intentions(request, round_village_id)


@operation(
    router, "PUT", "/intentions/{round_village_id}", roles=roles_of(pages.intention_save),
    summary="保存意向", answer=IntentionsOut,
)  # fmt: skip
def save_intentions(
    request: CalledRequest, round_village_id: UUID, body: IntentionsIn
) -> IntentionsOut:
    village = queries.get_round_village(request.actor.scope, round_village_id)
    ranks = {(one.role.value, one.round_person): one.rank for one in body.intentions}
    intentions.save_intentions(village, ranks, actor=request.actor)
    return _intentions(request, round_village_id)


@operation(
    router, "POST", "/intentions/{round_village_id}/submit",
    roles=roles_of(pages.intention_save), summary="提交意向", answer=IntentionsOut,
)  # fmt: skip
def submit_intentions(request: CalledRequest, round_village_id: UUID) -> IntentionsOut:
    village = queries.get_round_village(request.actor.scope, round_village_id)
    intentions.submit_intentions(village, actor=request.actor)
    return _intentions(request, round_village_id)
