"""Which pages do briefings and their templates offer?"""

from __future__ import annotations

from django.urls import path

from lingyan.briefings.views import briefing_templates as templates
from lingyan.briefings.views import briefing_writing as writing
from lingyan.briefings.views import briefings

BRIEFING = "<uuid:briefing_id>"
TEMPLATE = "templates/<uuid:briefing_template_id>"

urlpatterns = [
    path("", briefings.briefing_list, name="briefing_list"),
    path("new/", briefings.briefing_new, name="briefing_new"),
    path("templates/", templates.briefing_template_list, name="briefing_template_list"),
    path("templates/new/", templates.briefing_template_new, name="briefing_template_new"),
    path(f"{TEMPLATE}/edit/", templates.briefing_template_edit, name="briefing_template_edit"),
    path(
        f"{TEMPLATE}/editions/",
        templates.briefing_template_editions,
        name="briefing_template_editions",
    ),
    path(f"{TEMPLATE}/withdraw/", templates.briefing_template_turn, name="briefing_template_turn"),
    path(f"{BRIEFING}/", briefings.briefing_detail, name="briefing_detail"),
    path(f"{BRIEFING}/edit/", writing.briefing_edit, name="briefing_edit"),
    path(f"{BRIEFING}/preview/", writing.briefing_preview, name="briefing_preview"),
    path(f"{BRIEFING}/pick/", writing.briefing_pick, name="briefing_pick"),
    path(f"{BRIEFING}/editions/", briefings.briefing_editions, name="briefing_editions"),
    path(f"{BRIEFING}/let-through/", briefings.briefing_let_through, name="briefing_let_through"),
    path(f"{BRIEFING}/figures/<int:position>/", briefings.briefing_figure, name="briefing_figure"),
    path(f"{BRIEFING}/<slug:act>/", briefings.briefing_step, name="briefing_step"),
]
