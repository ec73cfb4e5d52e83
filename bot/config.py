"""Settings from a TOML file and the environment, checked whole before anything starts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from annotated_types import Ge, Le
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.model import DAY, Break, Pace


class ConfigError(Exception):
    """The settings cannot be used. Each line names a key, its value, and the fix."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BreakDays(_Section):
    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> BreakDays:
        if self.last < self.first:
            raise ValueError("a break ends on or after its first day: swap `first` and `last`")
        return self


class SocietySection(_Section):
    name: str = Field(min_length=1, max_length=80)
    zone: str = "America/New_York"
    breaks: tuple[BreakDays, ...] = ()

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("write an IANA name such as America/Chicago")
        return zone


class DatabaseSection(_Section):
    url: str = "sqlite+aiosqlite:///preceptor.db"
    backups: str = "backups"
    """The folder for the daily copies of a SQLite database; empty for none."""

    @field_validator("url")
    @classmethod
    def _ours(cls, url: str) -> str:
        if not url.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise ValueError("begin it with sqlite+aiosqlite:/// or postgresql+asyncpg://")
        return url


QUIET = 16
"""Hours of a day that may be quiet at most."""


class PaceSection(_Section):
    quiet_from: int = Field(21, ge=0, le=23)
    quiet_until: int = Field(8, ge=0, le=23)
    mentor_daily: int = Field(1, ge=1, le=5)
    mentee_daily: int = Field(3, ge=1, le=10)
    mentors_each: int = Field(2, ge=1, le=10)
    seasonal: bool = True
    digest: bool = True
    first_words_days: float = Field(3, ge=1, le=30)
    first_words_again_days: float = Field(7, ge=2, le=60)
    slow_start_days: float = Field(10, ge=3, le=90)
    first_checkin_days: float = Field(14, ge=3, le=60)
    again_days: float = Field(4, ge=3, le=30)
    to_officers_days: float = Field(5, ge=1, le=30)
    intro_reminder_days: float = Field(3, ge=1, le=30)
    intro_expiry_days: float = Field(7, ge=2, le=60)
    not_now_days: float = Field(60, ge=7, le=365)
    closing: bool = True
    closing_month: int = Field(4, ge=1, le=12)
    closing_day: int = Field(15, ge=1, le=28)
    closing_least_days: float = Field(90, ge=0, le=365)
    line_hold_days: float = Field(3, ge=1, le=14)

    @model_validator(mode="after")
    def _in_order(self) -> PaceSection:
        if not self.first_words_days < self.first_words_again_days < self.slow_start_days:
            raise ValueError(
                "a new pair is asked, asked again, and then seen by an officer, each later than the last: "
                "first_words_days, first_words_again_days, slow_start_days"
            )
        if self.intro_reminder_days >= self.intro_expiry_days:
            raise ValueError("a request lapses after its reminder, not before: intro_reminder_days, intro_expiry_days")
        if (self.quiet_until - self.quiet_from) % 24 > QUIET:
            raise ValueError(
                f"quiet hours last at most {QUIET} hours, or nobody could be written to: quiet_from, quiet_until"
            )
        return self


class KeepSection(_Section):
    """For how long what is kept; a society may keep less than we do, and not much more."""

    answers_days: float = Field(365, ge=30, le=365)
    ended_days: float = Field(90, ge=7, le=365)
    sent_days: float = Field(30, ge=1, le=365)
    audit_days: float = Field(730, ge=90, le=730)
    inactive_days: float = Field(365, ge=90, le=730)
    notice_days: float = Field(30, ge=7, le=90)
    left_days: float = Field(30, ge=7, le=90)


class DiscordSection(_Section):
    server: str
    watch_members: bool = False
    commands: Literal["server", "global"] = "server"
    new_conversations: int = Field(10, ge=1, le=60)

    @field_validator("server")
    @classmethod
    def _a_number(cls, server: str) -> str:
        if not server.isdecimal() or len(server) < 15:
            raise ValueError("write the server's id: in Discord, right-click the server, Copy Server ID")
        return server


