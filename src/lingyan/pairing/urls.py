"""Which pages does this part offer?"""

from __future__ import annotations

from django.urls import URLPattern

from lingyan.pairing.assessment_urls import ASSESSMENT_PATTERNS
from lingyan.pairing.pairing_urls import PAIRING_PATTERNS

urlpatterns: list[URLPattern] = [
    *PAIRING_PATTERNS,
    *ASSESSMENT_PATTERNS,
]
