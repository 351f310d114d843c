"""All settings of the site in one file, read from the environment; without any, a demo on this machine."""

import os
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as lazy

from dishu.site import database

BASE = Path(__file__).parent
HOME = database.home()
#: Off unless asked for: a page with an error then says what happened in words, never a trace.
DEBUG = os.environ.get("DISHU_DEBUG") == "1"
#: Production names its own; the demo's key protects made-up data only.
SECRET_KEY = os.environ.get("DISHU_SECRET_KEY") or "demo-only-" + "0" * 40
#: Encrypts identifiers: 32 bytes or more; losing it means losing them.
DATA_KEY = (os.environ.get("DISHU_DATA_KEY") or "demo-only-" + "1" * 40).encode()
ALLOWED_HOSTS = os.environ.get("DISHU_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("DISHU_ORIGINS", "").split(",") if o]
HTTPS = bool(CSRF_TRUSTED_ORIGINS)
if HTTPS and not (os.environ.get("DISHU_SECRET_KEY") and os.environ.get("DISHU_DATA_KEY")):
    raise ImproperlyConfigured("正式网站必须设置 DISHU_SECRET_KEY 和 DISHU_DATA_KEY；演示用的密钥人人都知道。")

INSTALLED_APPS = [
    "dishu.site.api",
    "dishu.site.places",
    "dishu.site.rosters",
    "dishu.site.mine",
    "dishu.site.matching",
    "dishu.site.records",
    "dishu.site.reports",
    "dishu.site.accounts",
    "dishu.site.membership",
    "dishu.site.registry",
    "dishu.site.doubts",
    "dishu.site.intake",
    "dishu.site.territory",
    "dishu.site.trail",
    "dishu.site.ui",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dishu.site.ui.language.chosen",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dishu.site.api.door.door",
    "dishu.site.accounts.middleware.walled",
    "dishu.site.ui.readable.readable",
]
ROOT_URLCONF = "dishu.site.urls"
WSGI_APPLICATION = "dishu.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n"],  # every template speaks two languages
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dishu.site.ui.context.shell",
            ],
        },
    },
]

DATABASES = {"default": dj_database_url.parse(database.url(), conn_max_age=60, conn_health_checks=True)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "dishu.site.accounts.adapter.Adapter"
ACCOUNT_RATE_LIMITS = {"login_failed": "5/10m/key,20/10m/ip"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "底数"
#: How many proxies of our own stand in front: whose address is counted when passwords are tried.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("DISHU_PROXIES", "0"))
#: An identity provider of the house's own (OpenID Connect); see docs/how-to/log-in-with-your-own-accounts.md.
OIDC_URL = os.environ.get("DISHU_OIDC_URL", "")
OIDC_ORIGIN = "/".join(OIDC_URL.split("/")[:3])
#: Not allauth's own setting of that kind, beside which it refuses passkeys and second factors.
OIDC_ONLY = bool(OIDC_URL) and os.environ.get("DISHU_OIDC_ONLY") == "1"
if OIDC_URL:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "dishu.site.accounts.outside.Adapter"
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "house",
                    "name": os.environ.get("DISHU_OIDC_NAME") or lazy("单位统一账号"),
                    "client_id": os.environ["DISHU_OIDC_ID"],
                    "secret": os.environ["DISHU_OIDC_SECRET"],
                    "settings": {"server_url": OIDC_URL, "fetch_userinfo": True},
                }
            ],
        }
    }
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
SESSION_COOKIE_AGE = 8 * 3600  # a working day; the idle limit stands in the middleware
SESSION_SAVE_EVERY_REQUEST = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 86_400  # chosen once, kept
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
MEDIA_ROOT = HOME / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
#: A whole roster goes to disk while it arrives; nothing of it stays in memory.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

#: How long owners of unit rosters wait, encrypted, for member rosters to be matched with.
OWNERS_HELD_DAYS = int(os.environ.get("DISHU_OWNERS_HELD_DAYS", "30"))

#: Calls of one token in a minute, and the largest file a call may carry (bytes).
API_PER_MINUTE = int(os.environ.get("DISHU_API_PER_MINUTE", "600"))
API_MOST_FILE = 300_000_000

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS  # should the proxy in front ever forget to
#: Other hosts of the domain are not ours to decide upon: no HSTS for them, no preload list.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],  # ECharts sets styles of its own
    "img-src": [CSP.SELF, "data:"],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF, *([OIDC_ORIGIN] if OIDC_ORIGIN else [])],  # the log-in form leads there
    "base-uri": [CSP.NONE],
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