class SlackSection(_Section):
    workspace: str = ""
    mode: Literal["socket", "http"] = "socket"
    host: str = "127.0.0.1"
    port: int = Field(3000, ge=1, le=65535)
    address: str = ""
    client_id: str = ""
    rooms_activity: bool = False
    user_groups: bool = False

    @field_validator("workspace")
    @classmethod
    def _an_id(cls, workspace: str) -> str:
        if workspace and (not workspace.startswith("T") or not workspace.isalnum()):
            raise ValueError("write the workspace's id, T and letters: it stands in the address of Slack in a browser")
        return workspace

    @field_validator("address")
    @classmethod
    def _public(cls, address: str) -> str:
        if address and (not address.startswith("https://") or address.count("/") != 2):
            raise ValueError("write the public address of your proxy: https:// and a name, without a path")
        return address

    @model_validator(mode="after")
    def _whole(self) -> SlackSection:
        if self.client_id and not (self.mode == "http" and self.address):
            raise ValueError('several workspaces (`client_id`) need mode = "http", and `address`: https://…')
        if not self.workspace and not self.client_id:
            raise ValueError("write the workspace's id (`workspace`), T and letters")
        return self

    @property
    def several(self) -> bool:
        """Whether any workspace may install the app."""
        return bool(self.client_id)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets that this way of being on Slack needs."""
        if self.several:
            return "slack_signing_secret", "slack_client_secret"
        return "slack_bot_token", "slack_signing_secret" if self.mode == "http" else "slack_app_token"


class PlaygroundSection(_Section):
    port: int = Field(8787, ge=0, le=65535)


class OfficeSection(_Section):
    enabled: bool = False
    host: str = "127.0.0.1"
    port: int = Field(8789, ge=1, le=65535)
    address: str = ""

    @field_validator("address")
    @classmethod
    def _safe(cls, address: str) -> str:
        here = re.fullmatch(r"http://(127\.0\.0\.1|localhost)(:\d{1,5})?", address)
        if address and not here and not re.fullmatch(r"https://[a-z0-9.-]+(:\d{1,5})?", address):
            raise ValueError("write where officers reach it: https:// and a name in small letters, without a path")
        return address

    @model_validator(mode="after")
    def _whole(self) -> OfficeSection:
        if self.host not in ("127.0.0.1", "::1", "localhost") and not self.address.startswith("https://"):
            raise ValueError(
                "beyond this computer it needs `address`: https://…, with a proxy that has the certificate"
            )
        return self


class Settings(BaseSettings):
    """Everything a society can set. Environment variables win: `PRECEPTOR_DATABASE__URL=…`."""

    model_config = SettingsConfigDict(env_prefix="PRECEPTOR_", env_nested_delimiter="__", extra="forbid", frozen=True)

    society: SocietySection
    database: DatabaseSection = DatabaseSection()
    pace: PaceSection = PaceSection()
    keep: KeepSection = KeepSection()
    discord: DiscordSection | None = None
    slack: SlackSection | None = None
    playground: PlaygroundSection = PlaygroundSection()
    office: OfficeSection = OfficeSection()
    discord_token: SecretStr | None = None
    """The bot's token. Only from the environment, as those of Slack."""
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_secret: SecretStr | None = None
    key: SecretStr | None = None
    """32 bytes in hexadecimal, with which sensitive fields are encrypted. Only from the environment."""

    @field_validator("key")
    @classmethod
    def _strong(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None:
            words = key.get_secret_value()
            if len(words) != 64 or any(c not in "0123456789abcdef" for c in words.lower()):
                raise ValueError("set PRECEPTOR_KEY to 64 hexadecimal digits, as `preceptor key` prints them")
        return key

    @model_validator(mode="after")
    def _with_tokens(self) -> Settings:
        needed = ["discord_token"] if self.discord else []
        for name in (*needed, *(self.slack.secrets if self.slack else ())):
            if getattr(self, name) is None:
                platform = name.partition("_")[0]
                raise ValueError(f"[{platform}] needs PRECEPTOR_{name.upper()} in the environment")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.society.zone)

    def as_pace(self) -> Pace:
        """The society's clock, as the rules read it."""
        kept = {f"keep_{name}": value for name, value in self.keep.model_dump().items()}
        given = _timed(self.pace.model_dump() | kept)
        assert given.keys() <= {field.name for field in fields(Pace)}
        breaks = tuple(Break(each.first, each.last) for each in self.society.breaks)
        return Pace(**given, breaks=breaks)


