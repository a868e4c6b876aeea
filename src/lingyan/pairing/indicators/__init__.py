"""The indicators of pairing (3.6): which records, how they are counted, what a row shows."""

from lingyan.pairing.indicators import acts, ledgers, pairs, year
from lingyan.platform.indicators.definitions import Indicator

INDICATORS: tuple[Indicator, ...] = (
    *pairs.INDICATORS,
    *acts.INDICATORS,
    *ledgers.INDICATORS,
    *year.INDICATORS,
)
