"""Does sign-in through an identity provider let in whom the administrator linked, and only them?

The provider is a small server of the test's own, on the loopback: it signs what the test tells it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from lingyan.platform.accounts.models import User
from lingyan.platform.audit.models import AuditEntry
from tests.world import World

CLIENT_ID, CLIENT_SECRET = "lingyan", "the-secret-of-the-county"


@dataclass
class FakeProvider:
    """What the provider was asked, and what it will say of who signed in."""

    address: str = ""
    subject: str = "gov-0001"
    nonce: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048)
    )
    signing_key: rsa.RSAPrivateKey | None = None
    asked: dict[str, str] = field(default_factory=dict)

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/me",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]}

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        self.asked = form
        now = int(time.time())
        claims = {
            "iss": self.address, "aud": CLIENT_ID, "sub": self.subject, "nonce": self.nonce,
            "iat": now, "exp": now + 300, **self.claims,
        }  # fmt: skip
        signed = jwt.encode(
            claims, self.signing_key or self.key, algorithm="RS256", headers={"kid": "one"}
        )
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": signed}


@pytest.fixture
def provider(settings: Any) -> Iterator[FakeProvider]:
    fake = FakeProvider()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(fake.keys() if self.path == "/keys" else fake.configuration())

        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(fake.token({name: one[0] for name, one in parse_qs(text).items()}))

        def _say(self, what: dict[str, Any]) -> None:
            data = json.dumps(what).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    fake.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.IDENTITY_NAME = "统一身份认证"
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "unified",
                    "name": "统一身份认证",
                    "client_id": CLIENT_ID,
                    "secret": CLIENT_SECRET,
                    "settings": {"server_url": fake.address, "oauth_pkce_enabled": True},
                }
            ]
        }
    }
    yield fake
    server.shutdown()
    server.server_close()
    thread.join()


def start(client: Client, provider: FakeProvider) -> dict[str, str]:
    """What the browser carries to the provider."""
    answer = client.get("/sign-in/identity/")
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{provider.address}/authorize?")
    sent = {name: one[0] for name, one in parse_qs(urlsplit(answer["Location"]).query).items()}
    provider.nonce = sent["nonce"]
    return sent


def come_back(client: Client, sent: dict[str, str]) -> Any:
    return client.get("/sign-in/identity/return/", {"code": "abc", "state": sent["state"]})


def link(world: World, subject: str = "gov-0001") -> User:
    user = User.objects.get(username="officer")
    world.client(world.sys_admin).post(f"/accounts/{user.pk}/identity/", {"subject": subject})
    return user


def test_a_linked_person_comes_in(world: World, provider: FakeProvider) -> None:
    user, client = link(world), Client()

    sent = start(client, provider)
    answer = come_back(client, sent)

    assert answer.status_code == 302
    assert client.get("/").status_code == 200
    assert client.session["_auth_user_id"] == str(user.pk)
    entry = AuditEntry.objects.get(action="directory.account.identity_linked")
    assert entry.changes["identity"] == [None, "gov-0001"]


def test_the_code_is_bound_to_this_browser_by_pkce(world: World, provider: FakeProvider) -> None:
    link(world)
    client = Client()

    sent = start(client, provider)
    come_back(client, sent)

    verifier = provider.asked["code_verifier"].encode()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).rstrip(b"=").decode()
    assert sent["code_challenge_method"] == "S256"
    assert sent["code_challenge"] == challenge
    assert provider.asked["client_secret"] == CLIENT_SECRET


def test_an_unknown_person_gets_a_clear_page_and_no_account(
    world: World, provider: FakeProvider
) -> None:
    provider.subject = "gov-9999"
    before, client = User.objects.count(), Client()

    answer = come_back(client, start(client, provider))

    assert answer.status_code == 403
    assert "不会自动开户" in answer.content.decode()
    assert "gov-9999" in answer.content.decode()
    assert User.objects.count() == before
    assert client.get("/").status_code == 302
    assert AuditEntry.objects.filter(action="accounts.identity.unknown").count() == 1


def test_somebody_elses_answer_is_not_taken(world: World, provider: FakeProvider) -> None:
    """State: an answer that this browser has not asked for."""
    link(world)
    sent = start(Client(), provider)
    victim = Client()

    answer = come_back(victim, sent)

    assert answer.status_code == 401
    assert "没有完成" in answer.content.decode()
    assert victim.get("/").status_code == 302


def test_an_answer_is_taken_once(world: World, provider: FakeProvider) -> None:
    link(world)
    client = Client()
    sent = start(client, provider)
    come_back(client, sent)
    client.post("/sign-out/")

    assert come_back(client, sent).status_code == 401
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another sign-in"},
        {"aud": "another-program"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1_000_000_000},
    ],
)
def test_a_token_that_is_not_for_us_lets_nobody_in(
    world: World, provider: FakeProvider, claims: dict[str, Any]
) -> None:
    link(world)
    provider.claims = claims
    client = Client()

    answer = come_back(client, start(client, provider))

    assert answer.status_code == 401
    assert client.get("/").status_code == 302


def test_a_forged_signature_lets_nobody_in(world: World, provider: FakeProvider) -> None:
    link(world)
    provider.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    client = Client()

    assert come_back(client, start(client, provider)).status_code == 401
    assert client.get("/").status_code == 302


def test_a_closed_account_stays_closed(world: World, provider: FakeProvider) -> None:
    User.objects.filter(pk=link(world).pk).update(is_active=False)
    client = Client()

    come_back(client, start(client, provider))

    assert client.get("/").status_code == 302


def test_who_cancels_is_back_at_the_sign_in_page(world: World, provider: FakeProvider) -> None:
    client = Client()
    sent = start(client, provider)

    answer = client.get(
        "/sign-in/identity/return/",
        {"error": "access_denied", "state": sent["state"]},
        follow=True,
    )

    assert "没有完成统一身份登录" in answer.content.decode()


def test_one_identity_is_one_account(world: World, provider: FakeProvider) -> None:
    link(world)
    other = User.objects.get(username="north")

    answer = world.client(world.sys_admin).post(
        f"/accounts/{other.pk}/identity/", {"subject": "gov-0001"}
    )

    assert answer.status_code == 409
    assert "已关联另一个账号" in answer.content.decode()


def test_without_settings_there_is_no_such_way(world: World) -> None:
    assert Client().get("/sign-in/identity/").status_code == 404
    assert Client().get("/sign-in/identity/return/").status_code == 404
    assert "统一身份" not in Client().get("/sign-in/").content.decode()
