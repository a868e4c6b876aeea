"""How does a web server start the product?"""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lingyan.config.settings")
application = get_wsgi_application()

from lingyan.config.warm import warm_up_beside  # noqa: E402 - Django must be set up first

warm_up_beside()
