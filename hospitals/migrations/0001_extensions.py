from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    """btree_gist for the constraint on a trainee in two places; pg_trgm for searching names."""

    initial = True
    dependencies = []
    operations = [BtreeGistExtension(), TrigramExtension()]
