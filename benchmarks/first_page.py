"""How long does a stranger wait from the clone to the first page, and at the second start?

    python benchmarks/first_page.py [--port 8765]

Clones the last commit into a folder that vanishes, without an environment and without a package
cache, starts `./run` and asks for the sign-in page; ends it by Ctrl-C and starts it again. There is
no peer: the other systems of this field have no command for it. Budgets: 120 s, then 5 s.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUDGETS = {"第一次启动": 120.0, "第二次启动": 5.0}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8765)
    port = parser.parse_args().port
    # A shell's background job hears no Ctrl-C, and neither would its children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    late = False
    with tempfile.TemporaryDirectory(prefix="lingyan-first-page-") as folder:
        place = Path(folder) / "lingyan"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(place)], check=True)
        home = Path(folder) / "home"
        home.mkdir()
        for what, budget in BUDGETS.items():
            waited, ended = start_and_end(place, home, port)
            late |= waited > budget
            print(f"{what}\t{waited:6.1f} s（不超过 {budget:.0f} s）\tCtrl-C 后 {ended:.1f} s 结束")
    return 1 if late else 0


def start_and_end(place: Path, home: Path, port: int) -> tuple[float, float]:
    """Seconds until the first page came, and until everything had ended."""
    surroundings = {"HOME": str(home), "PATH": os.environ["PATH"], "PIP_NO_CACHE_DIR": "1"}
    surroundings["UV_NO_CACHE"] = "1"
    begun = time.monotonic()
    started = subprocess.Popen(
        ["./run", "--port", str(port)],
        cwd=place,
        env=surroundings,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    while not answers(port):
        if started.poll() is not None:
            raise SystemExit(f"./run 没有启动成功，退出状态 {started.returncode}")
        time.sleep(0.05)
    waited = time.monotonic() - begun
    os.killpg(started.pid, signal.SIGINT)
    started.wait(timeout=60)
    return waited, time.monotonic() - begun - waited


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=5) as page:
            return bool(page.status == 200)
    except (urllib.error.URLError, OSError):
        return False


if __name__ == "__main__":
    sys.exit(main())
