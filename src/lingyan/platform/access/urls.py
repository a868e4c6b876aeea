"""Where is the access table?"""

from __future__ import annotations

from django.urls import path

from lingyan.platform.access import views

urlpatterns = [
    path("", views.access_table, name="access_table"),
    path("access.xlsx", views.access_export, name="access_export"),
]
