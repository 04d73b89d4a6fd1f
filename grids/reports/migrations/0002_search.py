"""The words of reports in an index of their pairs."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("elements", "0003_tallies")]

    operations = [
        migrations.RunSQL("CREATE INDEX report_words ON reports_report USING gin (portal_pairs(words));", "DROP INDEX report_words;"),
    ]
