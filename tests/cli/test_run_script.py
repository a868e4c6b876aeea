"""Does `./run` say in one sentence why it cannot start, and help itself where it can?

The real scripts run in a copy of their few files. Programs that would fetch packages are played by
one small script, so that nothing is installed and no network is asked.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.db.utils import OperationalError

from lingyan import cli
from lingyan.demo import counties, setup
from lingyan.directory.models import Place

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("bash", "cat", "chmod", "cksum", "cp", "dirname", "flock", "grep", "ls", "mkdir", "rm",
         "tail", "touch")  # fmt: skip
REFUSED = "Retrying after connection broken by 'NewConnectionError': Connection refused"

# Plays python3, the python of .venv and uv: notes what it was asked and answers as it was told.
PROGRAM = r"""#!/usr/bin/env bash
echo "${0##*/} $*" >>"$ASKED"
case "$*" in
  *version_info*) [ -z "${TOO_OLD:-}" ] ;;
  *"import ensurepip"*) [ -z "${NO_ENSUREPIP:-}" ] ;;
  *WHEEL_PKG_DIR*) echo "${WHEELS:-/nowhere}" ;;
  *"pip --version"*) [ -z "${NO_PIP:-}" ] || [ "${0##*/}" = python ] ;;
  *install*)
    if [ -n "${ENDED:-}" ]; then kill -INT "$PPID"; exit 1; fi
    if [ -n "${FAILING:-}" ]; then echo "$FAILING" >&2; exit 1; fi
    cp "$0" .venv/bin/lingyan ;;
  *venv*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
  *serve*) echo "started" ;;
esac
"""


@dataclass
class Checkout:
    """The files of the project that a start needs, in a folder of their own."""

    folder: Path

    def __post_init__(self) -> None:
        for name in ("run", "scripts/environment", "requirements/run.txt", "pyproject.toml"):
            target = self.folder / "lingyan" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
        self.tools = self.folder / "tools"
        self.tools.mkdir()
        for name in TOOLS:
            where = shutil.which(name)
            if where is not None:
                (self.tools / name).symlink_to(where)
        self.has("python3")

    @property
    def project(self) -> Path:
        return self.folder / "lingyan"

    @property
    def asked(self) -> list[str]:
        noted = self.folder / "asked"
        return noted.read_text(encoding="utf-8").splitlines() if noted.exists() else []

    def has(self, name: str) -> None:
        (self.tools / name).write_text(PROGRAM, encoding="utf-8")
        (self.tools / name).chmod(0o755)

    def run(self, *arguments: str, **told: str) -> subprocess.CompletedProcess[str]:
        surroundings = {"PATH": str(self.tools), "ASKED": f"{self.folder}/asked", **told}
        as_user: dict[str, Any] = {"user": "nobody", "group": _group()} if os.geteuid() == 0 else {}
        return subprocess.run(
            ["/usr/bin/env", "bash", "./run", *arguments],
            cwd=self.project,
            env={**surroundings, "LC_ALL": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            **as_user,
        )


def _group() -> int:
    return pwd.getpwnam("nobody").pw_gid


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    """Not below pytest's own folder: nobody else may enter that, and root may write everywhere."""
    with tempfile.TemporaryDirectory(prefix="lingyan-run-") as folder:
        made = Checkout(Path(folder))
        for path in (made.folder, *made.folder.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o777 if path.is_dir() else 0o755)
        yield made


def assert_refused(answer: subprocess.CompletedProcess[str], *words: str) -> None:
    """Status 2, and one line that says what is wrong and what to do."""
    assert answer.returncode == 2, answer
    [line] = answer.stderr.splitlines()
    assert all(word in line for word in words), line
    assert "started" not in answer.stdout


def test_with_everything_there_it_installs_once_and_starts(checkout: Checkout) -> None:
    first = checkout.run("--port", "8123")
    installed = [line for line in checkout.asked if "install" in line]

    second = checkout.run("--port", "8123")

    for answer in (first, second):
        assert (answer.returncode, answer.stderr) == (0, "")
        assert "started" in answer.stdout
    assert len(installed) == 2, "the packages of the lock file, and the product itself"
    assert "--require-hashes -r requirements/run.txt" in installed[0]
    assert [line for line in checkout.asked if "install" in line] == installed
    assert checkout.asked[-1].endswith("serve --county xuanhan --port 8123")


def test_a_read_only_folder_is_said(checkout: Checkout) -> None:
    checkout.project.chmod(0o555)

    answer = checkout.run()

    assert_refused(answer, "这个目录不能写入", str(checkout.project), "再运行 ./run")
    assert not checkout.asked
    assert not (checkout.project / ".venv").exists()


@pytest.mark.parametrize("installer", ["pip", "uv"])
@pytest.mark.parametrize(
    "said",
    [
        REFUSED,
        "error: Failed to fetch: https://example.org/simple/django/",
        "Temporary failure in name resolution",
    ],
)
def test_without_a_network_one_sentence_says_so(
    checkout: Checkout, installer: str, said: str
) -> None:
    if installer == "uv":
        checkout.has("uv")

    answer = checkout.run(FAILING=said)

    assert_refused(answer, "连不上软件包索引", "请检查网络", ".venv/.install.log")
    assert checkout.asked[-1].split()[0] == ("uv" if installer == "uv" else "python")
    assert said in (checkout.project / ".venv/.install.log").read_text(encoding="utf-8")
    assert checkout.run().returncode == 0, "with the network back it goes on"


