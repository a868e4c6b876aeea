"""The pages of the two-way choice: a candidate's wishes, the unit's look, a town's intentions."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from lingyan.directory import search
from lingyan.directory.roles import Role
from lingyan.platform.accounts.gate import ActedRequest, page
from lingyan.platform.audit.reading import note_reading
from lingyan.platform.ui.listing import Filter, Listing
from lingyan.posting import rules
from lingyan.posting.actions import intentions, wishes
from lingyan.posting.forms.rounds import ReasonForm
from lingyan.posting.forms.wishes import RANK_CHOICES, ranks_of, with_one_more
from lingyan.posting.models import Objection, RoundPerson, RoundVillage
from lingyan.posting.panels import choices
from lingyan.posting.queries import rounds as queries
from lingyan.posting.rules.rounds import WISHES_WRITTEN_IN

WRITABLE = ("draft", "returned")
CANDIDATES_PER_PAGE = 30


# --- the candidate ------------------------------------------------------------------------------


@page(Role.CANDIDATE)
def wish_list(request: ActedRequest) -> HttpResponse:
    """The rounds in which one takes part; with a single one it opens at once."""
    own = list(queries.list_own_rounds(request.actor.scope))
    if len(own) == 1:
        return redirect("wish_edit", own[0].pk)
    return render(request, "posting/wish_list.html", {"own": own, "written_in": WISHES_WRITTEN_IN})


@page(Role.CANDIDATE)
def wish_edit(request: ActedRequest, round_person_id: UUID) -> HttpResponse:
    """The own list on top, the villages of the round below, each with what stands in the way."""
    own = queries.get_own_round(request.actor.scope, round_person_id)
    listing = Listing(
        request,
        queries.list_wish_villages(own.round),
        search=lambda text: search.of_villages_q(text, "village"),
        search_hint="村或乡镇",
        sorts={
            "village": ("village__path",),
            "klass": ("need_list__priority_class", "village__path"),
        },
        default_sort="village",
    )
    written = list(queries.list_wishes(own))
    writable = (
        own.wish_state in WRITABLE
        and own.round.state == rules.RoundState.CANDIDATE_RANKING
        and own.withdrawn_on is None
    )
    return render(
        request,
        "posting/wish_edit.html",
        {
            "own": own,
            "round": own.round,
            "listing": listing,
            "written": written,
            "choices": choices.village_choices(own, listing, written),
            "rank_choices": RANK_CHOICES,
            "most": rules.RANKED_MAX,
            "writable": writable,
            "wishes_open": own.round.state in WISHES_WRITTEN_IN,
            "is_full": len(written) >= rules.RANKED_MAX,
            "refused": queries.own_refusals(request.actor.scope, own.round),
        },
    )


@require_POST
@page(Role.CANDIDATE)
def wish_add(request: ActedRequest, round_person_id: UUID, village_id: UUID) -> HttpResponse:
    own = queries.get_own_round(request.actor.scope, round_person_id)
    village = queries.get_wish_village(own.round, village_id)
    wishes.save_wishes(own, with_one_more(_ranks(own), village.pk), actor=request.actor)
    messages.success(request, f"{village.village} 已加入志愿，记得提交")
    return redirect("wish_edit", own.pk)


def _ranks(own: RoundPerson) -> dict[UUID, int]:
    return {wish.round_village_id: wish.rank for wish in queries.list_wishes(own)}


@require_POST
@page(Role.CANDIDATE)
def wish_save(request: ActedRequest, round_person_id: UUID) -> HttpResponse:
    """Keep the order as written; with 提交 hand it to the unit as well."""
    own = queries.get_own_round(request.actor.scope, round_person_id)
    wishes.save_wishes(own, ranks_of(request.POST, "wish-"), actor=request.actor)
    if "submit" in request.POST:
        wishes.submit_wishes(own, actor=request.actor)
        messages.success(request, "志愿已提交")
    else:
        messages.success(request, "志愿已保存，还没有提交")
    return redirect("wish_edit", own.pk)


@page(Role.CANDIDATE)
def wish_refuse(request: ActedRequest, round_person_id: UUID, village_id: UUID) -> HttpResponse:
    """A candidate says in writing why he or she does not go to a village (R14)."""
    own = queries.get_own_round(request.actor.scope, round_person_id)
    village = queries.get_wish_village(own.round, village_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        intentions.enter_objection(
            own.round,
            Objection.Kind.PERSON_REFUSAL,
            person=own.person,
            place=village.village,
            actor=request.actor,
            **form.cleaned_data,
        )
        messages.success(request, f"已登记不去{village.village}")
        return redirect("wish_edit", own.pk)
    context = {
        "question": f"不去{village.village}？",
        "consequence": "写明理由后，方案不会把您派到这个村。请只写与工作有关或确有困难的情况。",
        "yes": "登记不去",
        "form": form,
        "action": request.path,
        "back": reverse("wish_edit", args=[own.pk]),
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


# --- the unit -----------------------------------------------------------------------------------


@page(*rules.UNIT)
def unit_wish_list(request: ActedRequest) -> HttpResponse:
    """The unit's people in rounds that are under way, with the state of each list."""
    listing = Listing(
        request,
        queries.list_unit_people(request.actor.scope),
        search=lambda text: search.of_people_q(text, "person"),
        search_hint="姓名、拼音、首字母或编号",
        filters=(
            Filter(
                "wishes", "志愿", rules.WishListState.choices(), lambda code: Q(wish_state=code)
            ),
        ),
        sorts={
            "state": ("wish_state", "person__number"),
            "name": ("person__name",),
            "round": ("-round__created_at", "person__number"),
        },
        default_sort="round",
    )
    return render(request, "posting/unit_wish_list.html", {"listing": listing})


