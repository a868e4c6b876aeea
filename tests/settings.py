"""The product's own settings, in a folder that vanishes, with quick passwords and jobs at once."""

from __future__ import annotations

import os
import tempfile

# Tests never touch a real data folder.
os.environ["LINGYAN_DATA"] = tempfile.mkdtemp(prefix="lingyan-test-")
if address := os.environ.get("LINGYAN_TEST_DATABASE_URL"):
    os.environ["LINGYAN_DATABASE_URL"] = address

from lingyan.config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

# A file rather than memory: two writers at once need a database of their own connection each.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": f"{os.environ['LINGYAN_DATA']}/test.sqlite3"}  # noqa: F405
