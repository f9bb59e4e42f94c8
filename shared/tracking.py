"""Query parameters that say how a reader came to a page, and nothing of the page."""

from typing import Final

PREFIXES: Final[tuple[str, ...]] = (
    "utm_",  # Urchin, Google Analytics
    "mtm_",  # Matomo
    "matomo_",
    "piwik_",  # Matomo's old name
    "hsa_",  # HubSpot ads
    "__hs",  # HubSpot cookies handed across domains: __hstc, __hssc, __hsfp
    "_hs",  # HubSpot mail: _hsenc, _hsmi
    "_ga_",  # Google Analytics 4 sessions
)
"""A parameter whose lower-case name begins like this is taken off."""

NAMES: Final[frozenset[str]] = frozenset(
    {
        # Google
        "_ga", "_gac", "_gl", "gclid", "gclsrc", "gbraid", "wbraid", "dclid", "srsltid",
        # Meta
        "fbclid", "fb_action_ids", "fb_action_types", "fb_source", "fb_ref", "igshid", "igsh",
        # Other networks' click identifiers
        "msclkid", "ttclid", "twclid", "yclid", "ymclid", "ysclid", "li_fat_id", "epik", "rb_clickid",
        "wickedid", "irclickid", "rdt_cid", "_openstat",
        # Mail
        "mc_cid", "mc_eid", "mkt_tok", "ml_subscriber", "ml_subscriber_hash", "_bta_tid", "_bta_c",
        "_ke", "_kx", "hsctatracking", "vero_id", "vero_conv", "oly_anon_id", "oly_enc_id",
        # Campaigns (Piwik, AT Internet, Adobe)
        "pk_campaign", "pk_kwd", "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid",
        "at_medium", "at_campaign", "at_custom1", "at_custom2", "at_custom3", "at_custom4", "s_cid",
    }
)  # fmt: skip
"""Whole names, lower case. Names that some sites use for content (`ref`, `source`, `t`) are not in here."""


def is_tracking(name: str) -> bool:
    """Whether a query parameter of this name, percent-decoded, is taken off."""
    name = name.lower()
    return name in NAMES or name.startswith(PREFIXES)
