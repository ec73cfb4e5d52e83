"""Run by Alembic, on the connection and in the transaction that `storage.store` hands over."""

from alembic import context

from storage.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
