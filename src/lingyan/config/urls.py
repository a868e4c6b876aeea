"""Which address leads where?"""

from __future__ import annotations

from django.urls import include, path

from lingyan.api import urls as api
from lingyan.config import views
from lingyan.platform.accounts import views as accounts
from lingyan.platform.jobs import views as jobs

handler400 = "lingyan.api.views.bad_request"
handler404 = "lingyan.api.views.not_found"

urlpatterns = [
    path("", views.worklist, name="worklist"),
    path("sign-in/", accounts.sign_in, name="sign_in"),
    path("sign-out/", accounts.sign_out, name="sign_out"),
    path("menu/", views.menu, name="menu"),
    path("role/", views.choose_role, name="choose_role"),
    path("healthy/", views.healthy, name="healthy"),
    path("jobs/<uuid:job_id>/", jobs.job, name="job"),
    path("accounts/", include("lingyan.directory.account_urls")),
    path("directory/", include("lingyan.directory.urls")),
    path("posting/", include("lingyan.posting.urls")),
    path("exchange/", include("lingyan.platform.exchange.urls")),
    path("audit/", include("lingyan.platform.audit.urls")),
    path("api-tokens/", include(api.pages)),
    path("api/v1/", include((api.operations, "api"))),
]
