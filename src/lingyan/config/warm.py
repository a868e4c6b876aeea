"""What can be got ready while nobody is waiting yet, so that the first visit is as quick as others?

Pages and their templates are loaded when they are first asked for, some of them with the engine
behind them: most of a second, paid by whoever comes first. Nothing here reads the database.
What has been loaded then stays until the end: the collector of garbage need not walk through it
again and again, which takes a tenth of a second from the page of whoever happens to be asking.
"""

from __future__ import annotations

import gc
import logging
from importlib import import_module
from pathlib import Path
from threading import Thread

from django.apps import apps
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import get_resolver

log = logging.getLogger(__name__)
# What pages import only once they need it.
LATE = (
    "lingyan_matching.explain",
    "lingyan_matching.explain_stable",
    "lingyan_matching.compare",
    "lingyan_matching.infeasible",
    "lingyan_matching.repair",
    "lingyan_matching.verify",
)


def warm_up() -> int:
    """Load every page, every template of ours and the engine; answers how many templates."""
    assert get_resolver().url_patterns
    for name in LATE:
        import_module(name)
    return sum(_is_loaded(name) for name in _templates())


def warm_up_beside() -> Thread:
    """The same while the server begins to answer."""
    thread = Thread(target=_quietly, name="warm-up", daemon=True)
    thread.start()
    return thread


def _quietly() -> None:
    try:
        warm_up()
        settle()
    except Exception:
        log.exception("the first visit of some pages will be slow")


def settle() -> None:
    """Whatever is loaded by now is no garbage and will not become any."""
    gc.collect()
    gc.freeze()


def _templates() -> list[str]:
    folders = [
        Path(app.path) / "templates"
        for app in apps.get_app_configs()
        if app.name.startswith("lingyan.")
    ]
    return [
        path.relative_to(folder).as_posix()
        for folder in folders
        for path in sorted(folder.rglob("*.html"))
    ]


def _is_loaded(name: str) -> bool:
    try:
        get_template(name)
    except TemplateDoesNotExist:
        return False
    return True
