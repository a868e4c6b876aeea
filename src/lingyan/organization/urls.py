"""Which pages does this part offer?"""

from __future__ import annotations

from django.urls import URLPattern

from lingyan.organization.rectification_urls import RECTIFICATION_PATTERNS
from lingyan.organization.term_change_urls import TERM_CHANGE_PATTERNS

urlpatterns: list[URLPattern] = [
    *RECTIFICATION_PATTERNS,
    *TERM_CHANGE_PATTERNS,
]
