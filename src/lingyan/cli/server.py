"""How does the product start, show where it is, and end cleanly?"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

HOST = "127.0.0.1"
READY_SECONDS = 60
END_SECONDS = 8
COUNTIES = ("taibai", "longxian", "xuanhan", "none")


class CannotStart(Exception):  # noqa: N818 - it says what it is
    """One sentence why the product cannot start, and how to mend it."""


def add_serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--county", choices=COUNTIES, default="none", help="首次启动时装入的县")
    parser.add_argument("--no-demo", action="store_true", help="只装入区划，不装演示数据")
    parser.add_argument("--port", type=int, default=8000, help="端口")
    parser.add_argument("--data", help="数据目录（默认：项目下的 data）")


def serve(options: argparse.Namespace) -> int:
    """Prepare data, start server and worker on loopback, wait for Ctrl-C."""
    if options.data:
        os.environ["LINGYAN_DATA"] = str(Path(options.data).resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "lingyan.config.settings"
    try:
        _require_writable()
        _require_free(options.port)
        prepare(options.county, demo=not options.no_demo)
        return _run(options.port)
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 2


def _require_writable() -> None:
    from lingyan.config.environment import data_folder

    folder = data_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_text("")
        probe.unlink()
    except OSError as problem:
        raise CannotStart(
            f"数据目录不能写入：{folder}（{problem.strerror}）。"
            "请换一个目录：--data 目录，或改正该目录的权限。"
        ) from problem


def _require_free(port: int) -> None:
    if not 1 <= port <= 65535:
        raise CannotStart(f"端口应在 1 到 65535 之间，现为 {port}。")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as problem:
            raise CannotStart(
                f"端口 {port} 不能使用（{problem.strerror}）。请换一个端口：--port {port + 1}"
            ) from problem


def prepare(county: str, *, demo: bool) -> None:
    """Bring the database up to date; on the first start load the county and its demo."""
    import django
    from django.core.management import call_command

    _say("准备数据库")
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from lingyan.demo import setup
    from lingyan.platform.jobs.actions import end_interrupted_jobs

    end_interrupted_jobs()
    setup.first_start(county, demo=demo, say=_say)


def _run(port: int) -> int:
    with _children(port) as children:
        _wait_until_ready(port, children)
        _print_address(port)
        return _wait_for_the_end(children)


@contextlib.contextmanager
def _children(port: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Server and worker; whatever happens, both are ended when the block is left."""
    server = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        "lingyan.config.wsgi:application",
        *("--host", HOST, "--port", str(port), "--workers", "2", "--blocking-threads", "4"),
        *("--log-level", "warning", "--no-log-access", "--workers-kill-timeout", "5"),
    ]
    worker = [sys.executable, "-m", "django", "db_worker", "--interval", "0.5"]
    started: list[subprocess.Popen[bytes]] = []
    try:
        for command in (server, worker):
            started.append(_start(command))  # noqa: PERF401 - what has started must be ended
        yield started
    finally:
        _end(started)


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    # No thread has been started yet, so the function before exec is safe here.
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: PLW1509


def _die_with_parent() -> None:
    """Let no server outlive a start script that was killed (Linux; elsewhere nothing happens)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + END_SECONDS
    for child in children:
        try:
            child.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _wait_until_ready(port: int, children: list[subprocess.Popen[bytes]]) -> None:
    _say("启动服务")
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if any(child.poll() is not None for child in children):
            raise CannotStart("服务没有启动成功，原因见上面的输出。")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://{HOST}:{port}/healthy/", timeout=2)
            return
        time.sleep(0.1)
    raise CannotStart(f"服务在 {READY_SECONDS} 秒内没有启动成功，请再试一次。")


def _print_address(port: int) -> None:
    from lingyan.demo.accounts import accounts_text

    print(f"\n领雁已启动：http://{HOST}:{port}/   按 Ctrl-C 结束")
    text = accounts_text()
    if text:
        print(f"\n{text}")
    sys.stdout.flush()


def _wait_for_the_end(children: list[subprocess.Popen[bytes]]) -> int:
    ended = False

    def end(*_: object) -> None:
        nonlocal ended
        ended = True

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
    while not ended:
        if any(child.poll() is not None for child in children):
            print("服务意外停止，原因见上面的输出。", file=sys.stderr)
            return 1
        time.sleep(0.2)
    print("\n正在结束……")
    return 0


def _say(text: str) -> None:
    print(f"· {text}", flush=True)
