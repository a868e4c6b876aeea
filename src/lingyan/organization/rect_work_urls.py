"""Where are the pages of a rectification from the start of the work to the end of its file?"""

from __future__ import annotations

from django.urls import URLPattern, path

from lingyan.organization.views import acceptance, rect_vote
from lingyan.organization.views import rect_work as views

CASE = "rectification/<uuid:rect_case_id>"
PROBLEM = "rectification/problems/<uuid:rect_problem_id>"
VOTE = "rectification/votes/<int:rect_vote_id>"

RECT_WORK_PATTERNS: list[URLPattern] = [
    path("rectification/work/", views.rect_work_list, name="rect_work_list"),
    path(f"{CASE}/visits/add/", views.rect_visit_add, name="rect_visit_add"),
    path(f"{CASE}/checkups/add/", views.rect_checkup_add, name="rect_checkup_add"),
    path(f"{CASE}/reports/add/", views.rect_report_add, name="rect_report_add"),
    path(f"{CASE}/act/<slug:act>/", acceptance.rect_step, name="rect_step"),
    path(f"{CASE}/vote/", acceptance.rect_vote_manage, name="rect_vote_manage"),
    path("rectification/problems/", views.rect_problem_list, name="rect_problem_list"),
    path(f"{PROBLEM}/", views.rect_problem_detail, name="rect_problem_detail"),
    path(f"{PROBLEM}/step/<slug:act>/", views.rect_problem_step, name="rect_problem_step"),
    path("rectification/reports/", views.rect_report_list, name="rect_report_list"),
    path("rectification/reports.xlsx", views.rect_report_export, name="rect_report_export"),
    path(f"{VOTE}/slips/", acceptance.rect_slips, name="rect_slips"),
    path(f"{VOTE}/hand-out/", acceptance.rect_hand_out, name="rect_hand_out"),
    path(f"{VOTE}/close/", acceptance.rect_vote_close, name="rect_vote_close"),
    path(f"{VOTE}/papers/", acceptance.rect_papers, name="rect_papers"),
    path(
        "rectification/follow-ups/<uuid:rect_follow_up_id>/",
        acceptance.rect_follow_up,
        name="rect_follow_up",
    ),
]

# Short, because it stands on a slip of paper and is typed by people of every age.
OPINION_PATTERNS: list[URLPattern] = [
    path("opinion/", rect_vote.rect_vote, name="rect_vote"),
    path("opinion/cast/", rect_vote.rect_vote_cast, name="rect_vote_cast"),
    path("opinion/done/", rect_vote.rect_vote_done, name="rect_vote_done"),
]
