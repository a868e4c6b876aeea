"""What does a person mean by what stands in one cell?

Each reader takes a raw value that is not empty and returns the plain value, None where the text
says "nothing", or raises BadCell with the reason and the mend.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from lingyan.common.cell_text import (
    BLANKS,
    EXACT_UP_TO,
    NOTHING,
    BadCell,
    cell_text,
    clean,
    compact,
    lost_digits,
    shorten,
)
from lingyan.common.identity import read_identity
from lingyan.common.refusals import Refusal
from lingyan.common.written_dates import read_date

Reader = Callable[[Any], Any]

ERROR_VALUES = frozenset(
    (
        "#N/A",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
    )
)
NOT_COMPUTED = "#未计算"  # a formula whose result was never saved
BLANK_BETWEEN_CHINESE = re.compile(r"(?<=[\u2e80-\u9fff])\s+(?=[\u2e80-\u9fff])")
HALF_WIDTH = str.maketrans(
    {code + 0xFEE0: code for code in range(0x21, 0x7F) if chr(code).isalnum()} | {0x3000: 0x20}
)
SEPARATORS = re.compile(r"[、，,;；|\n]+(?![^（(]*[）)])")
SEPARATORS_AND_SLASH = re.compile(r"[、，,;；|\n/／]+(?![^（(]*[）)])")
YES = frozenset(("是", "有", "对", "√", "✓", "✔", "☑", "1", "Y", "YES", "TRUE", "T"))
NO = frozenset(("否", "无", "没有", "不是", "错", "×", "✗", "✘", "X", "0", "N", "NO", "FALSE", "F"))


def text_reader(max_length: int) -> Reader:
    def read(value: Any) -> str | None:
        return _not_too_long(cell_text(value), max_length) or None

    return read


def reference_reader(max_length: int) -> Reader:
    def read(value: Any) -> str | None:
        name = _name(cell_text(value))
        return None if name in NOTHING else _not_too_long(name, max_length) or None

    return read


def references_reader(max_length: int) -> Reader:
    def read(value: Any) -> tuple[str, ...] | None:
        parts = (_name(part) for part in SEPARATORS_AND_SLASH.split(cell_text(value)))
        names = dict.fromkeys(part for part in parts if part and part not in NOTHING)
        return tuple(_not_too_long(name, max_length) for name in names) or None

    return read


def _name(text: str) -> str:
    """A name as it is looked up: 李　明 and 李明 are the same person."""
    text = clean(text.translate(HALF_WIDTH))
    return BLANKS.sub(" ", BLANK_BETWEEN_CHINESE.sub("", text))


def _not_too_long(text: str, max_length: int) -> str:
    if len(text) > max_length:
        raise BadCell(
            f"超过 {max_length} 个字（现有 {len(text)} 个）",
            "请缩短",
            f"longer than {max_length} characters ({len(text)})",
            "shorten it",
        )
    return text


def integer_reader(minimum: int | None, maximum: int | None) -> Reader:
    shape = re.compile(r"[+-]?[0-9]{1,15}(?:\.0+)?")

    def read(value: Any) -> int | None:
        if type(value) is float and value.is_integer() and abs(value) < EXACT_UP_TO:
            return int(_within(int(value), minimum, maximum))
        text = _plain_number(value)
        if text is None:
            return None
        if not shape.fullmatch(text):
            raise BadCell(
                "应为整数",
                "请只填数字，不带单位",
                "not a whole number",
                "type digits only",
            )
        return int(_within(int(text.partition(".")[0]), minimum, maximum))

    return read


def decimal_reader(minimum: int | None, maximum: int | None, places: int) -> Reader:
    shape = re.compile(r"[+-]?[0-9]{1,15}(?:\.([0-9]+))?")

    def read(value: Any) -> Decimal | None:
        text = _plain_number(value)
        if text is None:
            return None
        found = shape.fullmatch(text)
        if not found:
            raise BadCell("应为数字", "请只填数字，不带单位", "not a number", "type digits only")
        if len((found[1] or "").rstrip("0")) > places:
            raise BadCell(
                f"最多 {places} 位小数",
                "请四舍五入后再填",
                f"more than {places} digits after the point",
                "round it",
            )
        return Decimal(_within(Decimal(text), minimum, maximum))

    return read


def _plain_number(value: Any) -> str | None:
    if isinstance(value, (bool, date, time, timedelta)):
        raise BadCell(
            "应为数字，这里是日期或是否值",
            "请把单元格格式改为“常规”后重新填写",
            "a date or yes/no value where a number belongs",
            "set the cell format to General and type it again",
        )
    if isinstance(value, (int, float)) and abs(value) >= EXACT_UP_TO:
        raise BadCell(
            "数字太大",
            "请核对，最多 15 位",
            "the number is too large",
            "check it; it may have 15 digits",
        )
    text = compact(value)
    if text in NOTHING or not text:
        return None
    if "," in text and re.fullmatch(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", text):
        return text.replace(",", "")
    return text


def _within(number: Any, minimum: int | None, maximum: int | None) -> Any:
    if minimum is not None and number < minimum:
        raise BadCell(
            f"不能小于 {minimum}",
            "请核对",
            f"smaller than {minimum}",
            "check the number",
        )
    if maximum is not None and number > maximum:
        raise BadCell(
            f"不能大于 {maximum}",
            "请核对",
            f"larger than {maximum}",
            "check the number",
        )
    return number


def date_reader(*, month_allowed: bool) -> Reader:
    return functools.partial(read_date, month_allowed=month_allowed)


def choice_table(
    choices: Sequence[tuple[str, str]], aliases: Sequence[tuple[str, str]]
) -> dict[str, str]:
    """Every accepted spelling, normalised, to its code; a label wins over an alias."""
    table = {choice_key(spelling): code for spelling, code in aliases}
    table |= {choice_key(code): code for code, _ in choices}
    return table | {choice_key(label): code for code, label in choices}


def choice_key(value: Any) -> str:
    return compact(value).casefold()


def choice_reader(choices: Sequence[tuple[str, str]], table: Mapping[str, str]) -> Reader:
    def read(value: Any) -> str | None:
        key = choice_key(value)
        code = table.get(key)
        if code is None and key and key not in NOTHING:
            raise _unknown_choice(cell_text(value), choices)
        return code

    return read


def multi_choice_reader(choices: Sequence[tuple[str, str]], table: Mapping[str, str]) -> Reader:
    """Codes as they were listed, each once: for village types the first listed counts first."""

    def codes_of(part: str) -> list[str]:
        """A label may itself hold a slash or a blank, so the whole is tried first."""
        key = choice_key(part)
        if key in table:
            return [table[key]]
        smaller = [piece for piece in re.split(r"[/／\s]+", part) if piece]
        if len(smaller) > 1:
            return [code for piece in smaller for code in codes_of(piece)]
        if not key or key in NOTHING:
            return []
        raise _unknown_choice(part, choices)

    def read(value: Any) -> tuple[str, ...] | None:
        found = [code for part in SEPARATORS.split(cell_text(value)) for code in codes_of(part)]
        return tuple(dict.fromkeys(found)) or None

    return read


def _unknown_choice(text: str, choices: Sequence[tuple[str, str]]) -> BadCell:
    labels = [label for _, label in choices]
    shown = "、".join(labels[:12]) + ("等" if len(labels) > 12 else "")
    return BadCell(
        f"“{shorten(text)}”不在可选内容中",
        f"请从下拉列表中选择：{shown}",
        f'"{shorten(text)}" is not one of the choices',
        f"choose one of: {shown}",
    )


def boolean_reader() -> Reader:
    def read(value: Any) -> bool | None:
        if isinstance(value, bool):
            return value
        text = compact(value).upper()
        if text in YES or text in NO:
            return text in YES
        if not text or text in NOTHING:
            return None
        raise BadCell("应填“是”或“否”", "请填“是”或“否”", "neither yes nor no", "write 是 or 否")

    return read


def identity_reader() -> Reader:
    def read(value: Any) -> str | None:
        text = compact(value)
        if not text or text in NOTHING:
            return None
        if is_scientific(text):
            raise lost_digits()
        found = read_identity(text)
        if isinstance(found, Refusal):
            raise BadCell(
                found.text,
                "请对照身份证核对",
                "not a valid identity number",
                "check it against the identity card",
            )
        return found.number

    return read


def code_reader(digits: int) -> Reader:
    shape = re.compile(rf"[0-9]{{{digits}}}")

    def read(value: Any) -> str | None:
        text = compact(value)
        if not text or text in NOTHING:
            return None
        if is_scientific(text):
            raise lost_digits()
        if shape.fullmatch(text):
            return text
        if isinstance(value, (int, float)) and len(text) < digits:
            raise BadCell(
                f"应为 {digits} 位数字，现有 {len(text)} 位，可能丢了开头的 0",
                "请把该列设为文本格式后重新填写",
                f"not {digits} digits ({len(text)}); a leading zero may be lost",
                "set the column to text format and type it again",
            )
        raise BadCell(
            f"应为 {digits} 位数字",
            "请核对代码",
            f"not {digits} digits",
            "check the code",
        )

    return read


def phone_reader() -> Reader:
    shape = re.compile(r"1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}(?:-[0-9]{1,6})?")

    def read(value: Any) -> str | None:
        text = compact(value).removeprefix("+86").removeprefix("-")
        if not text or text in NOTHING:
            return None
        if is_scientific(text):
            raise lost_digits()
        mobile = text.replace("-", "")
        text = mobile if mobile[:1] == "1" else text
        if not shape.fullmatch(text):
            raise BadCell(
                "电话号码格式不对",
                "手机填 11 位，座机填区号-号码",
                "not a telephone number",
                "write 11 digits, or area code-number",
            )
        return text

    return read


def is_scientific(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]+", text))
