"""Telling the workers “look now”. The database is the truth: whoever publishes must do without an answer."""

from django.conf import settings

PATIENCE = 1  # seconds for each step to the broker


def publish(task, *args, expires=60):
    """Publish the task, or raise within two seconds."""
    options = {
        **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
        "max_retries": 0,
        "socket_timeout": PATIENCE,
        "socket_connect_timeout": PATIENCE,
    }
    # A connection of its own: those of Celery's pool would retry without end.
    with task.app.connection_for_write(transport_options=options) as connection:
        task.apply_async(args, connection=connection, retry=False, expires=expires)
