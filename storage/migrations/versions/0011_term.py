"""The term: settings, roles and announcements"""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Nothing yet."""
