from typing import Literal

from pydantic import BaseModel, Field

from shared.sites.policy import Policy


class SiteSettings(BaseModel):
    """What is learnt of sites; mixed into `Settings`."""

    # Workers
    site_blocks: Literal["drop", "show", "off"] = Field(
        "drop",
        description="What becomes of blocks that a site repeats on many pages: `drop` leaves them out; `show` only "
        "learns which they are, for `pagemill sites show`; `off` learns nothing.",
    )
    site_blocks_stories: int = Field(
        5,
        ge=2,
        le=50,
        description="Different stories of a site that must hold a block before it is its site's own; one more for each "
        "ten that the site told before the block came up, four times as many at most.",
    )
    site_blocks_share: float = Field(
        0.3,
        gt=0,
        le=1,
        description="Share of the site's stories since it was first seen that must hold it; at half of it, it is "
        "forgotten.",
    )
    site_blocks_days: float = Field(
        30, gt=0, le=3650, description="Days that a site, and a block of it, is remembered without being seen."
    )
    sites_known: int = Field(
        1000,
        ge=1,
        le=100_000,
        description="Sites that are remembered at once, with 11 KiB of Redis's memory each as a rule and 64 at most; "
        "beyond it the one quiet longest goes.",
    )

    @property
    def site_policy(self) -> Policy:
        """The same as the memory of sites takes them."""
        return Policy(self.site_blocks_stories, self.site_blocks_share, self.site_blocks_days, self.sites_known)
