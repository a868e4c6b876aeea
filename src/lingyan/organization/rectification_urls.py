"""Where are the pages of screening and of cases up to the start of the work?"""

from __future__ import annotations

from django.urls import URLPattern, path

from lingyan.organization.views import rectification as views
from lingyan.organization.views import screening

CASE = "rectification/<uuid:rect_case_id>"

RECTIFICATION_PATTERNS: list[URLPattern] = [
    path("rectification/screening/", screening.rect_screening_list, name="rect_screening_list"),
    path("rectification/screening/<uuid:village_id>/", screening.rect_screen, name="rect_screen"),
    path("rectification/", views.rect_case_list, name="rect_case_list"),
    path("rectification/export.xlsx", views.rect_case_export, name="rect_case_export"),
    path("rectification/ranks/", views.rect_ranks, name="rect_ranks"),
    path(
        "rectification/consultations/<uuid:rect_consultation_id>/",
        views.rect_answer,
        name="rect_answer",
    ),
    path(
        "rectification/problems/<uuid:rect_problem_id>/strike/",
        views.rect_problem_strike,
        name="rect_problem_strike",
    ),
    path(f"{CASE}/", views.rect_case_detail, name="rect_case_detail"),
    path(f"{CASE}/step/<slug:act>/", views.rect_case_step, name="rect_case_step"),
    path(f"{CASE}/situations/add/", views.rect_situation_add, name="rect_situation_add"),
    path(f"{CASE}/ask/", views.rect_ask, name="rect_ask"),
    path(f"{CASE}/problems/add/", views.rect_problem_add, name="rect_problem_add"),
    path(f"{CASE}/support/<slug:kind>/", views.rect_support, name="rect_support"),
]
