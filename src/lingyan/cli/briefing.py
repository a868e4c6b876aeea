"""`lingyan briefing`: a draft from a template as a Word file, and the check of an issued bundle.

`verify` needs neither Django nor a database: it runs on any machine.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lingyan.briefings.rules.supplied import KEYS
from lingyan.cli.data import command_actor
from lingyan.cli.database import add_data, open_database
from lingyan.cli.english import told
from lingyan.cli.figures import place_of, refused_input
from lingyan.cli.files import write_file
from lingyan.cli.speaking import Speaker, WrongInput, add_format, cause_of, print_json

if TYPE_CHECKING:
    from lingyan.briefings.exports.draft import Draft
    from lingyan.briefings.rules.bundle import Verdict
    from lingyan.briefings.rules.supplied import Supplied
    from lingyan.briefings.rules.text import Mistake

VERIFY = "verify"


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    names = say("、", ", ").join(KEYS)
    parser.add_argument(
        "template",
        metavar="TEMPLATE",
        help=say(
            f"模板：{names}，或本县模板的名称；写 verify 则核对印发简报的核验包"
            "（0 属实，1 不属实，2 读不出；不需要数据库）",
            f"the template: {names}, or the name of one of the county's; "
            "`verify` checks the bundle of an issued briefing (0 true, 1 refuted, 2 unreadable; "
            "no database)",
        ),
    )
    parser.add_argument(
        "file", metavar="FILE", nargs="?", default="", help=say("核验包", "the bundle")
    )
    parser.add_argument(
        "--place", metavar="CODE", default="", help=say("区划代码", "the code of the place")
    )
    parser.add_argument(
        "--period",
        metavar="P",
        default="",
        help=say(
            "统计期：2026、2026Q1、2026-03 或 2025-01-01..2026-01-23",
            "2026, 2026Q1, 2026-03 or 2025-01-01..2026-01-23",
        ),
    )
    parser.add_argument(
        "--out", metavar="FILE.docx", default="", help=say("写到哪里", "where to write")
    )
    parser.add_argument(
        "--digest",
        default="",
        metavar="HEX",
        help=say(
            "verify：与印发时公布的摘要比对",
            "verify: the digest that was told when the briefing was issued",
        ),
    )
    add_data(parser, say)
    add_format(parser, say)


def run(options: argparse.Namespace, say: Speaker) -> int:
    _refuse_mixed(options, say)
    if options.template == VERIFY:
        return _verify(Path(options.file), options, say)
    return _draft(options, say)


def _refuse_mixed(options: argparse.Namespace, say: Speaker) -> None:
    """Each of the two has its own options."""
    drafting = {"--place": options.place, "--period": options.period, "--out": options.out}
    verifying = {"FILE": options.file, "--digest": options.digest}
    wanted, other = (
        ({"FILE": options.file}, drafting) if options.template == VERIFY else (drafting, verifying)
    )
    if missing := [name for name, given in wanted.items() if not given]:
        names = say("、", ", ").join(missing)
        raise WrongInput(say(f"缺少 {names}。", f"missing: {names}."))
    if extra := [name for name, given in other.items() if given]:
        names = say("、", ", ").join(extra)
        raise WrongInput(say(f"这里用不着 {names}。", f"of no use here: {names}."))


# A draft -------------------------------------------------------------------------------------


def _draft(options: argparse.Namespace, say: Speaker) -> int:
    """The figures of this moment. A text that contradicts itself, or cannot be read, is not
    written at all; what may be mended in the file is marked there.
    """
    out = Path(options.out)
    if out.suffix.lower() != ".docx":
        raise WrongInput(
            say(f"文件名请以 .docx 结尾：{out.name}", f"the name should end in .docx: {out.name}")
        )
    open_database(options, say)
    made = _made(options, say)
    if made.broken:
        raise _broken(made.broken, options, say)

    def write(path: Path) -> None:
        from lingyan.briefings.exports.word import write_briefing

        with path.open("wb") as target:
            write_briefing(target, made.paper)

    write_file(out, write, say)
    _report(made, out, options, say)
    return 0


def _made(options: argparse.Namespace, say: Speaker) -> Draft:
    from lingyan.briefings.exports.draft import draft
    from lingyan.common import clock
    from lingyan.common.refusals import Refused

    place = place_of(options.place, say)
    template = _template(options, say)
    try:
        return draft(
            template,
            place,
            period=options.period,
            actor=command_actor(),
            today=clock.today(),
        )
    except Refused as refused:
        raise refused_input(refused, say) from None


def _template(options: argparse.Namespace, say: Speaker) -> Supplied:
    from lingyan.briefings.queries.drafts import find_template, template_names

    found = find_template(options.template, options.place)
    if found is None:
        known = say("、", ", ").join((*KEYS, *template_names(options.place)))
        raise WrongInput(
            say(f"没有“{options.template}”这个模板；可用的有：{known}",
                f'there is no template "{options.template}"; known are: {known}')
        )  # fmt: skip
    return found


def _broken(mistakes: Sequence[Mistake], options: argparse.Namespace, say: Speaker) -> WrongInput:
    return WrongInput(
        *(f"{options.template} {_sentence(one, say)}" for one in mistakes),
        say(
            "没有写出文件。请在“简报模板”里改正这几处。",
            "nothing was written; mend these places of the template.",
        ),
        details=[_as_detail(one, say) for one in mistakes],
    )


def _sentence(one: Mistake, say: Speaker) -> str:
    spot, text = one.spot, told(one.refusal, say)
    return say(f"{spot}：{text}", f"line {spot.line}, column {spot.column}: {text}")


def _as_detail(one: Mistake, say: Speaker) -> dict[str, object]:
    spot = one.spot
    return {"line": spot.line, "column": spot.column, "reason": told(one.refusal, say)}


def _report(made: Draft, out: Path, options: argparse.Namespace, say: Speaker) -> None:
    if options.format == "json":
        marked = [_as_detail(one, say) for one in made.marked]
        print_json({"ok": True, "file": str(out), "figures": made.figures, "marked": marked})
        return
    count = len(made.marked)
    print(
        say(
            f"已写出 {out}：{made.figures} 个数字，{count} 处核对未过，已在文中标出",
            f"written: {out}, {made.figures} figures, {count} marked",
        )
    )
    for one in made.marked:
        print(f"  {_sentence(one, say)}")


# A bundle ------------------------------------------------------------------------------------


def _verify(path: Path, options: argparse.Namespace, say: Speaker) -> int:
    from lingyan.briefings.rules.bundle import UnreadableError, verify_bundle

    try:
        verdict = verify_bundle(_content(path, say), options.digest)
    except UnreadableError as wrong:
        raise WrongInput(
            say(f"{path.name}：{wrong}。", f"{path.name} is no bundle of a briefing, or not whole.")
        ) from wrong
    if options.format == "json":
        print_json(_as_data(verdict, say))
    else:
        print(_told(verdict, path.name, say))
    return 0 if verdict.text is None else 1


def _content(path: Path, say: Speaker) -> bytes:
    from lingyan.briefings.rules.bundle import LARGEST

    if not path.is_file():
        raise WrongInput(say(f"没有这个文件：{path}。", f"there is no file {path}."))
    if path.stat().st_size > LARGEST:
        raise WrongInput(say(f"{path.name} 太大，不是核验包。", f"{path.name} is too large."))
    try:
        return path.read_bytes()
    except OSError as error:
        why = cause_of(error, say)
        raise WrongInput(
            say(f"{path} 打不开（{why}）。", f"{path} cannot be read ({why}).")
        ) from error


def _told(verdict: Verdict, name: str, say: Speaker) -> str:
    if verdict.text is not None:
        return say(f"{name} 不属实：{verdict.text}", f"{name} is refuted: {verdict.text_en}")
    return say(
        f"{name} 属实：{verdict.figures} 个数字由 {verdict.records} 条记录重新算出，写法相符，"
        f"摘要相连\n摘要 {verdict.digest}",
        f"{name} is true: {verdict.figures} figures recounted from {verdict.records} records, "
        f"their wording holds, the digests are linked\ndigest {verdict.digest}",
    )


def _as_data(verdict: Verdict, say: Speaker) -> dict[str, object]:
    return {
        "ok": verdict.text is None,
        "figures": verdict.figures,
        "records": verdict.records,
        "digest": verdict.digest,
        "text": say(verdict.text or "", verdict.text_en or "") or None,
    }
