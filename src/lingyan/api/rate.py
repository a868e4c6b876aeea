"""How often may one token ask? Counted in each server process, by the minute."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.cache import cache

from lingyan.common import clock

SECONDS = 60


def seconds_to_wait(token_id: UUID) -> int:
    """Count one request; 0 while the token keeps within its bound."""
    now = int(clock.real_now().timestamp())
    window = now // SECONDS
    name = f"api-rate-{token_id}-{window}"
    cache.add(name, 0, SECONDS * 2)
    asked = cache.incr(name)
    return SECONDS - now % SECONDS if asked > settings.API_PER_MINUTE else 0
