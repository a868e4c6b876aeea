"""Which pages does this part offer?"""

from __future__ import annotations

from django.urls import URLPattern

from lingyan.organization.committee_urls import COMMITTEE_PATTERNS
from lingyan.organization.rect_work_urls import RECT_WORK_PATTERNS
from lingyan.organization.rectification_urls import RECTIFICATION_PATTERNS
from lingyan.organization.review_urls import REVIEW_PATTERNS
from lingyan.organization.term_change_urls import TERM_CHANGE_PATTERNS

urlpatterns: list[URLPattern] = [
    *COMMITTEE_PATTERNS,
    *REVIEW_PATTERNS,
    *RECT_WORK_PATTERNS,
    *RECTIFICATION_PATTERNS,
    *TERM_CHANGE_PATTERNS,
]
