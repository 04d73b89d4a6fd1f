"""The family is asked to call only where the holder agreed to that by itself: nobody who registered before did."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registrations", "0002_tallies_and_defaults")]

    operations = [
        migrations.AddField(
            "registration",
            "tells_family",
            models.BooleanField(db_default=False, default=False, verbose_name="the family may be asked to call"),
        ),
    ]
