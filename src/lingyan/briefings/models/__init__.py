"""Which records do briefings and monthly reports keep?"""

from lingyan.briefings.models.monthly import (
    MonthlyAnswer,
    MonthlyForm,
    MonthlyItem,
    MonthlyPeriod,
    MonthlyReport,
)

__all__ = [
    "MonthlyAnswer",
    "MonthlyForm",
    "MonthlyItem",
    "MonthlyPeriod",
    "MonthlyReport",
]
