"""Every knob of Kefu. Each is an environment variable `KEFU_<NAME>`, or a line of the settings file.

    environment  >  file named by KEFU_SETTINGS_FILE, else ./kefu.env  >  the defaults below

A variable that Kefu does not know, or a value it cannot use, stops the start with a sentence that names it. The
description of each field is the text of docs/settings.md.
"""

import difflib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator

from bot.people_settings import PeopleSettings

PREFIX = "KEFU_"
FILE_VARIABLE = "KEFU_SETTINGS_FILE"
DEFAULT_FILE = Path("kefu.env")
PACKAGE_ROOT = Path(__file__).parents[1]
OWN_CHANNELS = frozenset({"rest", "socketio", "web"})
"""Their settings are Kefu's own, below."""
LEAST_SECRETS: Mapping[str, int] = {
    "api_token": 16,
    "rest_token": 16,
    "identity_secret": 32,
    "session_secret": 32,
    "socketio_jwt_key": 32,
    "handoff_token": 8,
    "handoff_secret": 8,
    "handoff_previous_secret": 8,
}
"""How many characters each must have; an empty secret would let anybody in."""
CHANNELS = "channels"
ATTACHMENT_TYPES = (
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/heic",
    "application/pdf",
    "text/plain",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "audio/mpeg",
    "audio/ogg",
    "audio/mp4",
    "audio/aac",
    "audio/amr",
    "audio/wav",
    "video/mp4",
    "video/quicktime",
    "video/3gpp",
    "video/webm",
)
"""Photos, documents, voice messages, short films; nothing that a computer could run."""


class SettingsError(ValueError):
    """A setting is unknown or wrong; the message names it and the way out."""


