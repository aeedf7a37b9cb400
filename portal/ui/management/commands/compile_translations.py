from django.core.management.base import BaseCommand

from portal.ui.translations import compile_catalogs


class Command(BaseCommand):
    """What compilemessages does, where no gettext is installed."""

    help = "Compiles the catalogs below locale/ with Babel, where the .po is newer than its .mo."
    requires_system_checks = []

    def handle(self, **options):
        for path in compile_catalogs():
            self.stdout.write(f"compiled {path.parent.parent.name}")
