"""When someone was last here, so that nobody is kept for ever"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

MOMENT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    for name in ("seen_at", "noticed_at", "left_at"):
        op.add_column("people", sa.Column(name, MOMENT))
