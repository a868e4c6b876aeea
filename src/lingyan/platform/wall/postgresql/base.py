"""When is the database told how far it may be reached? Before the next statement after a change.

Told by session settings, in the one statement that also takes on the role that owns no tables. A
rollback takes settings back too, so after one they are told again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql import base

from lingyan.platform.wall import reach
from lingyan.platform.wall.policies import ROLE, ranges
from lingyan.platform.wall.reach import Reach

TELL = (
    "SELECT set_config('role', %s, false), set_config('lingyan.everything', %s, false), "
    "set_config('lingyan.register', %s, false), set_config('lingyan.near', %s, false), "
    "set_config('lingyan.home', %s, false), set_config('lingyan.units', %s, false), "
    "set_config('lingyan.person', %s, false), set_config('lingyan.account', %s, false)"
)


class DatabaseWrapper(base.DatabaseWrapper):
    _told: Reach | None = None
    _is_rolling_back = False

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self._told = None
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        self._tell()
        return super().create_cursor(name)

    def set_autocommit(self, autocommit: bool, *rest: Any, **named: Any) -> None:
        """A transaction may have to begin with a statement of its own, so it is told before."""
        if not autocommit:
            self.ensure_connection()
            self._tell()
        super().set_autocommit(autocommit, *rest, **named)

    def _tell(self) -> None:
        wanted = reach.wanted()
        if wanted != self._told and not self._is_rolling_back:
            with self.connection.cursor() as cursor:
                cursor.execute(TELL, _values(wanted))
            self._told = wanted

    def _rollback(self) -> None:
        self._told = None
        super()._rollback()  # type: ignore[misc]  # Django's own hook

    def _savepoint_rollback(self, sid: str) -> None:
        # A transaction that has failed takes no other statement before this one.
        self._is_rolling_back = True
        try:
            super()._savepoint_rollback(sid)  # type: ignore[misc]  # Django's own hook
        finally:
            self._is_rolling_back, self._told = False, None


def _values(wanted: Reach) -> list[str]:
    return [
        "none" if wanted.as_owner else ROLE,
        "on" if wanted.everything or wanted.as_owner else "",
        "on" if wanted.register else "",
        ranges(wanted.near),
        ranges(wanted.home),
        _list(wanted.unit_ids),
        str(wanted.person_id or ""),
        "" if wanted.user_id is None else str(wanted.user_id),
    ]


def _list(values: Iterable[object]) -> str:
    return ",".join(map(str, values))
