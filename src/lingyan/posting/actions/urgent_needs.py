"""How does a village that is put right without a first secretary come onto the need lists (G-2)?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import transaction

from lingyan.directory.models import Place
from lingyan.platform.accounts.actor import Actor
from lingyan.posting import facts
from lingyan.posting.actions.need_lists import (
    NeedItemRow,
    NeedListRow,
    change_need_list,
    create_need_lists,
    row_of,
)
from lingyan.posting.facts_of_neighbours import villages_bound
from lingyan.posting.models import NeedItem, NeedList
from lingyan.posting.rules import urgent_needs as rules

PRODUCT = Actor.system()


@transaction.atomic
def add_urgent_need(village: Place, until: date, *, actor: Actor = PRODUCT) -> NeedList:
    """班子建设 4 and one seat that must be filled, on the list that waits to be issued.

    Where none waits, one is made from the list in force. Done again it changes nothing.
    """
    return _write(village, rules.urgent_text(until), actor)


def keep_urgent_need(village: Place) -> None:
    """A new health check makes a new list: what is still urgent stands on that one as well."""
    told = NeedItem.objects.filter(need_list__village=village, text__contains=rules.MARK)
    last = told.order_by("-need_list__created_at", "-pk").first()
    if last is None or not villages_bound([village.pk]):
        return
    if facts.first_secretary_in_post(village.pk) is None:
        _write(village, rules.urgent_part(last.text), PRODUCT)


def _write(village: Place, text: str, actor: Actor) -> NeedList:
    Place.objects.select_for_update(of=("self",)).get(pk=village.pk)
    states = NeedList.State
    found = NeedList.objects.filter(village=village, state__in=(states.CONFIRMED, states.ISSUED))
    lists = {one.state: one for one in found.select_related("village").order_by("pk")}
    waiting = lists.get(states.CONFIRMED)
    base = waiting or lists.get(states.ISSUED)
    row = _urgent(row_of(base) if base else NeedListRow(village), text)
    if waiting is not None:
        return change_need_list(waiting, actor=actor, row=row)
    return create_need_lists([row], actor=actor)[0]


def _urgent(row: NeedListRow, text: str) -> NeedListRow:
    return replace(
        row,
        village_types=rules.weak_types(row.village_types),
        priority_class=1,
        first_secretary_seats=1,
        first_secretary_lower=1,
        items=_with_urgent(row.items, text),
    )


def _with_urgent(items: tuple[NeedItemRow, ...], text: str) -> tuple[NeedItemRow, ...]:
    """One line for each item: what stands there of 书记队伍 is made urgent."""
    found = next((one for one in items if one.item == rules.ITEM), None)
    if found is None:
        domain = rules.ITEM.domain.value
        new = NeedItemRow(domain, rules.SEVERITY, rules.CAPABILITIES, rules.ITEM.value, text=text)
        return (new, *items)
    urgent = replace(found, severity=rules.SEVERITY, text=rules.joined(text, found.text))
    return tuple(urgent if one is found else one for one in items)
