from django.db import migrations

from participants import transliteration

NAMES = ("passport_name", "local_name", "korean_name", "certificate_name")


def fold(apps, schema_editor):
    """The keys of the people who were entered before there were any."""
    people = apps.get_model("participants", "Trainee").objects.filter(name_keys=[])
    for person in people.only("pk", *NAMES).iterator(chunk_size=1000):
        person.name_keys = transliteration.keys(*(getattr(person, name) for name in NAMES))
        person.save(update_fields=["name_keys"])


class Migration(migrations.Migration):

    dependencies = [
        ('participants', '0003_duplicates'),
    ]

    operations = [migrations.RunPython(fold, migrations.RunPython.noop)]
