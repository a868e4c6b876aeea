"""Which addresses do programs and the makers of their tokens use?"""

from __future__ import annotations

from django.urls import path

from lingyan.api import service, views

operations = service.urls()

pages = [
    path("", views.token_list, name="token_list"),
    path("new/", views.token_create, name="token_create"),
    path("all/", views.all_tokens, name="all_tokens"),
    path("all/<uuid:token_id>/revoke/", views.all_tokens_revoke, name="all_tokens_revoke"),
    path("<uuid:token_id>/revoke/", views.token_revoke, name="token_revoke"),
]
