"""What may a token be, and what is said when a request of a program is refused?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from lingyan.common.choices import Choice
from lingyan.common.refusals import Refusal
from lingyan.directory.roles import Role

TOKEN_DAYS_MAX = 366
TOKENS_MAX = 20
KEPT_HOURS = 24

ADMINISTRATORS = (Role.SYS_ADMIN, Role.SEC_ADMIN)

LISTED = "api.people.listed"
AUDIT_TEXTS = {
    LISTED: "通过数据接口读取名单",
    "api.token.created": "建立接口令牌",
    "api.token.revoked": "收回接口令牌",
}


class Access(Choice):
    """What a token may do with what its role may do."""

    READ = "read", "只读"
    WRITE = "write", "读写"


def refuse_token(
    *, until: date, today: date, role_until: date | None, in_scope: bool, held: int
) -> tuple[Refusal, ...]:
    """A token ends within a year, not after its role, and reaches no further than its role.

    依据：R-0-19。
    """
    refusals = []
    if until <= today:
        refusals.append(Refusal("api.token.past", "失效日期应晚于今天"))
    if until > today + timedelta(days=TOKEN_DAYS_MAX):
        refusals.append(Refusal("api.token.too_long", f"令牌最长 {TOKEN_DAYS_MAX} 天"))
    if role_until is not None and until > role_until:
        refusals.append(
            Refusal("api.token.longer_than_role", f"身份到 {role_until} 为止，令牌不能更久")
        )
    if not in_scope:
        refusals.append(Refusal("api.token.wider_than_role", "令牌的范围不能超出所用身份的范围"))
    if held >= TOKENS_MAX:
        refusals.append(Refusal("api.token.too_many", f"已有 {held} 个有效令牌，请先收回不用的"))
    return tuple(refusals)


def refuse_to_revoke(*, own: bool, role: str, reason: str) -> tuple[Refusal, ...]:
    """One's own at any time; another's only by an administrator, who says why.

    依据：R-0-19。
    """
    if own:
        return ()
    refusals = []
    if role not in ADMINISTRATORS:
        refusals.append(Refusal("api.token.not_yours", "只有系统、安全管理员能收回别人的令牌"))
    if not reason.strip():
        refusals.append(Refusal("api.token.no_reason", "收回别人的令牌应写明原因"))
    return tuple(refusals)


# What is said of a value, by the kind of error that pydantic finds; the last words fit them all.
TEXTS_OF_ERRORS = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "uuid": "应为记录编号",
    "date": "应为日期，如 2026-03-01",
    "datetime": "应为时间，如 2026-03-01T08:00:00+08:00",
    "int": "应为整数",
    "float": "应为数字",
    "bool": "应为 true 或 false",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_pattern_mismatch": "格式不对",
    "string": "应为文字",
    "too_short": "至少 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "不在可选的值里：{expected}",
    "enum": "不在可选的值里：{expected}",
    "list": "应为一列值",
    "model": "应为一组值",
    "json": "不是 JSON",
}


def text_of_error(kind: str, details: Mapping[str, object]) -> str:
    """The sentence for one kind of error, or for the family that it belongs to."""
    known = (name for name in TEXTS_OF_ERRORS if kind == name or kind.startswith(f"{name}_"))
    found = TEXTS_OF_ERRORS.get(kind) or TEXTS_OF_ERRORS.get(next(known, ""), "这一项不合要求")
    told = {
        name: str(value).replace(" or ", "、").replace("', '", "'、'")
        for name, value in details.items()
    }
    try:
        return found.format_map(told)
    except KeyError:
        return "这一项不合要求"


NO_TOKEN = Refusal("api.no_token", "请求没有带令牌：请在请求头写 Authorization: Bearer 令牌")
BAD_TOKEN = Refusal("api.bad_token", "令牌无效、已收回或已过期")
WRONG_ROLE = Refusal("api.wrong_role", "令牌所用的身份不能使用这个接口")
READ_ONLY = Refusal("api.read_only", "这是只读令牌，不能修改数据")
TOO_MANY = Refusal("api.too_many_requests", "请求太频繁，请稍后再试")
NOT_FOUND = Refusal("api.not_found", "没有找到")
INVALID = Refusal("api.invalid", "请求的内容不合要求")
TOO_LARGE = Refusal("api.too_large", "请求的内容太大")
BAD_CURSOR = Refusal("api.bad_cursor", "翻页位置无效，请从第一页读起")
CHANGED = Refusal("api.changed_meanwhile", "记录在读取之后已被改动，请重新读取")
CONFLICT = Refusal("api.conflict", "与已有的记录冲突，没有改动数据")
KEY_REUSED = Refusal("api.key_reused", "这个 Idempotency-Key 已用于另一个请求")
BAD_KEY = Refusal("api.bad_key", "Idempotency-Key 应为 1 至 100 个可见字符")
UNEXPECTED = Refusal("api.unexpected", "服务出错，没有改动数据，请稍后再试")
