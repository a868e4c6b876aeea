"""Which figures do monthly reports give? Two are fixed, and each county adds its own."""

from lingyan.briefings.indicators.monthly import INDICATORS, defined

__all__ = ["INDICATORS", "defined"]
