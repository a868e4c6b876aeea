"""How does a person come in through the county's identity provider (OpenID Connect)?

The library does state and PKCE; here the nonce is added, the signature of the identity token is
always checked (the intranet may speak plain http to its provider), and the addresses are our own.
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

PROVIDER_ID = "unified"
NONCE = "identity_nonce"


class IdentityFlow(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # the library has no types
    def __init__(self, request: HttpRequest, provider_id: str = PROVIDER_ID) -> None:
        super().__init__(request, provider_id)

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("identity_return"))

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any
    ) -> Any:
        """The identity token alone says who it is; without one nobody comes in."""
        stated = kwargs["response"].get("id_token")
        if not stated:
            raise OAuth2Error("no identity token")
        return self.get_provider().sociallogin_from_response(
            request, {"id_token": self._decode_id_token(app, stated)}
        )

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        identity: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
            verify_signature=True,
        )
        expected = self.request.session.pop(NONCE, "")
        if not expected or not secrets.compare_digest(str(identity.get("nonce")), expected):
            raise OAuth2Error("the nonce is not ours")
        return identity


class IdentityProvider(OpenIDConnectProvider):  # type: ignore[misc]  # the library has no types
    oauth2_adapter_class = IdentityFlow
    pkce_enabled_default = True

    def get_login_url(self, request: HttpRequest, **kwargs: Any) -> str:
        return reverse("identity_sign_in")

    def get_callback_url(self) -> str:
        return reverse("identity_return")

    def get_default_scope(self) -> list[str]:
        return ["openid", "profile"]

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, Any]:
        """What goes to the provider is never taken from the address."""
        nonce = request.session[NONCE] = secrets.token_urlsafe(24)
        return {"nonce": nonce}

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return self.get_default_scope()


provider_classes = [IdentityProvider]


def begin(request: HttpRequest) -> HttpResponse:
    view = OAuth2LoginView.adapter_view(IdentityFlow(request))
    answer: HttpResponse = view(request)
    return answer


def come_back(request: HttpRequest) -> HttpResponse:
    view = OAuth2CallbackView.adapter_view(IdentityFlow(request))
    answer: HttpResponse = view(request)
    return answer
