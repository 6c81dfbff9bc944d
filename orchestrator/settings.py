"""The one place that reads the environment: everything an operator of this service may change."""

from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_data_path
from pydantic import Field, HttpUrl, PositiveFloat, PositiveInt, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from orchestrator.runs.record import ReasonerChoice
from tools.errors import InvalidArgumentError
from tools.spreading import Spreading, StudyBackend


class Settings(BaseSettings):
    """Read once at start, frozen, handed down as values."""

    model_config = SettingsConfigDict(env_prefix="GRIDCREW_", env_file=".env", frozen=True, extra="ignore")

    home: Path = Field(default_factory=lambda: user_data_path("gridcrew"), description="Data directory")
    database_url: str | None = Field(default=None, description="PostgreSQL URL; SQLite in the home when absent")
    reasoner: str = Field(default="embedded", description="embedded, ollama:MODEL or openai:MODEL")
    ollama_url: HttpUrl = HttpUrl("http://127.0.0.1:11434")
    openai_url: HttpUrl | None = Field(default=None, description="OpenAI-compatible server; required by openai:MODEL")
    openai_key: SecretStr = SecretStr("none")
    model_timeout_s: PositiveFloat = Field(default=20.0, description="Bound of one call to a model server")
    extra_calls: int = Field(
        default=4, ge=0, le=20, description="Tool calls that a model may add to the plan, an agent"
    )
    timezone: str = Field(default="UTC", description="IANA name of the control room's zone")
    standard_limits: bool = Field(
        default=True, description="Whether limits of the standards hold where the grid model states none"
    )
    study_backend: StudyBackend = Field(
        default=StudyBackend.SEQUENTIAL, description="Where large studies run: sequential, processes or dask"
    )
    study_workers: PositiveInt = Field(default=2, description="Processes of the study backend processes")
    study_scheduler: str = Field(default="", description="Address of the Dask scheduler; required by dask")
    default_grid: str = Field(default="case39", description="Grid of a question that names none")

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"timezone {value!r} is no IANA zone; Europe/Berlin would be one") from error
        return value

    @model_validator(mode="after")
    def _scheduler_named(self) -> Self:
        if self.study_backend is StudyBackend.DASK and not self.study_scheduler:
            raise ValueError("study_scheduler is empty; the study backend dask needs one, such as tcp://10.0.0.5:8786")
        return self

    @property
    def spreading(self) -> Spreading:
        """How large studies are spread."""
        return Spreading(self.study_backend, self.study_workers, self.study_scheduler)

    @property
    def zone(self) -> ZoneInfo:
        """The control room's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def store_url(self) -> str:
        """URL of the store: what is configured, else SQLite in the home."""
        return self.database_url or f"sqlite:///{self.home / 'gridcrew.db'}"

    def with_home(self, home: Path) -> Self:
        """The same settings over another data directory."""
        return self.model_copy(update={"home": home.expanduser().absolute()})


REASONER_KINDS = ("embedded", "ollama", "openai")
EMBEDDED_MODEL = "MiniLM embeddings and templates; no language model"


def parse_reasoner(text: str) -> ReasonerChoice:
    """Which reasoner words a run.

    Raises:
        InvalidArgumentError: for anything but ``embedded``, ``ollama:MODEL`` and ``openai:MODEL``.

    >>> parse_reasoner("ollama:qwen3:8b").model
    'qwen3:8b'
    """
    kind, _, model = text.partition(":")
    if kind not in REASONER_KINDS or (kind == "embedded") == bool(model):
        raise InvalidArgumentError(
            f"reasoner {text!r} is not understood; right would be embedded, ollama:MODEL or openai:MODEL"
        )
    return ReasonerChoice(kind=kind, model=model or EMBEDDED_MODEL)
