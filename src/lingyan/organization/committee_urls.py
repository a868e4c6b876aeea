"""Where are the pages of committees, terms, Party organizations, reserve cadres and figures?"""

from __future__ import annotations

from django.urls import URLPattern, path

from lingyan.organization.views import (
    committee_figures,
    committees,
    party_organizations,
    reserve,
    terms,
)

ORGANIZATION = "organizations/<uuid:organization_id>"
RESERVE = "reserve/<uuid:reserve_id>"
FIGURE = "committee-figures/<slug:committee_figure>"

COMMITTEE_PATTERNS: list[URLPattern] = [
    path("committees/", committees.committee_list, name="committee_list"),
    path("committees/<uuid:place_id>/", committees.committee, name="committee"),
    path("committees/<uuid:place_id>/seat/", committees.committee_seat, name="committee_seat"),
    path(
        "committees/posts/<uuid:officer_id>/leave/",
        committees.committee_post_leave,
        name="committee_post_leave",
    ),
    path("terms/", terms.term_list, name="term_list"),
    path("terms/begin/", terms.term_begin, name="term_begin"),
    path("organizations/", party_organizations.organization_list, name="organization_list"),
    path(
        "organizations/prepare/",
        party_organizations.organization_prepare,
        name="organization_prepare",
    ),
    path(f"{ORGANIZATION}/", party_organizations.organization_detail, name="organization_detail"),
    path(
        f"{ORGANIZATION}/step/<slug:act>/",
        party_organizations.organization_step,
        name="organization_step",
    ),
    path(
        f"{ORGANIZATION}/count/", party_organizations.organization_count, name="organization_count"
    ),
    path("reserve/", reserve.reserve_list, name="reserve_list"),
    path("reserve/find/", reserve.reserve_find, name="reserve_find"),
    path(f"{RESERVE}/", reserve.reserve_detail, name="reserve_detail"),
    path(f"{RESERVE}/step/<slug:act>/", reserve.reserve_step, name="reserve_step"),
    path("comparison/", committee_figures.committee_comparison, name="committee_comparison"),
    path("committee-figures/", committee_figures.committee_figures, name="committee_figures"),
    path(f"{FIGURE}/", committee_figures.committee_figure, name="committee_figure"),
    path(
        f"{FIGURE}/export.xlsx",
        committee_figures.committee_figure_export,
        name="committee_figure_export",
    ),
]
