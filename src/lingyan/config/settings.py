"""Django settings: what the environment gives, else safe defaults."""

from __future__ import annotations

from lingyan.config import environment, logs

DATA_FOLDER = environment.data_folder()
PRODUCTION = environment.is_production()

SECRET_KEY = environment.kept_secret(DATA_FOLDER, "secret_key")
FIELD_KEY = environment.kept_secret(DATA_FOLDER, "field_key")
FIELD_KEY_FILE = environment.secret_file(DATA_FOLDER, "field_key")
DEBUG = False
ALLOWED_HOSTS = environment.names("LINGYAN_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = environment.names("LINGYAN_ORIGINS", [])

INSTALLED_APPS = [
    "lingyan.platform.accounts",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "lingyan.platform.access",
    "lingyan.platform.audit",
    "lingyan.platform.checks",
    "lingyan.platform.exchange",
    "lingyan.platform.jobs",
    "lingyan.platform.ui",
    "lingyan.directory",
    "lingyan.supervision",
    "lingyan.posting",
    "lingyan.pairing",
    "lingyan.organization",
    "lingyan.briefings",
    "lingyan.api",
    "lingyan.config",
]

MIDDLEWARE = [
    "lingyan.config.middleware.StackRoom",
    "lingyan.config.tracing.RequestTrace",
    "django.middleware.security.SecurityMiddleware",
    "lingyan.config.middleware.Compressed",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lingyan.config.middleware.ContentSecurityPolicy",
    "lingyan.config.middleware.DemoMark",
    "lingyan.config.middleware.PlainText",
    "lingyan.platform.accounts.duties.SessionLimits",
    "lingyan.platform.wall.middleware.OpenWhileFindingOut",
    "lingyan.config.middleware.ActingRole",
    "lingyan.platform.wall.middleware.Wall",
    "lingyan.config.tracing.SealedLooks",
    "allauth.account.middleware.AccountMiddleware",
    "lingyan.platform.accounts.duties.AccountDuties",
    "lingyan.config.middleware.RefusalPages",
    "lingyan.config.burden.FormTimes",
]

ROOT_URLCONF = "lingyan.config.urls"
WSGI_APPLICATION = "lingyan.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "lingyan.config.shell.shell",
            ],
            "builtins": ["lingyan.platform.ui.templatetags.ui"],
        },
    }
]

DATABASES = {"default": environment.database(DATA_FOLDER)}
# A second wall behind the scope of every query; SQLite has none.
ROW_SECURITY = (
    environment.boolean("LINGYAN_ROW_SECURITY", default=False)
    and DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"
)
if ROW_SECURITY:
    DATABASES["default"]["ENGINE"] = "lingyan.platform.wall.postgresql"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"

PASSWORD_LENGTH = environment.integer("LINGYAN_PASSWORD_LENGTH", 10)
PASSWORD_DAYS = environment.integer("LINGYAN_PASSWORD_DAYS", 90)
PASSWORD_HISTORY = environment.integer("LINGYAN_PASSWORD_HISTORY", 5)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": PASSWORD_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "lingyan.platform.accounts.passwords.SeveralKinds"},
    {"NAME": "lingyan.platform.accounts.passwords.NotTheName"},
    {"NAME": "lingyan.platform.accounts.passwords.NotUsedLately"},
]

LOCK_AFTER = environment.integer("LINGYAN_LOCK_AFTER", 5)
LOCK_ADDRESS_AFTER = environment.integer("LINGYAN_LOCK_ADDRESS_AFTER", 50)
LOCK_MINUTES = environment.integer("LINGYAN_LOCK_MINUTES", 15)
IDLE_MINUTES = environment.integer("LINGYAN_IDLE_MINUTES", 15 if PRODUCTION else 240)
SESSION_HOURS = environment.integer("LINGYAN_SESSION_HOURS", 12)
NOTICE_REQUIRED = environment.boolean("LINGYAN_NOTICE", default=PRODUCTION)
NOTICE_FILE = environment.text("LINGYAN_NOTICE_FILE")
IDLE_DAYS = environment.integer("LINGYAN_IDLE_DAYS", 90)
SINGLE_SESSION = environment.boolean("LINGYAN_SINGLE_SESSION", default=False)
THREE_ADMINISTRATORS = ["sys_admin", "sec_admin", "audit_admin"]
SECOND_FACTOR_ROLES = environment.names(
    "LINGYAN_SECOND_FACTOR_ROLES", THREE_ADMINISTRATORS if PRODUCTION else []
)

ACCOUNT_ADAPTER = "lingyan.platform.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # counted in the database, see accounts/guard.py
ACCOUNT_FORMS = {
    "login": "lingyan.platform.accounts.forms.SignInForm",
    "reauthenticate": "lingyan.platform.accounts.forms.PasswordAgainForm",
}
MFA_ADAPTER = "lingyan.platform.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "领雁"
MFA_TOTP_TOLERANCE = 1  # a county's machines have no common clock
MFA_FORMS = {
    "authenticate": "lingyan.platform.accounts.forms.CodeForm",
    "reauthenticate": "lingyan.platform.accounts.forms.CodeAgainForm",
    "activate_totp": "lingyan.platform.accounts.forms.ActivateForm",
}
# Behind how many proxies of our own the product stands: their header then names the address.
ALLAUTH_TRUSTED_PROXY_COUNT = environment.integer("LINGYAN_PROXIES", 0)

IDENTITY = environment.identity_provider()
IDENTITY_NAME = IDENTITY["name"] if IDENTITY else ""
SOCIALACCOUNT_ADAPTER = "lingyan.platform.accounts.adapter.IdentityAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [IDENTITY] if IDENTITY else []}}

# Shared by all processes: a code of the second factor must not be taken twice.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_FOLDER / "cache",
    }
}

SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
# Front-end files come from the installed packages; nothing is collected or built.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 600
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_FOLDER / "files"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

EXPORT_APPROVAL_DAYS = environment.integer("LINGYAN_EXPORT_APPROVAL_DAYS", 7)
KEEP_EXPORTS_MONTHS = environment.integer("LINGYAN_KEEP_EXPORTS_MONTHS", 60)
KEEP_IMPORTS_MONTHS = environment.integer("LINGYAN_KEEP_IMPORTS_MONTHS", 12)
EXPORT_ROWS_MAX = environment.integer("LINGYAN_EXPORT_ROWS", 500)
UPLOAD_MAX_BYTES = environment.integer("LINGYAN_UPLOAD_MAX_MB", 20) * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
API_PER_MINUTE = environment.integer("LINGYAN_API_PER_MINUTE", 600)

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default"],
    }
}

LOGGING = logs.logging_settings(
    production=PRODUCTION, level=environment.log_level("LINGYAN_LOG_LEVEL")
)
