from django.db import migrations


def number_the_scans(apps, schema_editor):
    """Each file of an MOU becomes a version, in the order in which they were stored; what follows was a renewal."""
    Mou, MouScan = apps.get_model("partners", "Mou"), apps.get_model("partners", "MouScan")
    for mou in Mou.objects.prefetch_related("files"):
        for number, file in enumerate(mou.files.order_by("stored_at", "pk"), 1):
            MouScan.objects.create(mou=mou, number=number, file=file)
    Mou.objects.filter(renews__isnull=False).update(succession="renewal")


class Migration(migrations.Migration):
    dependencies = [("partners", "0002_mou_life")]

    operations = [migrations.RunPython(number_the_scans, migrations.RunPython.noop)]
