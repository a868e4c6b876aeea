"""Where are the pages of recall cases and of places that were left?"""

from __future__ import annotations

from django.urls import path

from lingyan.posting.views import recall, replacements

CASE = "recall/<uuid:case_id>"
VACANCY = "vacancies/<uuid:posting_id>"
REPLACEMENT = "replacements/<uuid:replacement_id>"

RECALL_PATTERNS = [
    path("recall/", recall.recall_list, name="recall_list"),
    path("recall/signals/", recall.recall_signals, name="recall_signals"),
    path("recall/cases.xlsx", recall.recall_export, name="recall_export"),
    path("postings/<uuid:posting_id>/recall/open/", recall.recall_open, name="recall_open"),
    path(f"{CASE}/", recall.recall_detail, name="recall_detail"),
    path(f"{CASE}/steps/<slug:act>/", recall.recall_step, name="recall_step"),
    path(f"{CASE}/letters/<slug:kind>/", recall.recall_letter, name="recall_letter"),
    path("vacancies/", replacements.vacancy_list, name="vacancy_list"),
    path(f"{VACANCY}/", replacements.vacancy_detail, name="vacancy_detail"),
    path(f"{VACANCY}/nominate/", replacements.vacancy_nominate, name="vacancy_nominate"),
    path(f"{VACANCY}/propose/", replacements.vacancy_propose, name="vacancy_propose"),
    path(f"{REPLACEMENT}/notice/", replacements.replacement_notice, name="replacement_notice"),
    path(f"{REPLACEMENT}/<slug:act>/", replacements.replacement_step, name="replacement_step"),
]
