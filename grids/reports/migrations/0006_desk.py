"""What the worklist and the page of a report read by: the order by due time, closed ones of a category by place, what was read when."""

import datetime
import django.db.models.functions.comparison
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("reports", "0005_evaluation"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="opening",
            name="read_change",
            field=models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="report",
            name="sort_due",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce(
                    "due_at", models.Value(datetime.datetime(2999, 1, 1, 0, 0, tzinfo=datetime.UTC), models.DateTimeField())
                ),
                output_field=models.DateTimeField(),
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("state__in", ("filed", "opened", "dispatched", "handling", "handled", "verified"))),
                fields=["sort_due", "id"],
                name="report_sort_due",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["category", "village_code", "-closed_at"],
                name="report_alike_village",
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)), fields=["category", "town_code", "-closed_at"], name="report_alike_town"
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(condition=models.Q(("closed_at__isnull", False)), fields=["category", "-closed_at"], name="report_alike"),
        ),
    ]
