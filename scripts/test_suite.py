"""Run checks and tests, say in words what failed, and name what this machine could not run."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BIN = ROOT / ".venv" / "bin"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

# What fails, in a sentence, and the command that finds it.
CHECKS = (
    ("格式与新代码不一致：运行 ruff format .", ("ruff", "format", "--check", "--quiet", ".")),
    ("代码检查没有通过：运行 ruff check .", ("ruff", "check", "--quiet", ".")),
    ("模块之间的引用越界：运行 lint-imports", ("lint-imports", "--no-cache")),
    ("类型检查没有通过：运行 mypy", ("mypy",)),
    (
        "数据库迁移落后于模型：运行 django-admin makemigrations",
        ("django-admin", "makemigrations", "--check", "--dry-run"),
    ),
)


def main(arguments: list[str]) -> int:
    fast = arguments[:1] == ["fast"]
    rest = arguments[1:] if fast else arguments
    left_out: list[str] = []
    # One processor would stand idle while the checks think; the tests wait now and then, too.
    with ThreadPoolExecutor(1) as beside:
        checks = beside.submit(lambda: [] if fast or rest else run_checks())
        failures = run_tests(rest, fast=fast, left_out=left_out)
    failures = checks.result() + failures
    print()
    for failure in failures:
        print(f"✗ {failure}")
    print(f"未运行：{'、'.join(left_out)}" if left_out else "未运行：无")
    print("有项目没有通过" if failures else "全部通过")
    return 1 if failures else 0


def run_checks() -> list[str]:
    return [sentence for sentence, command in CHECKS if not run(command, beside=True)]


def run(command: tuple[str, ...], *, beside: bool = False, **environment: str) -> bool:
    """What runs beside something else says everything at its end."""
    started = time.monotonic()
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(ROOT)}
    surroundings = {**os.environ, **settings, **environment}
    name, *rest = command
    result = subprocess.run(
        [str(BIN / name), *rest],
        cwd=ROOT,
        env=surroundings,
        check=False,
        stdout=subprocess.PIPE if beside else None,
        stderr=subprocess.STDOUT if beside else None,
        text=True,
    )
    took = f"[{time.monotonic() - started:5.1f} s] {' '.join(command)}"
    print(f"\n{result.stdout}{took}" if beside else took, flush=True)
    return result.returncode == 0


def run_tests(rest: list[str], *, fast: bool, left_out: list[str]) -> list[str]:
    marks = ["not postgres"]
    browser = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if fast:
        marks += ["not browser", "not slow"]
        left_out += ["浏览器测试", "慢测试", "PostgreSQL（./test fast 不含）"]
    elif browser is None:
        marks.append("not browser")
        left_out.append("浏览器测试（没有 chromium）")
    # One seed for all processes: tests named out of a set must have the same names in each.
    hash_seed = str(secrets.randbelow(2**32))
    print(f"PYTHONHASHSEED={hash_seed}")
    surroundings = {"LINGYAN_CHROMIUM": browser or "", "PYTHONHASHSEED": hash_seed}
    # A class or a module stays in one process: some share a demo county.
    processes = str(os.cpu_count() or 1)
    # In the order of tests/conftest.py, which knows what takes longest.
    spread = ("-n", processes, "--dist", "loadscope", "--no-loadscope-reorder", "-rR")
    spread = () if rest else spread
    failures = []
    if not run(("pytest", *spread, "-m", " and ".join(marks), *rest), **surroundings):
        failures.append("测试没有通过（SQLite）")
    if fast:
        return failures
    programs = postgres_programs()
    if programs is None:
        left_out.append("PostgreSQL（没有安装）")
        return failures
    with postgres_server(programs) as address:
        # The pure parts are the same on every database and have run already.
        suite = ("pytest", *spread, "-m", "not browser and not pure and not slow and not walled")
        settings = {"LINGYAN_TEST_DATABASE_URL": address, "PYTHONHASHSEED": hash_seed}
        with ThreadPoolExecutor(1) as beside:
            walled = beside.submit(lambda: bool(rest) or run_walled(settings))
            if not run((*suite, *rest), **settings):
                failures.append("测试没有通过（PostgreSQL）")
        if not walled.result():
            failures.append("测试没有通过（PostgreSQL 行级安全）")
    return failures


def run_walled(settings: dict[str, str]) -> bool:
    """Behind row-level security, in a database of its own."""
    return run(("pytest", "-m", "walled"), beside=True, LINGYAN_ROW_SECURITY="yes", **settings)


def postgres_programs() -> Path | None:
    """The folder with initdb and postgres: Debian's, or the one on the path."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).parent if found and shutil.which("postgres") else None


@contextlib.contextmanager
def postgres_server(programs: Path) -> Iterator[str]:
    """A server of our own on loopback, in a folder that vanishes, as a user other than root."""
    folder = Path(tempfile.mkdtemp(prefix="lingyan-postgres-"))
    user = server_user()
    as_user: dict[str, Any] = {"cwd": folder}
    if user:
        shutil.chown(folder, user)
        as_user.update(user=user, group=pwd.getpwnam(user).pw_gid, extra_groups=[])
    port = free_port()
    data = folder / "data"
    make = ["-D", data, "-U", "lingyan", "-E", "UTF8", "--no-locale", "--auth=trust"]
    subprocess.run([programs / "initdb", *make], check=True, stdout=subprocess.DEVNULL, **as_user)
    options = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "listen_addresses=127.0.0.1"]
    server = subprocess.Popen(
        [programs / "postgres", "-D", data, "-p", str(port), "-k", folder, *options],
        stderr=subprocess.DEVNULL,
        **as_user,
    )
    try:
        wait_for(port)
        yield f"postgresql://lingyan@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run(
            [programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"],
            check=False,
            stdout=subprocess.DEVNULL,
            **as_user,
        )
        server.wait(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def server_user() -> str | None:
    """PostgreSQL refuses to run as root; Debian's package brings a user for it."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            pwd.getpwnam(name)
            return name
    raise SystemExit("PostgreSQL 不能以 root 运行，而系统里没有别的用户可用。")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, *, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise SystemExit("PostgreSQL 没有启动成功。")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
