"""Which pages does this part offer?"""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("monthly/", include("lingyan.briefings.monthly_urls")),
]
