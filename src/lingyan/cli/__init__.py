"""The command `lingyan`: which subcommands are there, and how is one started?

Only the subcommand that is asked for is imported, so that the pure ones (match, template) start
without Django. To add one: a line in COMMANDS and a module with `configure` and `run`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from lingyan.cli.speaking import (
    CommandParser,
    Speaker,
    WrongInput,
    cause_of,
    find_language,
    report,
    speak_any_letter,
    wants_json,
)
from lingyan.common.stack_room import with_room

if TYPE_CHECKING:
    import argparse


class CommandModule(Protocol):
    """What the module of a subcommand offers."""

    def configure(self, parser: argparse.ArgumentParser, say: Speaker) -> None: ...

    def run(self, options: argparse.Namespace, say: Speaker) -> int: ...


@dataclass(frozen=True, slots=True)
class Command:
    """One subcommand: its name, the module that holds it, and what it is for."""

    name: str
    module: str
    text: str
    text_en: str


COMMANDS: tuple[Command, ...] = (
    Command(
        "serve",
        "lingyan.cli.server",
        "启动服务（./run 调用它）",
        "start the product (called by ./run)",
    ),
    Command(
        "match",
        "lingyan.cli.match",
        "由表格直接得出选派、结对方案，并复核方案（不需要数据库）",
        "from workbooks to a plan of postings or pairings, and its check (no database)",
    ),
    Command(
        "template",
        "lingyan.cli.template",
        "生成空白表格，带填写说明、下拉选项和示例",
        "write an empty workbook with guidance, choices and examples",
    ),
    Command(
        "briefing",
        "lingyan.cli.briefing",
        "按模板写出简报的 Word 文件；核对印发简报的核验包：briefing verify",
        "a briefing from a template as a Word file; check an issued one: briefing verify",
    ),
    Command(
        "check",
        "lingyan.cli.check",
        "检查设置和数据是否安全、完整",
        "check settings and records",
    ),
    Command(
        "audit",
        "lingyan.cli.audit",
        "核对操作留痕：audit verify；打印每日封存：audit anchor",
        "check the sealed history: audit verify; print its anchors: audit anchor",
    ),
    Command(
        "keys",
        "lingyan.cli.keys",
        "更换个人信息的密钥：keys rotate",
        "change the key of personal data: keys rotate",
    ),
    Command(
        "backup",
        "lingyan.cli.backup",
        "备份全部数据，不必停用",
        "back up everything while the product runs",
    ),
    Command(
        "restore",
        "lingyan.cli.restore",
        "把备份恢复到空的地方，并逐项核对总数",
        "restore a backup into an empty place and compare the totals",
    ),
    Command(
        "import",
        "lingyan.cli.bring_in",
        "检查表格并存入数据库，有一行有误就一行都不存",
        "check a workbook and store it, all rows or none",
    ),
    Command(
        "export",
        "lingyan.cli.take_out",
        "把数据库里的内容导出成表格，改好可以再导入",
        "write stored records to a workbook that can come in again",
    ),
    Command(
        "indicators",
        "lingyan.cli.indicators",
        "一个地方的全部指标",
        "every indicator of a place",
    ),
    Command(
        "evidence",
        "lingyan.cli.evidence",
        "一个数字背后的记录",
        "the records behind one number",
    ),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a subcommand: 0 done, 1 refuted, 2 wrong input."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    say = Speaker(find_language(arguments))
    speak_any_letter()
    try:
        status = with_room(_run_or_tell, arguments, say)
        if sys.stdout is not None:  # None: it was closed before we started
            sys.stdout.flush()
        return status
    except WrongInput as wrong:
        report(wrong, say, as_json=wants_json(arguments))
        return 2
    except SystemExit as ended:  # --help
        return ended.code if isinstance(ended.code, int) else 2
    except OSError as error:
        return _cut_off(error, say)
    except KeyboardInterrupt:
        print(say("已停止", "stopped"), file=sys.stderr)
        return 130


def _cut_off(error: OSError, say: Speaker) -> int:
    """Whoever read the output has gone, the disk is full, a cable was pulled."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())  # so that ending does not fail again on what is left
    os.close(nowhere)
    if isinstance(error, BrokenPipeError):
        return 0
    place = f" {error.filename}" if error.filename else ""
    print(
        say(
            f"读写文件出错{place}（{cause_of(error, say)}）。请检查磁盘空间和文件夹权限后再试。",
            f"reading or writing failed{place} ({cause_of(error, say)}); check the room on the "
            "disk and the permissions of the folder, then try again.",
        ),
        file=sys.stderr,
    )
    return 2


def _run_or_tell(arguments: list[str], say: Speaker) -> int:
    """A full disk or a wrong setting in one sentence; a mistake of ours keeps its traceback."""
    try:
        return _run(arguments, say)
    except Exception as trouble:
        from lingyan.cli.troubles import in_a_sentence

        wrong = in_a_sentence(trouble, say)
        if wrong is None:
            raise
        raise wrong from trouble


def _run(arguments: list[str], say: Speaker) -> int:
    by_name = {command.name: command for command in COMMANDS}
    first = next(iter(_without_language(arguments)), "")
    if first not in by_name:
        return _overview(first, say)
    command = by_name[first]
    module = cast("CommandModule", import_module(command.module))
    rest = list(arguments)
    rest.remove(first)
    parser = CommandParser(
        say, prog=f"lingyan {command.name}", description=say(command.text, command.text_en)
    )
    module.configure(parser, say)
    return module.run(parser.parse_args(rest), say)


def _without_language(arguments: Sequence[str]) -> list[str]:
    """The words without `--lang zh`, which may stand before the subcommand."""
    left, skip = [], False
    for word in arguments:
        if skip:
            skip = False
        elif word == "--lang":
            skip = True
        elif not word.startswith("--lang="):
            left.append(word)
    return left


def _overview(first: str, say: Speaker) -> int:
    """List the subcommands; a word that is none of them is wrong input."""
    if first == "--version":
        from lingyan import __version__

        print(f"lingyan {__version__}")
        return 0
    if first not in ("", "-h", "--help", "help"):
        names = "、".join(command.name for command in COMMANDS)
        raise WrongInput(
            say(f"没有“{first}”这个命令；可用的有：{names}",
                f'there is no command "{first}"; known are: {names.replace("、", ", ")}')
        )  # fmt: skip
    print(say("用法：lingyan 命令 [选项]", "usage: lingyan COMMAND [options]"))
    print()
    for command in COMMANDS:
        print(f"  {command.name:<12}{say(command.text, command.text_en)}")
    print()
    print(
        say(
            "每个命令都可加 --help 看写法，--lang zh|en 选择语言。",
            "every command has --help, and --lang zh|en.",
        )
    )
    return 0 if first else 2
