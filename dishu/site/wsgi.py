"""The door for a production server."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dishu.site.settings")
application = get_wsgi_application()
#: All views are read before the first request comes; otherwise it, and all that come meanwhile, wait seconds for them.
ROUTES = get_resolver().url_patterns
