"""In which language does a command speak, and how does it say what is wrong?"""

from __future__ import annotations

import argparse
import errno
import io
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NoReturn

LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says a sentence in the language that was asked for: `say("中文", "English")`."""

    language: str = "zh"

    def __call__(self, chinese: str, english: str) -> str:
        return english if self.language == "en" else chinese


class WrongInput(Exception):  # noqa: N818 - the command's own word for exit status 2
    """What was given cannot be used: one sentence, or several with their places."""

    def __init__(self, *sentences: str, details: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences
        self.details = tuple(details)


def speak_any_letter() -> None:
    """A terminal whose character set lacks a letter gets the nearest thing, not a traceback.

    A set of English letters alone (LC_ALL=POSIX) says nothing about the terminal: it gets UTF-8.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            is_ascii = stream.encoding.lower() in ("ascii", "us-ascii", "ansi_x3.4-1968")
            encoding = "utf-8" if is_ascii else None
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


CAUSES = {
    errno.EEXIST: "已有同名的文件",
    errno.ENOTDIR: "上级不是文件夹",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "这个磁盘只能读",
    errno.ENAMETOOLONG: "名称太长",
    errno.EIO: "磁盘读写出错",
}


def cause_of(error: OSError, say: Speaker) -> str:
    """Why the system would not do it; what is rare is told in its own words."""
    told = error.strerror or str(error)
    return say(CAUSES.get(error.errno or 0, told), told)


ERRORS_SHOWN = 50


def report(wrong: WrongInput, say: Speaker, *, as_json: bool = False) -> None:
    """Sentences to people on stderr; with --format json the same as data on stdout."""
    if as_json:
        errors = wrong.details or [{"reason": sentence} for sentence in wrong.sentences]
        print_json({"ok": False, "errors": list(errors)})
        return
    for sentence in wrong.sentences[:ERRORS_SHOWN]:
        print(sentence, file=sys.stderr)
    left = len(wrong.sentences) - ERRORS_SHOWN
    if left > 0:
        print(say(f"还有 {left} 处，改正后再查。", f"and {left} more."), file=sys.stderr)


def print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def find_language(arguments: Sequence[str]) -> str:
    """`--lang en` anywhere in the line; needed before the line is parsed, for --help itself."""
    return next((told for told in _told(arguments, "--lang") if told in LANGUAGES), "zh")


def wants_json(arguments: Sequence[str]) -> bool:
    """`--format json` anywhere in the line; a line that cannot be parsed is answered so too."""
    return "json" in _told(arguments, "--format")


def _told(arguments: Sequence[str], option: str) -> Iterator[str]:
    for word, following in pairwise((*arguments, "")):
        if word == option:
            yield following
        elif word.startswith(f"{option}="):
            yield word.partition("=")[2]


# What argparse says, and what we say instead.
TRANSLATIONS = (
    (r"the following arguments are required: (.*)", r"缺少必须的选项：\1"),
    (r"unrecognized arguments: (.*)", r"不认识的选项：\1"),
    (r"argument (.*?): invalid choice: (.*?) \(choose from (.*)\)", r"\1 不能是 \2，可选：\3"),
    (r"argument (.*?): expected one argument", r"\1 后面缺少内容"),
    (r"argument (.*?): invalid number value: (.*)", r"\1 应为不小于 0 的整数，写的是 \2"),
    (r"argument (.*?): invalid \w+ value: (.*)", r"\1 的值不对：\2"),
    (r"argument (.*?): not allowed with argument (.*)", r"\1 不能与 \2 同时使用"),
    (r"ambiguous option: (.*?) could match (.*)", r"选项 \1 不明确，可能是 \2"),
)


class CommandParser(argparse.ArgumentParser):
    """An argument parser that speaks the user's language and leaves exiting to `main`."""

    def __init__(self, say: Speaker, **options: Any) -> None:
        super().__init__(
            add_help=False, allow_abbrev=False, formatter_class=_formatter(say), **options
        )
        self.say = say
        self._positionals.title = say("参数", "arguments")
        self._optionals.title = say("选项", "options")
        self.add_argument("-h", "--help", action="help", help=say("显示这段说明", "show this text"))
        self.add_argument(
            "--lang",
            choices=LANGUAGES,
            default=say.language,
            help=say("语言，默认 zh", "language, zh by default"),
        )

    def error(self, message: str) -> NoReturn:
        said = message
        if self.say.language == "zh":
            for pattern, sentence in TRANSLATIONS:
                said, times = re.subn(pattern, sentence, said)
                if times:
                    break
        hint = self.say(f"用 {self.prog} --help 查看写法。", f"see {self.prog} --help.")
        raise WrongInput(self.say(f"{said}。{hint}", f"{said}; {hint}"))


def _formatter(say: Speaker) -> type[argparse.HelpFormatter]:
    class Formatter(argparse.RawDescriptionHelpFormatter):
        def add_usage(
            self, usage: Any, actions: Any, groups: Any, prefix: str | None = None
        ) -> None:
            super().add_usage(usage, actions, groups, prefix or say("用法：", "usage: "))

    return Formatter


def add_format(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help=say("输出给人看的文字，或 JSON 数据", "text for people, or JSON data"),
    )