@pytest.mark.parametrize(
    "said",
    [
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
        "ERROR: No space left on device",
        "connection broken by 'SSLError': certificate verify failed",
        "No solution found when resolving dependencies",
    ],
)
def test_another_failure_shows_what_the_installer_said(checkout: Checkout, said: str) -> None:
    answer = checkout.run(FAILING=said)

    assert answer.returncode == 2
    assert answer.stderr.splitlines() == [
        said,
        "依赖包没有装上，原因见上。请改正后再运行一次。",
    ]


def test_ctrl_c_while_packages_are_installed_is_no_failure_of_theirs(checkout: Checkout) -> None:
    ended = checkout.run(ENDED="yes")

    assert (ended.returncode, ended.stderr) == (130, "已停止。再运行一次会接着安装。\n")
    assert checkout.run().returncode == 0


def test_without_ensurepip_the_wheel_of_the_system_serves(checkout: Checkout) -> None:
    wheels = checkout.folder / "wheels"
    wheels.mkdir(mode=0o755)
    (wheels / "pip-24.0-py3-none-any.whl").touch()

    answer = checkout.run(NO_ENSUREPIP="1", NO_PIP="1", WHEELS=str(wheels))

    assert (answer.returncode, answer.stderr) == (0, "")
    assert "python3 -m venv --without-pip .venv" in checkout.asked
    assert any(f"{wheels}/pip-24.0-py3-none-any.whl/pip install" in one for one in checkout.asked)


def test_without_ensurepip_and_wheel_the_pip_of_the_system_serves(checkout: Checkout) -> None:
    answer = checkout.run(NO_ENSUREPIP="1")

    assert (answer.returncode, answer.stderr) == (0, "")
    assert any(
        one.startswith("python3 -m pip --python .venv/bin/python install") for one in checkout.asked
    )


def test_a_python_that_can_get_no_pip_says_what_to_install(checkout: Checkout) -> None:
    answer = checkout.run(NO_ENSUREPIP="1", NO_PIP="1")

    assert_refused(answer, "这个 Python 没有 pip", "apt install python3-venv")
    assert not (checkout.project / ".venv").exists(), "nothing half made stays behind"


def test_an_old_python_is_none(checkout: Checkout) -> None:
    answer = checkout.run(TOO_OLD="1")

    assert_refused(answer, "没有找到 Python 3.11", "apt install python3")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--county", "qinghai"), "不认识的县：qinghai"),
        (("--prot", "8001"), "不认识的参数：--prot"),
        (("--port",), "参数 --port 后面缺少内容"),
        (("--data", ""), "参数 --data 后面缺少内容"),
    ],
)
def test_a_wrong_option_is_named_before_anything_is_made(
    checkout: Checkout, arguments: tuple[str, ...], words: str
) -> None:
    answer = checkout.run(*arguments)

    assert answer.returncode == 2
    assert words in answer.stderr.splitlines()[0]
    assert not checkout.asked


# --- behind the script: the command that it starts ------------------------------------------------


def serve(*arguments: str, **told: str) -> subprocess.CompletedProcess[str]:
    program = "import sys; from lingyan.cli import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", program, "serve", *arguments],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "lingyan.config.settings", **told},
        capture_output=True,
        text=True,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_used_port_names_the_next(tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        port = held.getsockname()[1]

        answer = serve("--port", str(port), "--data", str(tmp_path / "data"))

    assert_refused(answer, f"端口 {port} 已被占用", "请换一个", f"--port {port + 1}")
    assert not (tmp_path / "data" / "lingyan.sqlite3").exists()


def test_a_data_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    answer = serve("--data", str(tmp_path / "file" / "data"))

    assert_refused(answer, "数据目录不能写入", "--data")


def test_a_second_start_on_the_same_data_is_refused(tmp_path: Path) -> None:
    """It would end the running jobs of the first, and wait in vain for a demo being made."""
    with (tmp_path / ".serving").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        answer = serve("--data", str(tmp_path), "--port", str(free_port()))

    assert_refused(answer, "已有一个领雁在使用数据目录", "--data")
    assert not (tmp_path / "lingyan.sqlite3").exists()


def test_a_new_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        serve("--port", str(held.getsockname()[1]), "--data", str(tmp_path / "data"))

    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_a_setting_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    answer = serve("--data", str(tmp_path), "--port", str(free_port()), LINGYAN_LOG_LEVEL="loud")

    assert_refused(answer, "LINGYAN_LOG_LEVEL", "WARNING")


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "lingyan.sqlite3").write_bytes(b"no database at all " * 100)

    answer = serve("--data", str(tmp_path), "--port", str(free_port()))

    assert_refused(answer, "数据库文件已损坏", "lingyan restore", str(tmp_path))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("database or disk is full", "磁盘已满"),
        ("attempt to write a readonly database", "没有写入的权限"),
        ("unable to open database file", "打不开"),
        ("database is locked", "正被另一个程序占用"),
        ("database disk image is malformed", "已损坏"),
    ],
)
def test_what_the_disk_does_to_the_database_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], said: str, words: str
) -> None:
    monkeypatch.setattr(cli, "_run", Mock(side_effect=OperationalError(said)))

    assert cli.main(["serve"]) == 2

    [line] = capsys.readouterr().err.splitlines()
    assert words in line


def test_a_mistake_of_ours_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_run", Mock(side_effect=OperationalError("no such table: x")))

    with pytest.raises(OperationalError):
        cli.main(["serve"])


@pytest.mark.django_db
def test_a_first_start_that_is_ended_in_its_middle_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else the next start would find places, and make no demo."""
    monkeypatch.setattr(counties, "build", Mock(side_effect=KeyboardInterrupt))

    with pytest.raises(KeyboardInterrupt):
        setup.first_start("taibai", demo=True, say=lambda _text: None)

    assert not Place.objects.exists()
