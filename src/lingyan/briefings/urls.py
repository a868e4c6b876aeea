"""Which pages does this part offer?"""

from __future__ import annotations

from django.urls import include, path

from lingyan.briefings.figure_urls import FIGURE_PATTERNS

urlpatterns = [
    *FIGURE_PATTERNS,
    path("briefings/", include("lingyan.briefings.briefing_urls")),
    path("monthly/", include("lingyan.briefings.monthly_urls")),
]
