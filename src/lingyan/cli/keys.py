"""Put personal data under a new key while the product runs: `lingyan keys rotate`."""

from __future__ import annotations

import argparse

from lingyan.cli.data import command_actor
from lingyan.cli.database import add_data, open_database
from lingyan.cli.speaking import Speaker, WrongInput


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument(
        "act",
        choices=("rotate",),
        help=say("换新密钥；中断后再运行一次会接着做", "take a new key; run again after a break"),
    )
    add_data(parser, say)


def run(options: argparse.Namespace, say: Speaker) -> int:
    open_database(options, say)
    from lingyan.directory.actions.keys import rotate_keys
    from lingyan.platform import cipher
    from lingyan.platform.keys import count_unreadable as unreadable

    if cipher.key_file() is None and len(cipher.secrets()) == 1:
        raise WrongInput(
            say(
                "密钥由 LINGYAN_FIELD_KEY 给出：请把新密钥写在旧密钥前面，中间用逗号分开，"
                "重启服务后再运行。",
                "LINGYAN_FIELD_KEY gives the key: write the new one before the old one with a "
                "comma, restart, and run this again.",
            )
        )
    if len(cipher.secrets()) > 1:
        print(say("接着上次没有做完的换密钥", "going on with the change under way"), flush=True)

    def report(what: str, count: int) -> None:
        print(say(f"{what}：{count} 项已换", f"{what}: {count} done"), flush=True)

    done = rotate_keys(actor=command_actor(), report=report)
    print(
        say(
            f"已换新密钥 {done.key_id}，共 {done.value_count} 项数据重新加密。",
            f"the key is {done.key_id} now; {done.value_count} values were made anew.",
        )
    )
    if lost := unreadable():
        print(
            say(
                f"另有 {lost} 项数据用已丢失的密钥加密，读不出来，保持原样：请找回旧密钥，"
                "把它写进 keys/field_key.txt 的最后一行后再运行；找不回的只能重新登记。",
                f"{lost} values lie under a lost key, cannot be read and were left as they are: "
                "add the old key as the last line of keys/field_key.txt and run this again, "
                "or enter them anew.",
            )
        )
    print(_what_next(say, given=cipher.key_file() is None))
    return 0


def _what_next(say: Speaker, *, given: bool) -> str:
    if given:
        return say(
            "请从 LINGYAN_FIELD_KEY 中去掉旧密钥并重启服务；以前的备份仍要用旧密钥读。",
            "take the old key out of LINGYAN_FIELD_KEY and restart; older backups need it.",
        )
    return say(
        "旧密钥移到数据目录的 keys/field_key.old.txt：只有读以前的备份时需要，请另行保管或销毁。"
        "请重新备份 keys/field_key.txt。",
        "the old key is in keys/field_key.old.txt: only older backups need it; keep it elsewhere "
        "or destroy it. Back up keys/field_key.txt anew.",
    )