class Settings(PeopleSettings):
    """All settings, typed. Build it with `load_settings()`; tests may pass fields by name."""

    host: str = Field(default="127.0.0.1", description="Address to listen on. `0.0.0.0` serves other machines too.")
    port: int = Field(default=8000, ge=0, le=65535, description="TCP port to listen on.")
    public_url: str | None = Field(
        default=None,
        description="The address customers use when a proxy stands in front, e.g. `https://chat.example.com`.",
    )
    database_url: str = Field(
        default="sqlite:///var/kefu.db",
        description="SQLAlchemy URL: `sqlite:///path/kefu.db`, or `postgresql+pg8000://user:password@host/name` "
        "(needs the extra `postgres`).",
    )
    sqlite_synchronous: Literal["FULL", "NORMAL", "EXTRA"] = Field(
        default="FULL",
        description="How hard SQLite waits for the disk. `FULL`: an acknowledged message survives a power cut. "
        "`NORMAL`: faster; survives a crash of Kefu, not of the machine.",
    )
    redis_url: str | None = Field(
        default=None,
        description="Redis for live updates between several app processes, e.g. `redis://localhost:6379/0` "
        "(needs the extra `redis`). Without it, updates stay within the process.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severity to log."
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="`text` for people, `json` for machines: one object a line."
    )
    api_token: SecretStr | None = Field(
        default=None,
        description="Bearer token of the operators' API (`/conversations/…`). Without it those routes do not exist. "
        "At least 16 characters.",
    )
    rest_token: SecretStr | None = Field(
        default=None,
        description="Bearer token that your backend shows on the REST channel. Without it anybody who reaches Kefu may "
        "use that channel. At least 16 characters.",
    )
    identity_secret: SecretStr | None = Field(
        default=None,
        description="Secret shared with the shop's site, which signs who the customer is (JWT, HS256). "
        "At least 32 characters. Without it every identity token is refused.",
    )
    session_secret: SecretStr | None = Field(
        default=None,
        description="Signs the widget's session. At least 32 characters. Without it one is made and kept in the "
        "database, so that several processes agree.",
    )
    widget_origins: tuple[str, ...] = Field(
        default=(),
        description="Sites that may embed the widget, comma-separated, e.g. `https://shop.example.com`; "
        "`*` allows all. Kefu's own address is always allowed.",
    )
    socketio_path: str | None = Field(
        default=None,
        pattern=r"^/[\w./-]*[\w-]$",
        description="Path of Rasa's socket.io channel, e.g. `/socket.io` (needs the extra `socketio`). Without it that "
        "channel does not exist.",
    )
    socketio_namespace: str = Field(
        default="/", pattern=r"^/[\w./-]*$", description="The socket.io namespace of that channel."
    )
    socketio_origins: tuple[str, ...] = Field(
        default=(),
        description="Sites whose pages may use that channel, comma-separated; `*` allows all. Without it Kefu's own "
        "address only.",
    )
    socketio_jwt_key: SecretStr | None = Field(
        default=None,
        description="With it a client of that channel must show a JWT (HS256) signed with this key in `auth.token`. At "
        "least 32 characters.",
    )
    allow_intent_shortcut: bool = Field(
        default=False,
        description="Accept `/intent{…}` as message text on the REST channel. For tests, never in public.",
    )
    demo: bool = Field(
        default=False, description="Show the demo storefront at `/` and let visitors sign in as demo customers."
    )
    assistant_dir: Path = Field(
        default=PACKAGE_ROOT / "bot" / "assistant", description="Directory of the assistant's Rasa YAML files."
    )
    models: Path = Field(
        default=Path("var/models"),
        description="Directory of the language models you trained (`kefu models`). The promoted one serves, and the "
        "next one takes over without a restart; before the first it is the model that came with Kefu.",
    )
    model_dir: Path | None = Field(
        default=None,
        description="Serve the language model in this directory and no other; what is promoted has no effect then.",
    )
    nlu_max_error_rate: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="Of the messages that the bot acts upon, at most this share may be understood wrongly, e.g. "
        "`0.05`; it asks back on the others. The threshold that keeps it, with 95 % confidence, was worked out on "
        "examples held out from training, for each language (docs/confidence.md). Without it the model's own balance "
        "of right and wrong holds.",
    )
    nlu_drift_alarm: float = Field(
        default=0.2,
        gt=0,
        description="From this population stability index on, a change in what customers write is an alarm, on "
        "`/metrics` and in `kefu monitor report` (docs/watching-the-model.md).",
    )
    crm_models: Path = Field(
        default=Path("var/crm"),
        description="Directory of the customer models (`kefu crm fit`): segments, predictions, recommendations. The "
        "newest serves, and is taken up without a restart.",
    )
    crm_refit_hour: int | None = Field(
        default=None,
        ge=0,
        le=23,
        description="The hour by the shop's clock (`contact.time_zone` of the policy) at which the customer models are "
        "fitted anew every night, in a process of its own beside the service. Without it they are fitted only by `kefu "
        "crm fit`. Needs the extra `crm`.",
    )
    review_retention_days: int = Field(
        default=0,
        ge=0,
        description="How many days what customers wrote may be kept, redacted, for `kefu data review` to learn from. "
        "`0`: nothing is kept, and nothing can be trained on customers' words.",
    )
    policy_file: Path | None = Field(
        default=None, description="Your own shop rules (a `policy.yml`); keys left out keep their default."
    )
    action_server_url: str | None = Field(
        default=None,
        description="A rasa-sdk action server to run actions on, e.g. `http://localhost:5055/webhook`. "
        "Without it Kefu's own actions run in this process.",
    )
    action_timeout_seconds: float = Field(
        default=10.0, gt=0, le=300, description="Longest wait for that action server."
    )
    turn_threads: int = Field(
        default=16,
        ge=1,
        le=64,
        description="Turns that run at once in this process. More than processors: most of them wait for the disk, and "
        "those that wait together are committed together.",
    )
    tracker_cache_size: int = Field(
        default=1_000, ge=0, description="Conversations kept in memory between turns; the database holds all of them."
    )
    body_limit_bytes: int = Field(default=65_536, ge=1_024, description="Largest request body; more is answered 413.")
    text_limit_characters: int = Field(
        default=4_000,
        ge=100,
        description="Longest message; a longer one is answered with a polite request to shorten it.",
    )
    attachment_limit_bytes: int = Field(
        default=20_000_000,
        ge=100_000,
        le=100_000_000,
        description="Largest file that is taken; who sends a larger one is told kindly.",
    )
    attachment_types: tuple[str, ...] = Field(
        default=ATTACHMENT_TYPES,
        description="Types of files that are taken, comma-separated. What a file is, its bytes say; its name and what "
        "the sender calls it do not count.",
    )
    attachment_retention_days: int = Field(
        default=365,
        ge=0,
        description="How many days the bytes of files are kept; then only their names stay. `0`: as long as the "
        "conversation.",
    )
    messages_per_minute: int = Field(
        default=60, ge=1, description="Messages one widget connection may send a minute; more are refused for a moment."
    )

    next_best_action_file: Path | None = Field(
        default=None,
        description="Your own limits of the next best action (a `limits.yml`): fatigue, margin, vouchers; keys left "
        "out keep their default (docs/next-best-action.md).",
    )
    next_best_action_retention_days: int = Field(
        default=400,
        ge=1,
        description="How many days the choices of the next best action are kept, under pseudonyms, to learn from. "
        "Below 365 the rule about vouchers a year only sees those of so many days.",
    )
    mail_from: str | None = Field(
        default=None,
        description="Who campaign mails come from, e.g. `Kefu Shop <news@shop.example>`. Without it none is sent.",
    )
    mail_reply_to: str | None = Field(
        default=None, description="Where replies to campaign mails go; without it to the address they come from."
    )
    mails_per_minute: int = Field(default=60, ge=1, description="Campaign mails sent a minute at most.")
    smtp_host: str = Field(default="localhost", description="The mail server that takes the campaign mails.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Its port: 587 with STARTTLS, 465 with `ssl`.")
    smtp_security: Literal["starttls", "ssl", "none"] = Field(
        default="starttls",
        description="How the connection is kept secret. `none` is for a mail server on the same machine.",
    )
    smtp_user: str | None = Field(default=None, description="Login at the mail server; without it none is tried.")
    smtp_password: SecretStr | None = Field(default=None, description="Password of that login.")
    channels: Mapping[str, Mapping[str, SecretStr]] = Field(
        default_factory=dict,
        description="What was set of each messaging channel's own settings, `KEFU_<CHANNEL>_<FIELD>`, by channel and "
        "field. The channels know what they mean (docs/channels).",
    )

    @field_validator("widget_origins", "socketio_origins", mode="before")
    @classmethod
    def split_origins(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(origin.strip().rstrip("/") for origin in value.split(",") if origin.strip())

    @field_validator("attachment_types", mode="before")
    @classmethod
    def split_types(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(one.strip().lower() for one in value.split(",") if one.strip())

    @field_validator(*LEAST_SECRETS)
    @classmethod
    def long_enough(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        least = LEAST_SECRETS[str(info.field_name)]
        if value is not None and len(value.get_secret_value()) < least:
            raise ValueError(f"must have at least {least} characters")
        return value

    @field_validator("database_url")
    @classmethod
    def known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+pg8000://")):
            raise ValueError("must start with sqlite:/// or postgresql+pg8000://")
        return value


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings file and the environment. Raises SettingsError naming every wrong or unknown variable."""
    environ = os.environ if environ is None else environ
    given = {**file_values(environ), **{k: v for k, v in environ.items() if k.startswith(PREFIX)}}
    given.pop(FILE_VARIABLE, None)
    channels = take_channels(given)
    refuse_unknown(given)
    values = {name.removeprefix(PREFIX).lower(): value for name, value in given.items()}
    try:
        return Settings.model_validate({**values, CHANNELS: channels})
    except ValidationError as error:
        raise SettingsError("\n".join(explain(error))) from None


def file_values(environ: Mapping[str, str]) -> dict[str, str]:
    named = environ.get(FILE_VARIABLE)
    path = Path(named) if named else DEFAULT_FILE
    if not path.is_file():
        if named:
            raise SettingsError(f"{FILE_VARIABLE}: there is no file {named}. Correct the path or unset it.")
        return {}
    return {name: value or "" for name, value in dotenv_values(path).items() if name.startswith(PREFIX)}


def variable_names() -> list[str]:
    return [FILE_VARIABLE, *(PREFIX + name.upper() for name in Settings.model_fields if name != CHANNELS)]


def channel_names() -> list[str]:
    """The files that may be messaging channels, the longest name first: KEFU_WECOM_KF_… is not WeCom's."""
    found = {path.stem for path in (PACKAGE_ROOT / "bot" / "channels").glob("[a-z]*.py")} - {"base"} - OWN_CHANNELS
    return sorted(found, key=lambda name: (-len(name), name))


def take_channels(given: dict[str, str]) -> dict[str, dict[str, str]]:
    """Move the channels' own settings out of `given`: by channel and field."""
    taken: dict[str, dict[str, str]] = {}
    known = set(variable_names())
    for variable in sorted(set(given) - known):
        words = variable.removeprefix(PREFIX).lower()
        if channel := next((name for name in channel_names() if words.startswith(f"{name}_")), None):
            taken.setdefault(channel, {})[words.removeprefix(f"{channel}_")] = given.pop(variable)
    return taken


def refuse_unknown(names: Iterable[str]) -> None:
    known = variable_names()
    complaints = []
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=2, cutoff=0.6)
            hint = f" Did you mean {' or '.join(near)}?" if near else " docs/settings.md lists them all."
            complaints.append(f"{name}: Kefu has no such setting.{hint}")
    if complaints:
        raise SettingsError("\n".join(complaints))


def explain(error: ValidationError) -> Iterable[str]:
    """One line a wrong setting; the value stands there unless it may be a secret."""
    for problem in error.errors():
        name = str(problem["loc"][0])
        secret = "SecretStr" in str(Settings.model_fields[name].annotation)
        value = "" if secret else f" (it is {problem['input']!r})"
        yield f"{PREFIX}{name.upper()}: {problem['msg'].removeprefix('Value error, ')}{value}. See docs/settings.md."
