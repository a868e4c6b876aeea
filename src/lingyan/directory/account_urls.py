"""Which pages has the system administrator for accounts?"""

from __future__ import annotations

from django.urls import path

from lingyan.directory.views import accounts

urlpatterns = [
    path("", accounts.account_list, name="account_list"),
    path("password/", accounts.own_password, name="own_password"),
    path("new/", accounts.account_create, name="account_create"),
    path("<int:user_id>/", accounts.account, name="account"),
    path("<int:user_id>/password/", accounts.account_reset_password, name="account_reset_password"),
    path("<int:user_id>/active/", accounts.account_set_active, name="account_set_active"),
    path("<int:user_id>/roles/<uuid:assignment_id>/end/", accounts.role_end, name="role_end"),
]
