"""Which modules, pages, background jobs and sheets make up the product? The one list."""

from __future__ import annotations


def connect() -> None:
    """Hand the platform what the modules offer; called once when Django is ready."""
    from lingyan.directory import queries
    from lingyan.platform.jobs import registry

    registry.ACTOR_OF[:] = [queries.find_actor]
