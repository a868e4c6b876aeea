"""Which addresses do programs and the makers of their tokens use?"""

from __future__ import annotations

from django.urls import path

from lingyan.api import service, views

operations = service.urls()

pages = [
    path("", views.token_list, name="token_list"),
    path("new/", views.token_create, name="token_create"),
    path("<uuid:token_id>/revoke/", views.token_revoke, name="token_revoke"),
]
