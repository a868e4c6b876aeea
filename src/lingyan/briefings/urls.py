"""Which pages does this part offer?"""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
