"""Where are the pages of committees, terms and their comparison, organizations, reserve cadres?"""

from __future__ import annotations

from django.urls import URLPattern, path

from lingyan.organization.views import (
    committee_comparison,
    committees,
    party_organizations,
    reserve,
    terms,
)

ORGANIZATION = "organizations/<uuid:organization_id>"
RESERVE = "reserve/<uuid:reserve_id>"

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
    path("comparison/", committee_comparison.committee_comparison, name="committee_comparison"),
]
