"""Who is not to be paired: by a conflict officers noted, or by a wish"""

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    pass
