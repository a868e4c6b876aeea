"""Which addresses have signing in and one's own account? The names are the library's."""

from __future__ import annotations

from django.urls import path

from lingyan.platform.accounts import views

urlpatterns = [
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("sign-in/closed/", views.inactive, name="account_inactive"),
    path("sign-in/code/", views.enter_code, name="mfa_authenticate"),
    path("sign-in/identity/", views.identity_sign_in, name="identity_sign_in"),
    path("sign-in/identity/return/", views.identity_return, name="identity_return"),
    path(
        "sign-in/identity/cancelled/",
        views.identity_cancelled,
        name="socialaccount_login_cancelled",
    ),
    path("notice/", views.privacy_notice, name="privacy_notice"),
    path("me/", views.own_safety, name="mfa_index"),
    path("me/sessions/end/", views.session_end, name="session_end"),
    path("me/again/", views.password_again, name="account_reauthenticate"),
    path("me/again/code/", views.code_again, name="mfa_reauthenticate"),
    path("me/factor/", views.activate_factor, name="mfa_activate_totp"),
    path("me/factor/stop/", views.deactivate_factor, name="mfa_deactivate_totp"),
    path("me/codes/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("me/codes/new/", views.make_codes, name="mfa_generate_recovery_codes"),
    path("me/codes/file/", views.download_codes, name="mfa_download_recovery_codes"),
]
