"""Which level of schooling does a person have, and has it been finished?"""

from __future__ import annotations

import re

# GB/T 4658-2006, first digit and what people write; the higher level stands first.
WORDS = (
    ("1", ("研究生", "硕士", "博士")),
    ("2", ("大学本科", "本科", "大学普通班")),
    ("3", ("大专", "专科", "高职")),
    ("2", ("大学",)),  # 大学专科 is none
    ("4", ("中专", "中等专业", "中等职业", "职高", "职业高中", "技校", "中技", "中职")),
    ("7", ("初中", "初级中学")),
    ("6", ("高中", "高级中学")),
    ("8", ("小学",)),
    ("9", ("文盲", "半文盲", "其他", "无学历")),
)
FINISHED = {
    "1": ("1", "4", "7"), "2": ("1", "8"), "3": ("1",), "4": ("1", "4", "7"), "6": ("1",),
    "7": ("1",), "8": ("1",),
}  # fmt: skip
HIGH_SCHOOL = frozenset("12346")
UNFINISHED = ("肄业", "结业", "在读", "未毕业")
CODE = re.compile(r"\d{2}")


def level_of(education: str) -> str:
    """The first digit of the code, of a code or of words; empty where it cannot be told."""
    text = education.strip()
    if CODE.fullmatch(text):
        return text[0] if text[0] in FINISHED or text[0] == "9" else ""
    return next((digit for digit, words in WORDS if any(one in text for one in words)), "")


def is_finished(education: str) -> bool:
    """毕业; 结业 and 肄业 are not. Whoever writes the level only has finished it."""
    text = education.strip()
    if CODE.fullmatch(text):
        return text[1] == "0" or text[1] in FINISHED.get(text[0], ())
    return not any(word in text for word in UNFINISHED)


def is_high_school(education: str, *, include_unfinished: bool = False) -> bool:
    """高中及以上学历. 依据：R-1-33（学历就高；结业、肄业默认不算，edu.include_unfinished）。"""
    if level_of(education) not in HIGH_SCHOOL:
        return False
    return include_unfinished or is_finished(education)
