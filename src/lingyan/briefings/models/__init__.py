"""Which records do briefings and monthly reports keep?"""

from lingyan.briefings.models.briefings import (
    Briefing,
    BriefingEdition,
    BriefingFigure,
    BriefingTemplate,
    TemplateEdition,
)
from lingyan.briefings.models.monthly import (
    MonthlyAnswer,
    MonthlyForm,
    MonthlyItem,
    MonthlyPeriod,
    MonthlyReport,
)

__all__ = [
    "Briefing",
    "BriefingEdition",
    "BriefingFigure",
    "BriefingTemplate",
    "MonthlyAnswer",
    "MonthlyForm",
    "MonthlyItem",
    "MonthlyPeriod",
    "MonthlyReport",
    "TemplateEdition",
]
