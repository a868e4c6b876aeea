"""Which numbers may a county set for itself, and what holds where it has set none (appendix C)?

Every module names its own; `config.wiring` puts them together for the page. A number is in force
from a day on, by a clause or 无文件 (R-0-21); what was decided under the one before stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from lingyan.common.choices import Choice
from lingyan.common.money import show_money
from lingyan.common.refusals import Refusal

UNVERIFIED = "默认值，请按本地文件核对"
NO_DOCUMENT = "无文件"
DAYS_AHEAD = 366


class Kind(Choice):
    NUMBER = "number", "整数"
    MONEY = "money", "金额"
    SWITCH = "switch", "开关"


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of the register. `usual` holds where nothing is set; None: nothing holds then."""

    key: str
    label: str
    group: str
    article: str
    mark: str  # V, P, A, D or U (0.1)
    usual: int | None = None
    most: int = 12
    least: int = 0
    kind: Kind = Kind.NUMBER
    asks_document: bool = False  # to be switched on only by a paper of the county
    is_quiet: bool = False  # not spoken of where a county has not switched it on

    def show(self, amount: Decimal | int) -> str:
        if self.kind == Kind.SWITCH:
            return "启用" if amount else "停用"
        return show_money(Decimal(amount)) if self.kind == Kind.MONEY else str(int(amount))


REGISTER: dict[str, Setting] = {}


def register(settings: Iterable[Setting]) -> None:
    """Take in a module's keys; the same key twice would be two answers to one question."""
    for one in settings:
        assert REGISTER.get(one.key, one) == one, f"{one.key} is named twice"
        REGISTER[one.key] = one


def refuse_setting(
    setting: Setting, *, amount: Decimal, clause: str, since: date, today: date, is_known: bool
) -> tuple[Refusal, ...]:
    """A change names its clause or says 无文件. 依据：R-0-21、VAL-41。

    定位登记须有县里的书面决定才能启用（R-2-21）。
    """
    found = list(_refuse_amount(setting, amount))
    if not clause.strip():
        found.append(
            Refusal("directory.setting.clause", "请注明制度文件条款，没有文件的请注明“无文件”")
        )
    elif setting.asks_document and amount and clause.strip() == NO_DOCUMENT:
        text = f"启用“{setting.label}”须有县里的书面决定，请写明文件"
        found.append(Refusal("directory.setting.document", text))
    if since > today + timedelta(days=DAYS_AHEAD):
        found.append(Refusal("directory.setting.day", "生效日期最多写到一年以后"))
    if is_known:
        found.append(Refusal("directory.setting.known", "这一天起的标准已经登记过"))
    return tuple(found)


def _refuse_amount(setting: Setting, amount: Decimal) -> tuple[Refusal, ...]:
    if setting.kind == Kind.MONEY:
        least = Decimal(setting.least)
        return () if amount > least else (Refusal("directory.setting.money", "金额应大于 0"),)
    if amount == int(amount) and setting.least <= amount <= setting.most:
        return ()
    text = f"应是 {setting.least} 到 {setting.most} 的整数"
    return (Refusal("directory.setting.number", text),)
