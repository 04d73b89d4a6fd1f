"""Answers of residents as rows of their own, and how many of the closed had a deadline; every day is added up anew."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import grids.areas.models
from django.db import migrations, models

# A report that moves or is voided takes its answers with it: their days are written down too. Few rows meet the condition, and those that
# do not cost nothing: whoever was never closed, opened again or reached has no answer.
CREATE = """
CREATE FUNCTION reports_pending_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'reports_rating' THEN
        IF TG_OP <> 'INSERT' THEN
            INSERT INTO reports_pendingday (day) VALUES ((OLD.at AT TIME ZONE 'Asia/Shanghai')::date);
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO reports_pendingday (day) VALUES ((NEW.at AT TIME ZONE 'Asia/Shanghai')::date);
        END IF;
    ELSE
        INSERT INTO reports_pendingday (day)
        SELECT DISTINCT (at AT TIME ZONE 'Asia/Shanghai')::date FROM reports_rating WHERE report_id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER rating_pending AFTER INSERT OR UPDATE OR DELETE ON reports_rating
    FOR EACH ROW EXECUTE FUNCTION reports_pending_answers();
CREATE TRIGGER report_pending_answers AFTER UPDATE ON reports_report FOR EACH ROW
    WHEN ((OLD.closed_at IS NOT NULL OR OLD.contacted_at IS NOT NULL OR OLD.reopened > 0) AND
          (OLD.state, OLD.area_code, OLD.category_id, OLD.department_id)
          IS DISTINCT FROM (NEW.state, NEW.area_code, NEW.category_id, NEW.department_id))
    EXECUTE FUNCTION reports_pending_answers();
INSERT INTO reports_rating (report_id, area_code, at, word)
SELECT rated.report_id, report.area_code, rated.at, 'not_solved'
FROM reports_reportstep AS rated JOIN reports_report AS report ON report.id = rated.report_id
WHERE rated.verb = 'rate' AND EXISTS (
    SELECT FROM reports_reportstep AS opened WHERE opened.report_id = rated.report_id AND opened.verb = 'reopen' AND opened.at = rated.at);
INSERT INTO reports_rating (report_id, area_code, at, word)
SELECT id, area_code, rated_at, rating FROM reports_report AS report
WHERE rating <> '' AND NOT EXISTS (SELECT FROM reports_rating AS kept WHERE kept.report_id = report.id AND kept.at = report.rated_at);
INSERT INTO reports_pendingday (day)
SELECT DISTINCT (closed_at AT TIME ZONE 'Asia/Shanghai')::date FROM reports_report WHERE closed_at IS NOT NULL;
"""
DROP = """
DROP TRIGGER rating_pending ON reports_rating;
DROP TRIGGER report_pending_answers ON reports_report;
DROP FUNCTION reports_pending_answers();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0009_seldom_references"),
    ]

    operations = [
        migrations.AddField(
            model_name="reporttally",
            name="closed_dated",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="Rating",
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
                ("at", models.DateTimeField()),
                (
                    "word",
                    models.CharField(
                        choices=[
                            ("satisfied", "satisfied"),
                            ("fair", "fair"),
                            ("unsatisfied", "unsatisfied"),
                            ("not_solved", "not solved"),
                        ],
                        max_length=12,
                        verbose_name="what the resident says",
                    ),
                ),
                ("report", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="ratings", to="reports.report")),
            ],
            options={
                "verbose_name": "rating",
                "verbose_name_plural": "ratings",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["at"], name="rating_at")],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
        migrations.AddField(
            model_name="question",
            name="is_default",
            field=models.BooleanField(default=False, editable=False, verbose_name="default of the portal"),
        ),
    ]
