"""One process's configuration.  Only composition roots read it; everyone else is handed what they need."""

from pathlib import Path

from pydantic import Field, PositiveFloat, PositiveInt, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """One process's configuration, from ``ADLOOM_*`` variables or ``.env``."""

    model_config = SettingsConfigDict(env_prefix="ADLOOM_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Path(".adloom")  #: the embedded platform's folder: database, bells, assets, key, converted weights
    database_url: str = ""  #: sqlite:///path or postgresql+psycopg://…; empty: sqlite in `home`
    broker_url: str = ""  #: filesystem://path, redis://…, amqp://… or none:; empty: filesystem in `home`
    storage_url: str = ""  #: file:path, s3://bucket/prefix or memory:; empty: a folder in `home`
    api_key_pepper: SecretStr = SecretStr("development-only")  #: mixed into stored key hashes; set it on a server
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)  #: 0: any free one
    max_body_bytes: PositiveInt = 25 * 1024 * 1024
    max_job_items: PositiveInt = 10_000
    webhooks: str = Field(default="public", pattern="^(public|any|off)$")  #: which addresses may be told of jobs
    max_waiting: int = Field(default=100_000, ge=0)  #: an owner's items that are not final; 0: no limit
    max_daily: int = Field(default=0, ge=0)  #: an owner's items submitted in 24 hours; 0: no limit
    max_lane: int = Field(default=1_000_000, ge=0)  #: ready items in a lane before it takes no more; 0: no limit
    metrics_host: str = "127.0.0.1"  #: the address of the metrics: never the public one
    metrics_port: int = Field(default=0, ge=0, le=65535)  #: 0: no metrics are served; else each process needs its own
    log_format: str = Field(default="text", pattern="^(text|json)$")

    lanes: str = "copy,image,banner,train"  #: the lanes a worker serves, by commas
    pool: str = Field(default="prefork", pattern="^(prefork|threads|solo)$")  #: Celery's worker pool
    device: str = "cpu"  #: or "cuda:0"
    threads: int = Field(default=0, ge=0)  #: torch threads in a worker; 0: as many as there are cores
    precision: str = Field(default="fp32", pattern="^(fp32|bf16)$")  #: of copy.lm on a processor
    weights: str = "smollm2-135m-instruct"  #: what copy.lm loads unless a spec says otherwise
    ranking: str = ""  #: shares of the parts of a text's score, by commas: keywords=0.3,readability=0
    extra_weights: str = ""  #: more that a spec may name, by commas: hub ids, folders; *: any
    micro_batch: int = Field(default=0, ge=0)  #: the most items leased together; 0: what each kind says
    llm_url: str = ""  #: base URL of an OpenAI-compatible server, for copy.served
    llm_model: str = ""  #: the model name to ask that server for
    llm_api_key: SecretStr = SecretStr("")
    llm_concurrency: PositiveInt = 8  #: requests that a worker process has in flight there
    llm_connect_seconds: PositiveFloat = 5
    llm_read_seconds: PositiveFloat = 120  #: for one answer, which comes whole
    llm_item_seconds: PositiveFloat = 300  #: for all questions and attempts of one item
    llm_pause_seconds: PositiveFloat = 0.5  #: before the second attempt; doubles, up to 30
    llm_temperature: float = Field(default=0.7, ge=0, le=2)
    llm_top_p: float = Field(default=0.95, gt=0, le=1)

    lease_seconds: PositiveFloat = 60
    heartbeat_seconds: PositiveFloat = 15
    sweep_seconds: PositiveFloat = 5
    grace_seconds: PositiveFloat = 5  #: added to a lease before the sweeper takes it away
    stall_seconds: PositiveFloat = 120  #: a generator that ticks no progress this long is not renewed
    load_seconds: PositiveFloat = 600  #: the same while weights are being loaded
    bell_seconds: PositiveFloat = 60  #: how long one bell drains before it rings again
    poll_seconds: PositiveFloat = 0.05  #: how often the filesystem broker looks for bells
    drain_seconds: PositiveFloat = 60  #: time a worker has to finish its micro-batch after SIGTERM
    litter_seconds: PositiveFloat = 86400  #: before what an attempt stored and could not record is deleted
    key_hours: PositiveFloat = 72  #: an idempotency key is remembered so long; 24 are promised
    watchdog_seconds: PositiveFloat = 60  #: an idle worker that hears no bell so long, while work waits, is deaf
    retry_seconds: PositiveFloat = 5  #: first back-off after a transient error; doubles up to 300

    def database(self) -> str:
        """The database's URL, with the embedded default filled in."""
        return self.database_url or f"sqlite:///{self.home.absolute() / 'adloom.db'}"

    def broker(self) -> str:
        """The broker's URL, with the embedded default filled in."""
        return self.broker_url or f"filesystem://{self.home.absolute() / 'bells'}"

    def storage(self) -> str:
        """The object store's URL, with the embedded default filled in."""
        return self.storage_url or f"file:{self.home.absolute() / 'assets'}"
