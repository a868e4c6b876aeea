"""What may a token be, and what is said when a request of a program is refused?"""

from __future__ import annotations

from datetime import date, timedelta

from lingyan.common.choices import Choice
from lingyan.common.refusals import Refusal

TOKEN_DAYS_MAX = 366
TOKENS_MAX = 20
KEPT_HOURS = 24

AUDIT_TEXTS = {
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
