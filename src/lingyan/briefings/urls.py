"""Which pages does this part offer?"""

from __future__ import annotations

from django.urls import include, path

from lingyan.briefings.figure_urls import FIGURE_PATTERNS
from lingyan.briefings.paper_urls import PAPER_PATTERNS

urlpatterns = [
    *FIGURE_PATTERNS,
    *PAPER_PATTERNS,  # before the steps of a briefing, which take any word
    path("briefings/", include("lingyan.briefings.briefing_urls")),
    path("monthly/", include("lingyan.briefings.monthly_urls")),
]