def paced(usual: Pace, chosen: Iterable[tuple[str, str]]) -> Pace:
    """The clock of a society that chose some of it for itself.

    What was chosen before a limit was drawn closer does not hold: then all is as usual.
    """
    if not (given := dict(chosen)):
        return usual
    try:
        return replace(usual, **_timed(within_limits(usual, given).model_dump()))
    except ValidationError:
        return usual


def within_limits(usual: Pace, chosen: Mapping[str, str]) -> PaceSection:
    """The section as it would stand in the file with these in it. Raises pydantic's ValidationError."""
    return PaceSection.model_validate(as_written(usual) | dict(chosen))


def as_written(pace: Pace) -> dict[str, int | float | bool]:
    """The clock as it stands in the settings file: spans in days."""
    return {
        name: getattr(pace, name.removesuffix("_days")) / DAY if name.endswith("_days") else getattr(pace, name)
        for name in PaceSection.model_fields
    }


def limits(name: str) -> tuple[float, float] | None:
    """The least and the most that a setting may be; None for one that is only yes or no."""
    found = {type(each): each for each in PaceSection.model_fields[name].metadata}
    least, most = found.get(Ge), found.get(Le)
    return (float(str(least.ge)), float(str(most.le))) if least and most else None


def _timed(written: Mapping[str, Any]) -> dict[str, Any]:
    """Settings by the names that the rules have for them, days as spans of time."""
    return {
        name.removesuffix("_days"): value * DAY if name.endswith("_days") else value for name, value in written.items()
    }


SECRETS = frozenset(
    ["key", "discord_token", "slack_bot_token", "slack_app_token", "slack_signing_secret", "slack_client_secret"]
)


def load(path: Path) -> Settings:
    """The settings from a file and the environment.

    Raises ConfigError naming every key that is wrong, its value, and what to write instead.
    """
    try:
        given = TomlConfigSettingsSource(Settings, path)() if path.exists() else None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}. Compare with config.example.toml.") from None
    if given is None:
        raise ConfigError(f"{path}: there is no such file. Copy config.example.toml there and edit it.")
    for secret in SECRETS & given.keys():
        name = f"PRECEPTOR_{secret.upper()}"
        raise ConfigError(f"{path}: {secret}: secrets do not belong in this file. Set {name} in the environment.")
    try:
        return Settings(**given)
    except ValidationError as error:
        raise ConfigError("\n".join(_explained(path, problem) for problem in error.errors())) from None


def _explained(path: Path, problem: Any) -> str:  # noqa: ANN401
    key, kind = ".".join(str(part) for part in problem["loc"]), problem["type"]
    if kind == "missing":
        return f"{path}: {key}: missing. Add it; config.example.toml shows how."
    if kind == "extra_forbidden":
        if key.endswith(("token", "secret", "key")):
            return f"{path}: {key}: secrets do not belong in this file. Set it in the environment; README.md says how."
        return f"{path}: {key}: no such setting. Check its spelling against config.example.toml, or remove it."
    fix = _FIXES.get(kind, problem["msg"].removeprefix("Value error, ")).format(**problem.get("ctx", {}))
    if not key:
        return f"{path}: {fix}."
    if isinstance(problem["input"], dict):  # the settings of a section do not go together: the words name them
        return f"{path}: {key}: {fix}."
    value = "(hidden)" if key in SECRETS else repr(problem["input"])
    return f"{path}: {key} = {value}: {fix}."


_FIXES = {
    "string_type": "write it in quotes",
    "string_too_short": "write something here",
    "string_too_long": "make it {max_length} characters at most",
    "int_type": "write a whole number, without quotes",
    "int_parsing": "write a whole number, without quotes",
    "int_from_float": "write a whole number",
    "float_type": "write a number, without quotes",
    "float_parsing": "write a number, without quotes",
    "bool_type": "write true or false, without quotes",
    "bool_parsing": "write true or false, without quotes",
    "greater_than_equal": "write {ge} or more",
    "less_than_equal": "write {le} or less",
    "literal_error": "write {expected}",
    "date_type": "write a day like 2026-12-20, without quotes",
    "date_parsing": "write a day like 2026-12-20, without quotes",
    "date_from_datetime_parsing": "write a day like 2026-12-20, without quotes",
    "tuple_type": "write a list in brackets; config.example.toml shows how",
    "model_type": "write it as a section in brackets; config.example.toml shows how",
}
"""What to write instead, by the name that pydantic has for the mistake."""
