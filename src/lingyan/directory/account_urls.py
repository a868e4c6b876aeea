"""Which pages have accounts, granted roles and delegations?"""

from __future__ import annotations

from django.urls import path

from lingyan.directory.views import accounts, delegations, reviews

urlpatterns = [
    path("", accounts.account_list, name="account_list"),
    path("password/", accounts.own_password, name="own_password"),
    path("delegations/", delegations.delegation_list, name="delegation_list"),
    path("delegations/end/", delegations.delegation_end, name="delegation_end"),
    path("granted/", delegations.granted_list, name="granted_list"),
    path("granted/<uuid:assignment_id>/end/", delegations.granted_end, name="granted_end"),
    path("handout/", accounts.account_handout, name="account_handout"),
    path("review/", reviews.account_review, name="account_review"),
    path("idle/close/", accounts.account_close_idle, name="account_close_idle"),
    path("new/", accounts.account_create, name="account_create"),
    path("<int:user_id>/", accounts.account, name="account"),
    path("<int:user_id>/password/", accounts.account_reset_password, name="account_reset_password"),
    path("<int:user_id>/active/", accounts.account_set_active, name="account_set_active"),
    path("<int:user_id>/unlock/", accounts.account_unlock, name="account_unlock"),
    path("<int:user_id>/factor/", accounts.account_reset_factor, name="account_reset_factor"),
    path("<int:user_id>/sessions/", accounts.account_sign_out, name="account_sign_out"),
    path("<int:user_id>/identity/", accounts.account_identity, name="account_identity"),
    path("<int:user_id>/roles/<uuid:assignment_id>/end/", accounts.role_end, name="role_end"),
]
