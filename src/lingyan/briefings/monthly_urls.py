"""Which pages do monthly reports offer?"""

from __future__ import annotations

from django.urls import path

from lingyan.briefings.views import monthly

PERIOD = "periods/<uuid:monthly_period_id>"
REPORT = "reports/<uuid:monthly_report_id>"

urlpatterns = [
    path("", monthly.monthly_list, name="monthly_list"),
    path("periods/", monthly.monthly_periods, name="monthly_periods"),
    path("periods/open/", monthly.monthly_open, name="monthly_open"),
    path(f"{PERIOD}/", monthly.monthly_period, name="monthly_period"),
    path(f"{PERIOD}/change/", monthly.monthly_change, name="monthly_change"),
    path(f"{PERIOD}/lock/", monthly.monthly_lock, name="monthly_lock"),
    path(f"{PERIOD}/table/", monthly.monthly_table, name="monthly_table"),
    path(f"{PERIOD}/export.xlsx", monthly.monthly_export, name="monthly_export"),
    path("form/", monthly.monthly_form, name="monthly_form"),
    path("form/edit/", monthly.monthly_form_edit, name="monthly_form_edit"),
    path(f"{REPORT}/", monthly.monthly_report, name="monthly_report"),
    path(f"{REPORT}/fill/", monthly.monthly_fill, name="monthly_fill"),
    path(f"{REPORT}/<slug:act>/", monthly.monthly_step, name="monthly_step"),
]