@page(*rules.UNIT)
def unit_wish_detail(request: ActedRequest, round_person_id: UUID) -> HttpResponse:
    """One person's list as it was handed in; the unit confirms it or returns it, never edits it."""
    theirs = queries.get_unit_person(request.actor.scope, round_person_id)
    note_reading(theirs.person)
    context = {
        "theirs": theirs,
        "written": theirs.wishes.all(),
        "order": wishes.order_of(theirs),
        "form": ReasonForm(),
        "open": theirs.wish_state == "submitted"
        and theirs.round.state in ("candidate_ranking", "village_ranking"),
    }
    return render(request, "posting/unit_wish_detail.html", context)


@require_POST
@page(*rules.UNIT)
def unit_wish_confirm(request: ActedRequest, round_person_id: UUID) -> HttpResponse:
    theirs = queries.get_unit_person(request.actor.scope, round_person_id)
    wishes.confirm_wishes(theirs, order_seen=request.POST.getlist("seen"), actor=request.actor)
    messages.success(request, f"{theirs.person} 的志愿已确认")
    return redirect("unit_wish_list")


@require_POST
@page(*rules.UNIT)
def unit_wish_return(request: ActedRequest, round_person_id: UUID) -> HttpResponse:
    theirs = queries.get_unit_person(request.actor.scope, round_person_id)
    wishes.return_wishes(theirs, reason=request.POST.get("reason", ""), actor=request.actor)
    messages.success(request, f"已退回 {theirs.person} 修改")
    return redirect("unit_wish_list")


# --- the town -----------------------------------------------------------------------------------


@page(*rules.TOWN)
def intention_list(request: ActedRequest) -> HttpResponse:
    """The town's villages in rounds, those that still wait first."""
    listing = Listing(
        request,
        queries.list_intention_villages(request.actor.scope),
        search=("village__short_name", "round__name"),
        search_hint="村或批次",
        filters=(
            Filter(
                "done",
                "意向",
                (("no", "未提交"), ("yes", "已提交")),
                lambda code: Q(intentions_done=code == "yes"),
            ),
        ),
        sorts={
            "waiting": ("intentions_done", "-round__created_at", "village__path"),
            "village": ("village__path",),
        },
        default_sort="waiting",
    )
    return render(request, "posting/intention_list.html", {"listing": listing})


