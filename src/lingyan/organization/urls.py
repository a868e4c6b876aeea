"""Which pages does this part offer?"""

from __future__ import annotations

from django.urls import URLPattern

from lingyan.organization.rectification_urls import RECTIFICATION_PATTERNS

urlpatterns: list[URLPattern] = [
    *RECTIFICATION_PATTERNS,
]
