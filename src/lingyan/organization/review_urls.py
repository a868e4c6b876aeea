"""Where are the pages of duty lists, yearly reviews and agency targets?"""

from __future__ import annotations

from django.urls import path

from lingyan.organization.views import agency_targets, duty_lists, reviews

ROUND = "reviews/<uuid:review_round_id>"
RESULT = "review-results/<uuid:review_result_id>"
TARGET = "targets/<uuid:unit_id>/<int:year>"

REVIEW_PATTERNS = [
    path("duties/", duty_lists.duty_list_list, name="duty_list_list"),
    path("duties/new/", duty_lists.duty_list_new, name="duty_list_new"),
    path("duties/export.xlsx", duty_lists.duty_list_export, name="duty_list_export"),
    path("duties/<uuid:duty_list_id>/", duty_lists.duty_list, name="duty_list"),
    path("duties/<uuid:duty_list_id>/step/", duty_lists.duty_list_step, name="duty_list_step"),
    path("reviews/", reviews.review_list, name="review_list"),
    path("reviews/new/", reviews.review_open, name="review_open"),
    path(f"{ROUND}/", reviews.review_round, name="review_round"),
    path(f"{ROUND}/step/", reviews.review_step, name="review_step"),
    path(f"{ROUND}/export.xlsx", reviews.review_export, name="review_export"),
    path(f"{RESULT}/", reviews.review_result, name="review_result"),
    path(
        "review-problems/<uuid:review_problem_id>/remove/",
        reviews.review_problem_remove,
        name="review_problem_remove",
    ),
    path("targets/", agency_targets.target_list, name="target_list"),
    path("targets/export.xlsx", agency_targets.target_export, name="target_export"),
    path(f"{TARGET}/", agency_targets.target, name="target"),
    path(f"{TARGET}/step/", agency_targets.target_step, name="target_step"),
]
