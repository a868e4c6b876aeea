"""Where are the checks of the records?"""

from __future__ import annotations

from django.urls import path

from lingyan.platform.checks import views

urlpatterns = [
    path("", views.data_checks, name="data_checks"),
    path("run/", views.data_check_run, name="data_check_run"),
    path("checks.xlsx", views.data_checks_export, name="data_checks_export"),
    path("<str:check_code>/", views.data_check, name="data_check"),
]
