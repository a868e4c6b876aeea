"""How does the product write its log: JSON lines that tell what went wrong and name nobody?

Other libraries' messages carry addresses, form values and rows ("Key (name)=(…) already exists").
So of a foreign record only the text before its values were filled in is kept, and of an exception
its kind and the places in the code, never its words.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import datetime
from pathlib import Path
from typing import Any

from lingyan.common import clock
from lingyan.platform.audit import circumstances

OURS = "lingyan"
FRAMES = 12


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, where from, what, and the request that it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, tz=clock.BEIJING)
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _text(record),
        }
        if request_id := circumstances.current().request_id:
            line["request_id"] = request_id
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = described(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _text(record: logging.LogRecord) -> str:
    """Our own messages are whole; of others only the pattern, without what was put into it."""
    is_ours = record.name == OURS or record.name.startswith(f"{OURS}.")
    return record.getMessage() if is_ours else str(record.msg)


def described(error: BaseException) -> list[dict[str, Any]]:
    """The error and what caused it: kinds and places, no words."""
    found: list[dict[str, Any]] = []
    current: BaseException | None = error
    while current is not None and len(found) < 5:
        frames = traceback.extract_tb(current.__traceback__)[-FRAMES:]
        places = [f"{_short(one.filename)}:{one.lineno} {one.name}" for one in frames]
        found.append({"kind": type(current).__qualname__, "at": places})
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return found


def _short(filename: str) -> str:
    return "/".join(Path(filename).parts[-3:])


def logging_settings(*, production: bool, level: str = "") -> dict[str, Any]:
    """One handler to the error stream; every request is a line in production."""
    chosen = level or ("INFO" if production else "WARNING")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "lingyan.config.logs.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "lingyan": {"level": chosen},
            # Django has handlers of its own here, which print addresses and write mails.
            "django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
            "django.server": {"handlers": [], "propagate": False},
        },
    }
