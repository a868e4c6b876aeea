"""Which settings does the surroundings give, and which are safe defaults?

An operator sets environment variables named LINGYAN_…; see docs/operate/settings.md.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

PROJECT_ROOT = Path(__file__).resolve().parents[3]


class BadSetting(Exception):  # noqa: N818 - it names the thing
    """A setting cannot be used; the text says which and how to mend it."""


def data_folder() -> Path:
    """Where the database, the keys and the files live."""
    return Path(os.environ.get("LINGYAN_DATA") or PROJECT_ROOT / "data").resolve()


def is_production() -> bool:
    return os.environ.get("LINGYAN_ENVIRONMENT", "development") == "production"


def integer(name: str, default: int) -> int:
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isdigit():
        raise BadSetting(f"{name} 应为整数，现为“{text}”")
    return int(text)


def boolean(name: str, *, default: bool) -> bool:
    text = os.environ.get(name, "").strip().lower()
    if not text:
        return default
    if text not in {"yes", "no"}:
        raise BadSetting(f"{name} 应为 yes 或 no，现为“{text}”")
    return text == "yes"


def text(name: str) -> str:
    return os.environ.get(name, "").strip()


def identity_provider() -> dict[str, Any] | None:
    """The county's OpenID Connect provider; None where the settings name none."""
    wanted = ("LINGYAN_OIDC_ISSUER", "LINGYAN_OIDC_CLIENT_ID", "LINGYAN_OIDC_CLIENT_SECRET")
    given = {name: os.environ.get(name, "").strip() for name in wanted}
    if not any(given.values()):
        return None
    missing = [name for name, text in given.items() if not text]
    if missing:
        raise BadSetting(f"统一身份登录还缺设置：{'、'.join(missing)}")
    return {
        "provider_id": "unified",
        "name": os.environ.get("LINGYAN_OIDC_NAME", "").strip() or "统一身份认证",
        "client_id": given["LINGYAN_OIDC_CLIENT_ID"],
        "secret": given["LINGYAN_OIDC_CLIENT_SECRET"],
        "settings": {"server_url": given["LINGYAN_OIDC_ISSUER"], "oauth_pkce_enabled": True},
    }


def log_level(name: str) -> str:
    text = os.environ.get(name, "").upper()
    if text not in {"", "DEBUG", "INFO", "WARNING", "ERROR"}:
        raise BadSetting(f"{name} 应为 DEBUG、INFO、WARNING 或 ERROR，现为“{text}”")
    return text


def names(name: str, default: list[str]) -> list[str]:
    text = os.environ.get(name, "")
    return [part.strip() for part in text.split(",") if part.strip()] or default


def kept_secret(folder: Path, name: str) -> str:
    """A secret of this installation: given, or made once and kept in the data folder."""
    given = os.environ.get(f"LINGYAN_{name.upper()}", "")
    if given:
        return given
    path = folder / "keys" / f"{name}.txt"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # O_EXCL: two processes starting at once must end with one and the same secret.
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
    return path.read_text().strip()


def secret_file(folder: Path, name: str) -> Path | None:
    """Where a kept secret lies; none where it is given."""
    given = os.environ.get(f"LINGYAN_{name.upper()}", "")
    return None if given else folder / "keys" / f"{name}.txt"


def database(folder: Path) -> dict[str, object]:
    """Django's database settings: SQLite in the data folder, or PostgreSQL by address."""
    address = os.environ.get("LINGYAN_DATABASE_URL", "")
    if not address:
        return sqlite(folder / "lingyan.sqlite3")
    return postgresql(address)


def postgresql(address: str) -> dict[str, Any]:
    parts = urlsplit(address)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadSetting("LINGYAN_DATABASE_URL 应形如 postgresql://用户:口令@主机:端口/库名")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
    }


def sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "timeout": 20,
            # Deferred transactions lose nine writers in ten to "database is locked".
            "transaction_mode": "IMMEDIATE",
            # Two megabytes of pages, SQLite's own choice, are read anew again and again.
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-4000;"
            ),
        },
    }
