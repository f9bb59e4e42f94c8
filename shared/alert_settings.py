from pydantic import BaseModel, Field, field_validator
from pydantic_core import PydanticCustomError

from shared.private_addresses import Allowed
from shared.setting_values import Count, Texts


class AlertSettings(BaseModel):
    """What saved searches may be and how their alerts go out; mixed into `Settings`."""

    # Saved searches
    saved_searches_max: Count = Field(10_000, ge=0, description="Saved searches that are kept; 0: none can be saved.")
    alerts_inbox_max: int = Field(
        500,
        ge=1,
        le=100_000,
        description="Alerts in the inbox of one saved search, the newest; a page whose alert was pushed out of it is "
        "told again when it comes again.",
    )
    alerts_waiting_max: int = Field(
        1000,
        ge=1,
        le=1_000_000,
        description="Alerts of one saved search that wait for its webhook, and as many that it never took; those "
        "beyond them are in the inbox alone.",
    )
    alerts_at_once: int = Field(50, ge=1, le=1000, description="Alerts in one call of a webhook.")
    alerts_senders: int = Field(
        4, ge=0, le=64, description="Webhooks that an index worker calls at once; 0: it calls none."
    )
    alerts_timeout_seconds: float = Field(10, gt=0, le=50, description="Seconds that one call of a webhook may take.")
    alerts_tries: int = Field(8, ge=1, le=100, description="Calls of a webhook before the alerts are put aside.")
    alerts_retry_seconds: float = Field(
        5, ge=0, le=3600, description="Seconds before the second call of a webhook; then three times longer each time."
    )
    alerts_private_hosts: Texts = Field(
        (),
        description="Names, addresses and networks (`10.1.0.0/16`) that webhooks may be at although only a private "
        "network reaches them.",
    )

    @field_validator("alerts_private_hosts")
    @classmethod
    def _can_be_read(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        try:
            Allowed(given)
        except ValueError:
            raise PydanticCustomError("hosts", "write names, addresses and networks such as 10.1.0.0/16") from None
        return given
