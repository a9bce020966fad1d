"""Addresses of sites as people type them."""

import re

_SITE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)
_PUNYCODE = re.compile(r"(?:https?://)?(?:[\w-]+\.)+xn--[a-z0-9-]+(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE)


def is_site(text: str) -> bool:
    """Whether a text is a site, or several: with http(s):// or without, in any script; nothing else links."""
    parts = [part for part in re.split(r"[\s,;]+", text) if part]
    return bool(parts) and all(_SITE.fullmatch(part) or _PUNYCODE.fullmatch(part) for part in parts)
