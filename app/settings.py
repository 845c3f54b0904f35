"""Settings from the environment (`ONEMAP_…`), a `.env` file and the command line; docs/settings.md lists them."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class ExternalBaseMap(BaseModel):
    """One external base map, off unless listed; `{z}` `{x}` `{y}` `{key}` are filled in, `datum` says its shift."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    title_zh: str
    title_en: str
    url: str
    kind: Literal["xyz", "wmts"] = "xyz"
    key: str = ""
    datum: Literal["CGCS2000", "WGS84", "GCJ-02"] = "CGCS2000"
    attribution: str = ""
    map_approval_no: str = ""
    max_zoom: int = 18


class ClaimRule(BaseModel):
    """Who bears a value of a claim at the identity provider holds a role in these areas."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    claim: Annotated[str, Field(min_length=1)]
    value: Annotated[str, Field(min_length=1)]
    role: str
    areas: Annotated[tuple[str, ...], Field(min_length=1)]
    enterprises: frozenset[str] | None = None


class IssuingOrgan(BaseModel):
    """One organ that issues documents: its areas' code prefix, its words, and a PNG of its seal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    area: Annotated[str, Field(pattern=r"^[0-9]*$")]
    name: Annotated[str, Field(min_length=1, max_length=40)]
    short: Annotated[str, Field(pattern=r"^[^（）()〔〕\[\]【】/\s]{1,20}$")]
    review_organ: Annotated[str, Field(min_length=1)]
    court: Annotated[str, Field(min_length=1)]
    seal: Path | None = None


class Settings(BaseSettings):
    """Everything an operator may turn; defaults run the embedded demo on the loopback address."""

    model_config = SettingsConfigDict(env_prefix="ONEMAP_", env_file=".env", extra="ignore", frozen=True)

    data: Path = Path(".onemap/data")
    database_url: str | None = None
    heads: Path | None = None
    heads_key: Path | None = None
    identity_key: Path | None = None
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    root_path: Annotated[str, Field(pattern=r"^(/[A-Za-z0-9._~-]+)*$")] = ""
    trusted_proxies: str = "127.0.0.1"
    tls_cert: Path | None = None
    tls_key: Path | None = None
    city_title: str = "云澜市安全生产一张图"
    city_title_en: str = "Yunlan work-safety map"
    production: bool = False
    map_approval_no: str = ""
    take_along: bool = True
    session_hours: Annotated[int, Field(ge=1, le=72)] = 8
    duty_session_hours: Annotated[int, Field(ge=1, le=72)] = 12
    largest_upload: Annotated[int, Field(ge=1_000, le=10_000_000_000)] = 50_000_000
    hosts: tuple[str, ...] = ()
    head_seconds: Annotated[float, Field(ge=0.1, le=600)] = 20.0
    keep_alive_seconds: Annotated[int, Field(ge=1, le=3600)] = 75
    body_seconds: Annotated[float, Field(ge=0.1, le=600)] = 30.0
    streams_per_address: Annotated[int, Field(ge=1, le=100_000)] = 100
    log_level: Literal["debug", "info", "warning", "error"] = "warning"
    audit_months: Annotated[int, Field(ge=1, le=120)] = 12
    projection_seconds: Annotated[float | None, Field(ge=1, le=3600)] = None
    demo_video: bool = True
    demo_scenario: bool = True
    demo_seconds: Annotated[float, Field(ge=1, le=60)] = 5.0
    job_days: Annotated[int, Field(ge=1, le=365)] = 7
    base_relief: bool = True
    render_workers: Annotated[int, Field(ge=1, le=32)] = 2
    tile_cache_mb: Annotated[int, Field(ge=0, le=1_000_000)] = 512
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret: SecretStr = SecretStr("")
    oidc_scopes: str = "openid profile"
    oidc_title: str = "统一身份认证"
    oidc_title_en: str = "Single sign-on"
    oidc_rules: tuple[ClaimRule, ...] = ()
    oidc_ca: Path | None = None
    external_base_maps: tuple[ExternalBaseMap, ...] = ()
    remote_hosts: tuple[str, ...] = ()
    video_hosts: tuple[str, ...] = ()
    video_folder: Path | None = None
    video_analysis: bool = False
    video_rejected_days: Annotated[int, Field(ge=1, le=36_500)] = 30
    video_pending_days: Annotated[int, Field(ge=1, le=36_500)] = 180
    video_disk_share: Annotated[float, Field(gt=0, le=1)] = 0.3
    video_streams: Annotated[int, Field(ge=1, le=10_000)] = 40
    video_streams_each: Annotated[int, Field(ge=1, le=1_000)] = 4
    hall_cameras: tuple[str, ...] = ()
    hj212_port: Annotated[int | None, Field(ge=0, le=65535)] = None
    hj212_devices: dict[str, SecretStr] = {}
    mqtt_url: SecretStr = SecretStr("")
    mqtt_topic: Annotated[str, Field(min_length=1)] = "safety/#"
    mqtt_client: Annotated[str, Field(min_length=1, max_length=60)] = "onemap"
    mqtt_ca: Path | None = None
    drop_folder: Path | None = None
    cap_sender: Annotated[str, Field(pattern=r"^[^\s,<&]{1,120}$")] = "onemap@localhost"
    cap_hosts: tuple[str, ...] = ()
    site_address: Annotated[str, Field(pattern=r"^(https?://[^\s?#]+)?$")] = ""
    mail_url: SecretStr = SecretStr("")
    mail_from: str = ""
    sms_url: Annotated[str, Field(pattern=r"^(https?://\S+|sink:)?$")] = ""
    sms_secret: SecretStr = SecretStr("")
    webhook_url: Annotated[str, Field(pattern=r"^(https?://\S+|sink:)?$")] = ""
    webhook_secret: SecretStr = SecretStr("")
    message_days: Annotated[int, Field(ge=1, le=3650)] = 180
    organs: tuple[IssuingOrgan, ...] = ()
    seal_certificate: Path | None = None
    seal_passphrase: SecretStr = SecretStr("")
    remote_cache_mb: Annotated[int, Field(ge=1, le=100_000)] = 256

    @model_validator(mode="after")
    def _documents_are_checked_somewhere(self) -> Self:
        if self.organs and not self.site_address:
            raise ValueError("organs that issue documents need site_address, the address their codes are checked at")
        return self

    @property
    def heads_folder(self) -> Path:
        """Where signed heads are written."""
        return self.heads or self.data / "heads"

    @property
    def heads_key_file(self) -> Path:
        """The key they are signed with."""
        return self.heads_key or self.heads_folder / "key"

    @property
    def identity_key_file(self) -> Path:
        """The key second factors are sealed with."""
        return self.identity_key or self.data / "identity.key"

    @property
    def loopback(self) -> bool:
        """Only this machine can reach the server."""
        return self.host in ("127.0.0.1", "::1", "localhost")
