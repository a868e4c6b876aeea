"""Where does a briefing leave on paper?"""

from __future__ import annotations

from django.urls import path

from lingyan.briefings.views import briefing_papers as papers

PAPER_PATTERNS = [
    path("briefings/<uuid:briefing_id>/print/", papers.briefing_print, name="briefing_print"),
    path("briefings/<uuid:briefing_id>/word/", papers.briefing_word, name="briefing_word"),
    path("briefings/<uuid:briefing_id>/bundle/", papers.briefing_bundle, name="briefing_bundle"),
]
