from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partners", "0003_scans_have_numbers")]

    operations = [
        migrations.RemoveField(
            model_name='mou',
            name='files',
        ),
        migrations.AddConstraint(
            model_name='mou',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('renews', None), ('succession', '')), models.Q(('renews__isnull', False), models.Q(('succession', ''), _negated=True)), _connector='OR'), name='mou_says_what_it_is_to_the_one_before'),
        ),
    ]
