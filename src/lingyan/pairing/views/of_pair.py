"""Which one pair does the address ask for? A list keeps it among its filters."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db.models import Q

from lingyan.pairing.queries import pairings as queries
from lingyan.platform.accounts.gate import ActedRequest
from lingyan.platform.ui.listing import Filter


def pair_filter(request: ActedRequest, of_pairing: Callable[[UUID], Q]) -> tuple[Filter, ...]:
    """The pair by which the list was opened, as a filter that stays and can be taken away."""
    try:
        wanted = UUID(request.GET.get("pair", ""))
    except ValueError:
        return ()
    pairing = queries.list_pairings(request.actor.scope).filter(pk=wanted).first()
    if pairing is None:
        return ()
    choices = ((str(pairing.pk), str(pairing)),)
    return (Filter("pair", "结对", choices, lambda key: of_pairing(UUID(key))),)
