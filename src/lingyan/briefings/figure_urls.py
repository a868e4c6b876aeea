"""Which pages show figures and what stands behind them?"""

from __future__ import annotations

from django.urls import path

from lingyan.briefings.views import dashboards, figures

FIGURE_PATTERNS = [
    path("dashboards/", dashboards.dashboard, name="dashboard"),
    path("figures/", figures.figure_list, name="figure_list"),
    path("figures/<str:indicator>/", figures.figure_detail, name="figure_detail"),
    path("figures/<str:indicator>/trend/", figures.figure_trend, name="figure_trend"),
    path("figures/<str:indicator>/records/", figures.figure_records, name="figure_records"),
    path("figures/<str:indicator>/export/", figures.figure_export, name="figure_export"),
]
