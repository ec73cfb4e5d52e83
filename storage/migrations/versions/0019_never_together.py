"""Who is not to be paired: by a conflict officers noted, or by a wish"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("conflicts", sa.Column("noted", sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.add_column("conflicts", sa.Column("reason_sealed", sa.LargeBinary()))
    for wish in ("low_wish", "high_wish"):
        op.add_column("conflicts", sa.Column(wish, sa.Integer(), nullable=False, server_default=sa.text("0")))
