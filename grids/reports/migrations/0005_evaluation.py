"""Figures of the evaluation, added up by day; a trigger writes down the days of what changes."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import grids.areas.models
from django.conf import settings
from django.db import migrations, models
from grids.reports.evaluation.working_time import worked_minutes

# One row per statement and day, without a unique key: two transactions that change reports of one day do not wait for one another.
CREATE = """
CREATE FUNCTION reports_pending_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO reports_pendingday (day)
        SELECT DISTINCT (moment AT TIME ZONE 'Asia/Shanghai')::date
        FROM added AS a CROSS JOIN LATERAL unnest(ARRAY[a.filed_at, a.deadline_at, a.closed_at, a.rated_at]) AS moment
        WHERE moment IS NOT NULL;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO reports_pendingday (day)
        SELECT DISTINCT (moment AT TIME ZONE 'Asia/Shanghai')::date
        FROM removed AS r CROSS JOIN LATERAL unnest(ARRAY[r.filed_at, r.deadline_at, r.closed_at, r.rated_at]) AS moment
        WHERE moment IS NOT NULL;
    ELSE
        INSERT INTO reports_pendingday (day)
        SELECT DISTINCT (moment AT TIME ZONE 'Asia/Shanghai')::date
        FROM removed AS r JOIN added AS a USING (id) CROSS JOIN LATERAL
            unnest(ARRAY[r.filed_at, r.deadline_at, r.closed_at, r.rated_at, a.filed_at, a.deadline_at, a.closed_at, a.rated_at]) AS moment
        WHERE moment IS NOT NULL AND
            (r.state, r.area_code, r.category_id, r.department_id, r.filed_at, r.deadline_at, r.closed_at, r.rated_at, r.rating,
             r.rework, r.returns, r.bounces, r.extensions, r.reopened, r.worked_minutes)
            IS DISTINCT FROM
            (a.state, a.area_code, a.category_id, a.department_id, a.filed_at, a.deadline_at, a.closed_at, a.rated_at, a.rating,
             a.rework, a.returns, a.bounces, a.extensions, a.reopened, a.worked_minutes);
    END IF;
    RETURN NULL;
END $$;
INSERT INTO reports_pendingday (day)
SELECT DISTINCT (moment AT TIME ZONE 'Asia/Shanghai')::date
FROM reports_report CROSS JOIN LATERAL unnest(ARRAY[filed_at, deadline_at, closed_at, rated_at]) AS moment WHERE moment IS NOT NULL;
CREATE TRIGGER report_pending_added AFTER INSERT ON reports_report REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION reports_pending_days();
CREATE TRIGGER report_pending_changed AFTER UPDATE ON reports_report REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION reports_pending_days();
CREATE TRIGGER report_pending_removed AFTER DELETE ON reports_report REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION reports_pending_days();
"""
DROP = """
DROP TRIGGER report_pending_added ON reports_report;
DROP TRIGGER report_pending_changed ON reports_report;
DROP TRIGGER report_pending_removed ON reports_report;
DROP FUNCTION reports_pending_days();
"""


def fill_worked_minutes(apps, schema_editor):
    """Reports that were closed before the working time was kept."""
    Report = apps.get_model("reports", "Report")
    for pk, filed_at, closed_at in Report.objects.filter(closed_at__isnull=False).values_list("pk", "filed_at", "closed_at").iterator():
        Report.objects.filter(pk=pk).update(worked_minutes=worked_minutes(filed_at, closed_at))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("reports", "0004_parts_and_dates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PendingDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(db_index=True)),
            ],
            options={
                "verbose_name": "day to be added up",
                "verbose_name_plural": "days to be added up",
            },
        ),
        migrations.CreateModel(
            name="ReportTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "area_code",
                    grids.areas.models.AreaCodeField(
                        db_collation="C",
                        max_length=18,
                        validators=[
                            django.core.validators.RegexValidator("^\\d{6}(\\d{3}){0,4}$", "An area code has 6, 9, 12, 15 or 18 digits.")
                        ],
                        verbose_name="area",
                    ),
                ),
                (
                    "town_code",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Substr("area_code", 1, 9),
                        output_field=grids.areas.models.AreaCodeField(
                            db_collation="C",
                            max_length=9,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^\\d{6}(\\d{3}){0,4}$", "An area code has 6, 9, 12, 15 or 18 digits."
                                )
                            ],
                        ),
                    ),
                ),
                (
                    "village_code",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Substr("area_code", 1, 12),
                        output_field=grids.areas.models.AreaCodeField(
                            db_collation="C",
                            max_length=12,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^\\d{6}(\\d{3}){0,4}$", "An area code has 6, 9, 12, 15 or 18 digits."
                                )
                            ],
                        ),
                    ),
                ),
                (
                    "grid_code",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Substr("area_code", 1, 15),
                        output_field=grids.areas.models.AreaCodeField(
                            db_collation="C",
                            max_length=15,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^\\d{6}(\\d{3}){0,4}$", "An area code has 6, 9, 12, 15 or 18 digits."
                                )
                            ],
                        ),
                    ),
                ),
                ("span", models.CharField(choices=[("day", "day"), ("month", "month")], max_length=5)),
                ("grain", models.CharField(choices=[("town", "town"), ("village", "village")], max_length=7)),
                ("begin", models.DateField()),
                ("filed", models.PositiveIntegerField(default=0)),
                ("due", models.PositiveIntegerField(default=0)),
                ("due_closed", models.PositiveIntegerField(default=0)),
                ("due_on_time", models.PositiveIntegerField(default=0)),
                ("due_reopened", models.PositiveIntegerField(default=0)),
                ("closed", models.PositiveIntegerField(default=0)),
                ("closed_on_time", models.PositiveIntegerField(default=0)),
                ("reworked", models.PositiveIntegerField(default=0)),
                ("returned", models.PositiveIntegerField(default=0)),
                ("extended", models.PositiveIntegerField(default=0)),
                ("timed", models.PositiveIntegerField(default=0)),
                ("answered", models.PositiveIntegerField(default=0)),
                ("satisfied", models.PositiveIntegerField(default=0)),
                ("worked_minutes", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "verbose_name": "tally of reports",
                "verbose_name_plural": "tallies of reports",
            },
        ),
        migrations.CreateModel(
            name="TallyState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="report",
            name="worked_minutes",
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name="working time in minutes"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(condition=models.Q(("deadline_at__isnull", False)), fields=["deadline_at"], name="report_deadline"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(condition=models.Q(("rated_at__isnull", False)), fields=["rated_at"], name="report_rated"),
        ),
        migrations.AddField(
            model_name="reporttally",
            name="category",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reports.category"
            ),
        ),
        migrations.AddField(
            model_name="reporttally",
            name="department",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.department"
            ),
        ),
        migrations.AddConstraint(
            model_name="tallystate",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="tally_state_is_one_row"),
        ),
        migrations.AddIndex(
            model_name="reporttally",
            index=models.Index(fields=["town_code", "grain", "span", "begin"], name="report_tally_town"),
        ),
        migrations.AddIndex(
            model_name="reporttally",
            index=models.Index(fields=["village_code", "grain", "span", "begin"], name="report_tally_village"),
        ),
        migrations.AddConstraint(
            model_name="reporttally",
            constraint=models.UniqueConstraint(
                fields=("grain", "span", "begin", "area_code", "category", "department"), name="report_tally_once", nulls_distinct=False
            ),
        ),
        migrations.RunPython(fill_worked_minutes, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(CREATE, DROP),
    ]
