"""Values on standard output for other programs."""

from __future__ import annotations

import json
import re
import sys

_STEERING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Controls and direction characters that JSON lets through."""


def print_json(value: object) -> None:
    """Nothing in it steers a terminal."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    sys.stdout.write(_STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")
