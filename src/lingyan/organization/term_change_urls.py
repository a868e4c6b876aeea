"""Where are the pages of term changes, joint reviews and the look-back?"""

from __future__ import annotations

from django.urls import URLPattern, path

from lingyan.organization.views import joint_reviews as reviews
from lingyan.organization.views import term_changes as views

CHANGE = "term-changes/<uuid:term_change_id>"
CANDIDATE = "candidates/<uuid:candidate_id>"
REVIEW = "joint-reviews/<uuid:joint_review_id>"
CHECK = "look-backs/<uuid:lookback_id>"


def _step(act: str) -> URLPattern:
    """The page of one act of the table."""
    address = act.replace("_", "-")
    return path(f"{CHANGE}/{address}/", views.step_view(act), name=f"term_change_{act}")


TERM_CHANGE_PATTERNS: list[URLPattern] = [
    path("term-changes/", views.term_change_list, name="term_change_list"),
    path("term-changes/export.xlsx", views.term_change_export, name="term_change_export"),
    path("term-changes/new/", views.term_change_open, name="term_change_open"),
    path(f"{CHANGE}/", views.term_change_detail, name="term_change_detail"),
    path(f"{CHANGE}/candidates/add/", views.candidate_add, name="candidate_add"),
    path(f"{CHANGE}/meetings/<slug:body>/", views.term_change_meeting, name="term_change_meeting"),
    *(_step(act) for act in views.STEP_PAGES),
    path(f"{CANDIDATE}/", views.candidate_edit, name="candidate_edit"),
    path(f"{CANDIDATE}/drop/", views.candidate_drop, name="candidate_drop"),
    path("look-backs/", views.lookback_list, name="lookback_list"),
    path(f"{CHECK}/", views.lookback_check, name="lookback_check"),
    path(f"{CHECK}/step/<slug:act>/", views.lookback_step, name="lookback_step"),
    path("joint-reviews/", reviews.joint_review_list, name="joint_review_list"),
    path("joint-reviews/export.xlsx", reviews.joint_review_export, name="joint_review_export"),
    path("joint-reviews/yearly/", reviews.joint_review_yearly, name="joint_review_yearly"),
    path(
        "joint-reviews/departments/",
        reviews.joint_review_departments,
        name="joint_review_departments",
    ),
    path(f"{REVIEW}/", reviews.joint_review_detail, name="joint_review_detail"),
    path(f"{REVIEW}/exempt/", reviews.joint_review_exempt, name="joint_review_exempt"),
    path(f"{REVIEW}/again/", reviews.joint_review_again, name="joint_review_again"),
    path(
        "joint-review-answers/<uuid:answer_id>/",
        reviews.joint_review_answer,
        name="joint_review_answer",
    ),
]
