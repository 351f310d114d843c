"""The site's settings for tests: a database of their own under build/, cheap passwords."""

import os
from pathlib import Path

os.environ.setdefault("DISHU_HOME", str(Path(__file__).parents[1] / "build" / "site"))
# The house's own accounts are switched on, so that every page is tested with them; nobody answers at this address.
os.environ |= {"DISHU_OIDC_URL": "http://127.0.0.1:1", "DISHU_OIDC_ID": "dishu", "DISHU_OIDC_SECRET": "made-up-secret"}

from dishu.site.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  (whitenoise warns where it is missing)
# A connection that grows old is closed after a streamed answer, in the middle of a test's transaction.
DATABASES["default"]["CONN_MAX_AGE"] = None  # noqa: F405
