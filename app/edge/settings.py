"""Settings of a site's forwarder (`ONEMAP_EDGE_…`); docs/edge.md lists them."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class EdgeSettings(BaseSettings):
    """Defaults take HTTP on the loopback address and refuse when a gigabyte waits."""

    model_config = SettingsConfigDict(env_prefix="ONEMAP_EDGE_", env_file=".env", extra="ignore", frozen=True)

    centre: Annotated[str, Field(pattern=r"^https?://[^/]+")]
    key: SecretStr
    ca: Path | None = None
    data: Path = Path(".onemap/edge")
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8010
    local_key: SecretStr = SecretStr("")
    enterprise: str = ""
    hj212_port: Annotated[int | None, Field(ge=0, le=65535)] = None
    hj212_devices: Path | None = None
    mqtt_url: SecretStr = SecretStr("")
    mqtt_topic: Annotated[str, Field(min_length=1)] = "safety/#"
    mqtt_client: Annotated[str, Field(min_length=1, max_length=60)] = "onemap-edge"
    mqtt_ca: Path | None = None
    drop_folder: Path | None = None
    most_mb: Annotated[float, Field(gt=0, le=1_000_000)] = 1000
    when_full: Literal["refuse", "drop-oldest"] = "refuse"
    longest_wait: Annotated[float, Field(ge=0.05, le=3600)] = 60.0
