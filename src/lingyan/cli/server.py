"""How does the product start, show where it is, and end cleanly?"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import fcntl
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lingyan.cli.database import add_data, use_data
from lingyan.cli.speaking import Speaker, WrongInput

HOST = "127.0.0.1"
READY_SECONDS = 180
END_SECONDS = 8
STOPPED = (
    "服务意外停止：原因见上；上面没有的，是被系统结束了。没有做完的事不会留下一半，请重新启动。",
    "it stopped: see above, or else it was killed. Nothing is left half done; please start again.",
)
COUNTIES = ("taibai", "longxian", "xuanhan", "none")


def configure(parser: argparse.ArgumentParser, say: Speaker) -> None:
    parser.add_argument(
        "--county",
        choices=COUNTIES,
        default="none",
        help=say("首次启动时装入哪个县", "the county to load on the first start"),
    )
    parser.add_argument(
        "--no-demo",
        action="store_true",
        help=say("只装入区划，不装演示数据", "the county's places and no demo"),
    )
    parser.add_argument(
        "--port", type=int, default=8000, help=say("端口，默认 8000", "port, 8000 by default")
    )
    add_data(parser, say)


def run(options: argparse.Namespace, say: Speaker) -> int:
    """Prepare data, start server and worker on loopback, wait for Ctrl-C."""
    use_data(options)
    from lingyan.config.environment import data_folder

    with _alone(data_folder(), say):
        _require_free(options.port, say)
        prepare(options.county, demo=not options.no_demo, say=say)
        return _run(options.port, say)


@contextlib.contextmanager
def _alone(folder: Path, say: Speaker) -> Iterator[None]:
    """One start at a time serves a folder: a second would end the jobs of the first.

    The system frees the lock when the process ends, however it ends.
    """
    with _lock_file(folder, say) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise WrongInput(
                say(
                    f"已有一个领雁在使用数据目录 {folder}。请先结束它，或用 --data 另选一个目录。",
                    f"the data folder {folder} is served already; end that first, or choose "
                    "another with --data.",
                )
            ) from taken
        yield


def _lock_file(folder: Path, say: Speaker) -> IO[str]:
    try:
        # Names and posts lie there: nobody else on this machine need look in.
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return (folder / ".serving").open("a")
    except OSError as problem:
        raise WrongInput(
            say(
                f"数据目录不能写入：{folder}。请换一个目录：--data 目录，或改正该目录的权限。",
                f"the data folder cannot be written: {folder} ({problem.strerror}); "
                "choose another with --data, or mend its rights.",
            )
        ) from problem


def _require_free(port: int, say: Speaker) -> None:
    if not 1 <= port <= 65535:
        raise WrongInput(
            say(
                f"端口应在 1 到 65535 之间，现为 {port}。",
                f"a port lies between 1 and 65535, not at {port}.",
            )
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as problem:
            raise WrongInput(
                say(
                    f"端口 {port} 已被占用或不能使用。请换一个：--port {port + 1}",
                    f"port {port} cannot be used ({problem.strerror}); try --port {port + 1}",
                )
            ) from problem


def prepare(county: str, *, demo: bool, say: Speaker) -> None:
    """Bring the database up to date; on the first start load the county and its demo."""
    import django

    _tell(say("准备数据库", "preparing the database"))
    django.setup()
    from lingyan.config import tables, wall, warm
    from lingyan.platform.wall import reach

    reach.open_process(reach.OWNER)
    tables.bring_up_to_date()
    wall.obey()
    reach.open_process()
    from lingyan.demo import setup
    from lingyan.platform.exchange.actions import recover_interrupted_imports
    from lingyan.platform.jobs.actions import end_interrupted_jobs

    end_interrupted_jobs()
    recover_interrupted_imports()
    warm.settle()
    setup.first_start(county, demo=demo, say=_tell)


def _run(port: int, say: Speaker) -> int:
    with _children(port) as children:
        _wait_until_ready(port, children, say)
        # Before the address is shown: whoever reads it may end the product at once.
        ended = _listen_for_the_end()
        _print_address(port, say)
        return _wait_for_the_end(ended, children, say)


@contextlib.contextmanager
def _children(port: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Server and worker; whatever happens, both are ended when the block is left."""
    server = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        "lingyan.config.wsgi:application",
        *("--host", HOST, "--port", str(port), "--workers", "2", "--blocking-threads", "4"),
        *("--log-level", "warning", "--no-access-log", "--workers-kill-timeout", "5"),
    ]
    worker = [sys.executable, "-m", "lingyan.platform.jobs.worker"]
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


def _wait_until_ready(port: int, children: list[subprocess.Popen[bytes]], say: Speaker) -> None:
    _tell(say("启动服务", "starting"))
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if any(child.poll() is not None for child in children):
            raise WrongInput(say("服务没有启动成功，原因见上。", "it did not start; see above."))
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=2)
            return
        time.sleep(0.1)
    raise WrongInput(
        say(
            f"服务在 {READY_SECONDS} 秒内没有启动成功，请再试一次。",
            f"it did not start within {READY_SECONDS} s; please try again.",
        )
    )


def _print_address(port: int, say: Speaker) -> None:
    from lingyan.demo.accounts import accounts_text

    address = f"http://{HOST}:{port}/"
    print()
    print(say(f"领雁已启动：{address}   按 Ctrl-C 结束", f"running at {address}, Ctrl-C ends it"))
    text = accounts_text()
    if text:
        print(f"\n{text}")
    sys.stdout.flush()


def _listen_for_the_end() -> threading.Event:
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    return ended


def _wait_for_the_end(
    ended: threading.Event, children: list[subprocess.Popen[bytes]], say: Speaker
) -> int:
    while not ended.wait(0.2):
        if any(child.poll() is not None for child in children):
            print(say(*STOPPED), file=sys.stderr)
            return 1
    print()
    print(say("正在结束……", "ending…"))
    return 0


def _tell(text: str) -> None:
    print(f"· {text}", flush=True)
