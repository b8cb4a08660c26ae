"""What Alembic runs: the steps, over the connection that `catalog_db.migrations` hands over, in its transaction."""

from alembic import context

from catalog_db.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
