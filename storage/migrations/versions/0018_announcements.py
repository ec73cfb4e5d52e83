"""What officers say to some of the society, and the season's days as they set them"""

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    pass
