"""What this service ships with."""

from pathlib import Path

POLICY = Path(__file__).parent / "policy.toml"
