"""Which pages does the history offer?"""

from __future__ import annotations

from django.urls import path

from lingyan.platform.audit import views

urlpatterns = [
    path("", views.audit_list, name="audit_list"),
    path("export/", views.audit_export, name="audit_export"),
    path("anchors/", views.audit_anchors, name="audit_anchors"),
    path("verify/", views.audit_verify, name="audit_verify"),
]
