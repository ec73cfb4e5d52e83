"""How a mentor may be reached, and what a mentee discloses"""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing yet."""
