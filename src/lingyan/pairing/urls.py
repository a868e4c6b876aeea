"""Which pages does this part offer?"""

from __future__ import annotations

from django.urls import URLPattern

from lingyan.pairing.activity_urls import ACTIVITY_PATTERNS
from lingyan.pairing.assessment_urls import ASSESSMENT_PATTERNS
from lingyan.pairing.invitation_urls import INVITATION_PATTERNS
from lingyan.pairing.ledger_urls import LEDGER_PATTERNS
from lingyan.pairing.pairing_urls import PAIRING_PATTERNS
from lingyan.pairing.round_urls import ROUND_PATTERNS
from lingyan.pairing.year_urls import YEAR_PATTERNS

urlpatterns: list[URLPattern] = [
    *ROUND_PATTERNS,
    *ACTIVITY_PATTERNS,
    *INVITATION_PATTERNS,
    *YEAR_PATTERNS,
    *PAIRING_PATTERNS,
    *LEDGER_PATTERNS,
    *ASSESSMENT_PATTERNS,
]
