"""A code that links a person's accounts, or a society's places"""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Nothing yet."""
