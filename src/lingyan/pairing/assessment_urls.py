"""Where are the pages of a pair's year?"""

from __future__ import annotations

from django.urls import path

from lingyan.pairing.views import assessments

YEAR = "pairings/<uuid:pairing_id>/years/<int:year>"

ASSESSMENT_PATTERNS = [
    path("liveliness/", assessments.pair_liveliness, name="pair_liveliness"),
    path("assessments/", assessments.pair_assessment_list, name="pair_assessment_list"),
    path(
        "assessments/confirm/",
        assessments.pair_assessments_confirm,
        name="pair_assessments_confirm",
    ),
    path(f"{YEAR}/", assessments.pair_assessment, name="pair_assessment"),
    path(
        f"{YEAR}/evaluate/", assessments.pair_assessment_evaluate, name="pair_assessment_evaluate"
    ),
    path(f"{YEAR}/decide/", assessments.pair_assessment_decide, name="pair_assessment_decide"),
    path("unit-scores/", assessments.pair_unit_scores, name="pair_unit_scores"),
    path(
        "unit-scores/export.xlsx",
        assessments.pair_unit_scores_export,
        name="pair_unit_scores_export",
    ),
]