@page(*rules.TOWN)
def intention_edit(request: ActedRequest, round_village_id: UUID) -> HttpResponse:
    """A village's posts, each with its list and the candidates who may be added."""
    village = queries.get_round_village(request.actor.scope, round_village_id)
    search = request.GET.get("q", "").strip()[:40]
    problem = intentions.eligibility_at(village)
    posts = choices.post_choices(village, problem)
    asked = request.GET.get("post", "")
    shown = next((post for post in posts if post.role == asked), next(iter(posts), None))
    candidates = choices.candidate_choices(village, problem, shown, search=search) if shown else []
    pages = Paginator(candidates, CANDIDATES_PER_PAGE)
    return render(
        request,
        "posting/intention_edit.html",
        {
            "village": village,
            "round": village.round,
            "needs": choices.need_texts(village),
            "types": choices.type_labels(village.need_list.village_types),
            "posts": posts,
            "shown": shown,
            "page": pages.get_page(request.GET.get("page")),
            "search": search,
            "rank_choices": RANK_CHOICES,
            "most": rules.RANKED_MAX,
            "writable": village.round.state == rules.RoundState.VILLAGE_RANKING,
        },
    )


@require_POST
@page(*rules.TOWN)
def intention_add(
    request: ActedRequest, round_village_id: UUID, role: str, round_person_id: UUID
) -> HttpResponse:
    village = queries.get_round_village(request.actor.scope, round_village_id)
    candidate = queries.get_candidate(village.round, round_person_id)
    ranks = _intentions(village)
    own = {key: rank for (for_role, key), rank in ranks.items() if for_role == role}
    longer = with_one_more(own, candidate.pk)
    ranks.update({(role, key): rank for key, rank in longer.items()})
    intentions.save_intentions(village, ranks, actor=request.actor)
    messages.success(request, f"{candidate.person} 已加入意向，记得提交")
    return _back_to(village, role)


def _intentions(village: RoundVillage) -> dict[tuple[str, UUID], int]:
    return {
        (line.role, line.round_person_id): line.rank for line in queries.list_intentions(village)
    }


def _back_to(village: RoundVillage, role: str = "") -> HttpResponse:
    address = reverse("intention_edit", args=[village.pk])
    return redirect(f"{address}?post={role}" if role else address)


@require_POST
@page(*rules.TOWN)
def intention_save(request: ActedRequest, round_village_id: UUID) -> HttpResponse:
    """Keep the lists of all posts as written; with 提交 hand them in as well."""
    village = queries.get_round_village(request.actor.scope, round_village_id)
    ranks = {
        (role.value, key): rank
        for role in rules.Role
        for key, rank in ranks_of(request.POST, f"{role.value}-").items()
    }
    intentions.save_intentions(village, ranks, actor=request.actor)
    if "submit" not in request.POST:
        messages.success(request, "意向已保存，还没有提交")
        return _back_to(village, request.POST.get("post", ""))
    intentions.submit_intentions(village, actor=request.actor)
    messages.success(request, f"{village.village}的意向已提交")
    return redirect("intention_list")


@page(*rules.TOWN)
def intention_veto(
    request: ActedRequest, round_village_id: UUID, round_person_id: UUID
) -> HttpResponse:
    """The village does not take somebody, in writing and with a reason (R13)."""
    village = queries.get_round_village(request.actor.scope, round_village_id)
    candidate = queries.get_candidate(village.round, round_person_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        intentions.enter_objection(
            village.round,
            Objection.Kind.VILLAGE_VETO,
            person=candidate.person,
            place=village.village,
            actor=request.actor,
            **form.cleaned_data,
        )
        messages.success(request, f"已登记{village.village}不接收 {candidate.person}")
        return _back_to(village)
    context = {
        "question": f"{village.village}不接收 {candidate.person}？",
        "consequence": "写明理由后，方案不会把这名人选派到该村。",
        "yes": "登记不接收",
        "form": form,
        "action": request.path,
        "back": reverse("intention_edit", args=[village.pk]),
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)
