"""Which sheets come in and go out, whose rows they are, and where the records are shown?"""

from __future__ import annotations

from functools import partial

# Where a record that a sheet touched is shown: model and the name of its page.
RECORD_PAGES = {
    "directory.person": "person",
    "directory.unit": "unit",
    "directory.place": "place",
    "posting.needlist": "need_list",
    "posting.poolentry": "pool_entry",
    "pairing.pairing": "pairing_detail",
    "directory.partyorganization": "organization_detail",
    "organization.villagereserve": "reserve_detail",
}


def connect() -> None:
    """Hand the exchange its kinds, its background work and its words."""
    from lingyan.directory import imports as directory
    from lingyan.directory import queries
    from lingyan.organization import imports as organization
    from lingyan.pairing import imports as pairing
    from lingyan.platform.audit import texts
    from lingyan.platform.exchange import clearing, kept, registry, rules, work
    from lingyan.platform.jobs.registry import KINDS
    from lingyan.posting import facts
    from lingyan.posting import imports as posting
    from lingyan.posting.actions import retention

    registry.register(*directory.KINDS, *posting.KINDS, *pairing.KINDS, *organization.KINDS)
    registry.ACTOR_KEYS[:] = [queries.actor_key]
    registry.IS_DEMO[:] = [queries.is_demo]
    registry.COMPUTED_FROM[:] = [facts.rounds_computed_from]
    registry.RECORD_PAGES.update(
        {label: partial(_record_page, name) for label, name in RECORD_PAGES.items()}
    )
    kept.KINDS.update(clearing.OWN | {one.code: one for one in retention.KINDS})
    KINDS.update(work.WORK)
    texts.TEXTS.update(rules.AUDIT_TEXTS)


def _record_page(url_name: str, record_id: str) -> str:
    from django.urls import NoReverseMatch, reverse

    try:
        return reverse(url_name, args=[record_id])
    except NoReverseMatch:
        return ""
