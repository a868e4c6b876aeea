"""Which address leads where?"""

from __future__ import annotations

from django.urls import include, path

from lingyan.api import urls as api
from lingyan.config import health, views
from lingyan.directory.views import own_record
from lingyan.organization.rect_work_urls import OPINION_PATTERNS
from lingyan.platform.jobs import views as jobs
from lingyan.posting.appraisal_urls import VOTE_PATTERNS

handler500 = "lingyan.config.views.server_error"

urlpatterns = [
    path("", views.worklist, name="worklist"),
    path("", include("lingyan.platform.accounts.urls")),
    path("menu/", views.menu, name="menu"),
    path("role/", views.choose_role, name="choose_role"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("my-record/", own_record.own_readers, name="own_readers"),
    path("jobs/<uuid:job_id>/", jobs.job, name="job"),
    path("accounts/", include("lingyan.directory.account_urls")),
    path("directory/", include("lingyan.directory.urls")),
    path("posting/", include("lingyan.posting.urls")),
    path("pairing/", include("lingyan.pairing.urls")),
    path("organization/", include("lingyan.organization.urls")),
    path("", include("lingyan.briefings.urls")),
    path("supervision/", include("lingyan.supervision.urls")),
    path("", include(VOTE_PATTERNS)),
    path("", include(OPINION_PATTERNS)),
    path("exchange/", include("lingyan.platform.exchange.urls")),
    path("audit/", include("lingyan.platform.audit.urls")),
    path("access/", include("lingyan.platform.access.urls")),
    path("data-checks/", include("lingyan.platform.checks.urls")),
    path("api-tokens/", include(api.pages)),
    path("api/v1/", include((api.operations, "api"))),
]

handler400 = "lingyan.api.views.bad_request"
handler404 = "lingyan.api.views.not_found"
