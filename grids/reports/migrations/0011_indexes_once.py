"""Indexes that every hop and every report paid for and nobody asked: of a step's report another says the same; by its actor, and by the
beginning of a code, nobody looks."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

DROP = """
DO $$
DECLARE name text;
BEGIN
    SELECT indexname INTO name FROM pg_indexes
    WHERE schemaname = current_schema() AND tablename = 'reports_report' AND indexname LIKE 'reports_report_code_%_like';
    IF name IS NOT NULL THEN
        EXECUTE format('DROP INDEX %I', name);
    END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0010_ratings")]

    operations = [
        migrations.AlterField(
            model_name="reportstep",
            name="report",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="reports.report"),
        ),
        migrations.AlterField(
            model_name="reportstep",
            name="actor",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(DROP, migrations.RunSQL.noop),
    ]
