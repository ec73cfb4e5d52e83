"""Slack workspaces by OAuth"""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nothing yet."""
