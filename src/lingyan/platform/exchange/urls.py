"""Which pages does the exchange of sheets offer?"""

from __future__ import annotations

from django.urls import path

from lingyan.platform.exchange import clearing_views as kept
from lingyan.platform.exchange import request_views as asked
from lingyan.platform.exchange import views

urlpatterns = [
    path("", views.exchange, name="exchange"),
    path("upload/<slug:code>/", views.upload, name="exchange_upload"),
    path("template/<slug:code>/", views.template, name="exchange_template"),
    path("export/<slug:code>/", views.export, name="exchange_export"),
    path("ask/<slug:code>/", asked.request_ask, name="exchange_ask"),
    path("requests/", asked.requests, name="exchange_requests"),
    path("requests/<uuid:asked_id>/", asked.request_page, name="exchange_request"),
    path("requests/<uuid:asked_id>/approve/", asked.request_approve, name="exchange_approve"),
    path("requests/<uuid:asked_id>/refuse/", asked.request_refuse, name="exchange_refuse"),
    path("requests/<uuid:asked_id>/file/", asked.request_file, name="exchange_request_file"),
    path("clearing/", kept.overdue, name="exchange_clearing"),
    path("clearing/<slug:kept>/propose/", kept.clearing_propose, name="clearing_propose"),
    path("clearing/<uuid:clearing_id>/confirm/", kept.clearing_confirm, name="clearing_confirm"),
    path("clearing/<uuid:clearing_id>/withdraw/", kept.clearing_withdraw, name="clearing_withdraw"),
    path("imports/<uuid:import_id>/", views.import_page, name="exchange_import"),
    path("imports/<uuid:import_id>/apply/", views.import_apply, name="exchange_apply"),
    path("imports/<uuid:import_id>/undo/", views.import_undo, name="exchange_undo"),
    path("imports/<uuid:import_id>/recheck/", views.import_recheck, name="exchange_recheck"),
    path("imports/<uuid:import_id>/merge/", views.import_merge, name="exchange_merge"),
    path("imports/<uuid:import_id>/reasons/", views.import_reasons, name="exchange_reasons"),
    path("imports/<uuid:import_id>/file/", views.import_file, name="exchange_file"),
]
