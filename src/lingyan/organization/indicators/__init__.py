"""The indicators of committees (1.11), rectification (4.6) and yearly review (13.6)."""

from lingyan.organization.indicators import members, rectification, reviews, villages
from lingyan.platform.indicators.definitions import Indicator

INDICATORS: tuple[Indicator, ...] = (
    *members.INDICATORS,
    *villages.INDICATORS,
    *rectification.INDICATORS,
    *reviews.INDICATORS,
)
