"""May this installation run as it is set? Asked by `lingyan check`, each finding with its mend."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from lingyan.config import wall
from lingyan.directory.roles import Role
from lingyan.platform import keys
from lingyan.platform.accounts.models import User
from lingyan.platform.audit.verify import verify_chain
from lingyan.platform.wall import reach


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a stable code, what it is, and how to mend it."""

    code: str
    text: str
    mend: str


def findings() -> list[Finding]:
    """Everything wrong with settings and records; production is judged more strictly."""
    found = _history() + _keys() + _row_security()
    if settings.PRODUCTION:
        found += _production_settings() + _sign_in_settings() + _production_accounts()
    return found


def _production_settings() -> list[Finding]:
    found = []
    if set(settings.ALLOWED_HOSTS) <= {"127.0.0.1", "localhost", "[::1]"}:
        found.append(
            Finding(
                "config.hosts",
                "正式环境没有写明本系统的网址",
                "设置 LINGYAN_HOSTS，例如 lingyan.example.gov.cn",
            )
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append(Finding("config.any_host", "LINGYAN_HOSTS 不能是 *", "写明本系统的网址"))
    if not any(origin.startswith("https://") for origin in settings.CSRF_TRUSTED_ORIGINS):
        found.append(
            Finding(
                "config.https",
                "正式环境必须用 https 访问",
                "设置 LINGYAN_ORIGINS，例如 https://lingyan.example.gov.cn",
            )
        )
    if connection.vendor == "sqlite":
        found.append(
            Finding(
                "config.database",
                "正式环境应使用 PostgreSQL",
                "设置 LINGYAN_DATABASE_URL=postgresql://用户:口令@主机:端口/库名",
            )
        )
    if len(settings.SECRET_KEY) < 50:
        found.append(
            Finding("config.secret", "密钥太短", "删去 LINGYAN_SECRET_KEY 设置，由系统自动生成")
        )
    return found


# The least that classified protection asks for, as the rulebook reads it (10.2): the setting, its
# variable, the worst value that passes, whether more is stricter, and what is wrong otherwise.
LIMITS = (
    ("PASSWORD_LENGTH", "LINGYAN_PASSWORD_LENGTH", 8, True, "密码太短"),
    ("PASSWORD_HISTORY", "LINGYAN_PASSWORD_HISTORY", 1, True, "旧密码可以马上再用"),
    ("PASSWORD_DAYS", "LINGYAN_PASSWORD_DAYS", 365, False, "密码长期不用更换"),
    ("IDLE_DAYS", "LINGYAN_IDLE_DAYS", 180, False, "账号长期不用也不停用"),
    ("LOCK_AFTER", "LINGYAN_LOCK_AFTER", 10, False, "连续输错太多次才锁定账号"),
    ("LOCK_ADDRESS_AFTER", "LINGYAN_LOCK_ADDRESS_AFTER", 500, False, "一个地址可以试太多次"),
    ("LOCK_MINUTES", "LINGYAN_LOCK_MINUTES", 5, True, "锁定的时间太短"),
    ("IDLE_MINUTES", "LINGYAN_IDLE_MINUTES", 60, False, "闲置太久才自动退出"),
    ("SESSION_HOURS", "LINGYAN_SESSION_HOURS", 24, False, "一次登录可以用太久"),
)


def _sign_in_settings() -> list[Finding]:
    found = []
    for name, variable, worst, more_is_stricter, text in LIMITS:
        value = getattr(settings, name)
        # Nought means "never" for a limit that should be small, so it is never safe.
        safe = value >= worst if more_is_stricter else 0 < value <= worst
        if not safe:
            limit = "至少" if more_is_stricter else "1 到"
            code = f"config.{name.lower()}"
            found.append(
                Finding(code, f"{text}（现为 {value}）", f"{variable} 设为{limit} {worst}")
            )
    if not set(settings.THREE_ADMINISTRATORS) <= set(settings.SECOND_FACTOR_ROLES):
        found.append(
            Finding(
                "config.second_factor",
                "系统、安全、审计管理员登录没有要求动态口令",
                "LINGYAN_SECOND_FACTOR_ROLES 应包含 sys_admin,sec_admin,audit_admin",
            )
        )
    if settings.IDENTITY and not settings.IDENTITY["settings"]["server_url"].startswith("https://"):
        found.append(
            Finding(
                "config.identity_https",
                "统一身份认证的地址不是 https",
                "LINGYAN_OIDC_ISSUER 改用 https:// 开头的地址",
            )
        )
    unknown = set(settings.SECOND_FACTOR_ROLES) - {role.value for role in Role}
    if unknown:
        found.append(
            Finding(
                "config.unknown_role",
                f"要求动态口令的身份里有不认识的：{'、'.join(sorted(unknown))}",
                "LINGYAN_SECOND_FACTOR_ROLES 用身份的英文名，逗号分开",
            )
        )
    return found


def _production_accounts() -> list[Finding]:
    count = User.objects.filter(is_demo=True, is_active=True).count()
    if not count:
        return []
    return [
        Finding(
            "config.demo_accounts",
            f"正式环境里还有 {count} 个演示账号",
            "正式使用请用新的数据目录启动：./run --county none --data 新目录",
        )
    ]


def _history() -> list[Finding]:
    verdict = verify_chain()
    if verdict.text is None:
        return []
    return [
        Finding(
            "audit.broken", f"操作留痕被破坏：{verdict.text}", "立即停用并保全数据，报告网信部门"
        )
    ]


def _keys() -> list[Finding]:
    """After a restore the keys may be missing or others: then nothing encrypted can be read."""
    if not keys.count_unreadable():
        return []
    return [
        Finding(
            "config.keys",
            "现在的密钥解不开已加密的身份证号、电话、动态口令或导入的原件",
            "把与数据一同使用的 keys 放回数据目录；在此之前不要录入新的号码",
        )
    ]


# --- row-level security -------------------------------------------------------------------------


def _row_security() -> list[Finding]:
    """Switched on, but without effect: a table without its policy, a role that may pass."""
    if not reach.is_on():
        return []
    lacking = sorted(set(wall.WALLED) - wall.standing())
    if lacking or wall.passes():
        why = f"有 {len(lacking)} 张表没有隔离" if lacking else "数据库账号可以绕过"
        return [
            Finding(
                "config.row_security",
                f"数据库行级隔离已要求开启，但没有生效：{why}",
                "用 lingyan serve 启动一次；仍不行的，请数据库管理员按 row-security.md 办理",
            )
        ]
    return []


def row_security_text() -> str:
    """How it is with the second wall; nothing to say where the database has none."""
    if connection.vendor != "postgresql":
        return ""
    if not reach.is_on():
        return "数据库行级隔离：没有开启（LINGYAN_ROW_SECURITY）"
    return "" if _row_security() else f"数据库行级隔离：已生效，{len(wall.WALLED)} 张表"
