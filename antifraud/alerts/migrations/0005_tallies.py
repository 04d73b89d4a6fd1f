"""Figures of alerts, added up by day; a trigger writes down the days of what changes, another keeps the first contact."""

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import grids.areas.models
from django.conf import settings
from django.db import migrations, models

# What the first contact was promised for, and when it came, are kept apart from the clock, which a further warning or a reopening starts
# anew: the earliest promise counts, and the first contact there ever was. Nobody but the trigger sets them on a row that exists.
KEEP = """
CREATE FUNCTION alerts_keep_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.contact_due_at := COALESCE(NEW.contact_due_at, CASE WHEN NEW.stage = 'contact' THEN NEW.due_at END);
        NEW.first_contact_at := COALESCE(NEW.first_contact_at, NEW.contacted_at);
    ELSE
        NEW.first_contact_at := COALESCE(OLD.first_contact_at, NEW.contacted_at);
        NEW.contact_due_at := CASE
            WHEN OLD.first_contact_at IS NULL AND NEW.stage = 'contact' THEN LEAST(OLD.contact_due_at, NEW.due_at)
            ELSE OLD.contact_due_at END;
    END IF;
    NEW.contact_minutes := GREATEST(0, floor(extract(epoch FROM NEW.first_contact_at - NEW.received_at) / 60));
    IF NEW.first_contact_at IS NULL THEN  -- GREATEST passes over what is not known
        NEW.contact_minutes := NULL;
    END IF;
    RETURN NEW;
END $$;
"""
# Alerts that were there before: the first step that ended a stage says when the first contact was due, the attempts when it came.
FILL = """
UPDATE alerts_fraudalert AS a SET
    contact_due_at = COALESCE(
        (SELECT due_at FROM alerts_alertstep WHERE alert_id = a.id AND due_at IS NOT NULL ORDER BY id LIMIT 1),
        CASE WHEN a.stage = 'contact' THEN a.due_at END),
    first_contact_at = found.at,
    contact_minutes = CASE WHEN found.at IS NOT NULL THEN GREATEST(0, floor(extract(epoch FROM found.at - a.received_at) / 60)) END
FROM (
    SELECT f.id, min(t.at) AS at FROM alerts_fraudalert AS f
    LEFT JOIN alerts_attempt AS t ON t.alert_id = f.id AND t.reached IN ('yes', 'refused') GROUP BY f.id
) AS found WHERE found.id = a.id;
CREATE TRIGGER alerts_keep_contact BEFORE INSERT OR UPDATE ON alerts_fraudalert FOR EACH ROW EXECUTE FUNCTION alerts_keep_contact();
"""
FORGET = "DROP TRIGGER alerts_keep_contact ON alerts_fraudalert; DROP FUNCTION alerts_keep_contact();"

FIGURED = (
    "state", "area_code", "type_id", "grade", "source", "is_simulated", "received_at", "checked_at", "repeat_of_id", "first_contact_at",
    "contact_due_at", "outcome", "return_calls_made", "attempts_made", "amount_at_risk", "amount_transferred", "amount_stopped",
    "loss_avoided",
)  # fmt: skip
OLD, NEW = (", ".join(f"{table}.{name}" for name in FIGURED) for table in "ra")
# One row per statement and day, without a unique key: two transactions that change alerts of one day do not wait for one another.
CREATE = f"""
CREATE FUNCTION alerts_pending_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO alerts_pendingday (day)
        SELECT DISTINCT (moment AT TIME ZONE 'Asia/Shanghai')::date
        FROM added AS a CROSS JOIN LATERAL unnest(ARRAY[a.received_at, a.checked_at]) AS moment WHERE moment IS NOT NULL;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO alerts_pendingday (day)
        SELECT DISTINCT (moment AT TIME ZONE 'Asia/Shanghai')::date
        FROM removed AS r CROSS JOIN LATERAL unnest(ARRAY[r.received_at, r.checked_at]) AS moment WHERE moment IS NOT NULL;
    ELSE
        INSERT INTO alerts_pendingday (day)
        SELECT DISTINCT (moment AT TIME ZONE 'Asia/Shanghai')::date
        FROM removed AS r JOIN added AS a USING (id)
            CROSS JOIN LATERAL unnest(ARRAY[r.received_at, r.checked_at, a.received_at, a.checked_at]) AS moment
        WHERE moment IS NOT NULL AND ({OLD}) IS DISTINCT FROM ({NEW});
    END IF;
    RETURN NULL;
END $$;
INSERT INTO alerts_pendingday (day)
SELECT DISTINCT (moment AT TIME ZONE 'Asia/Shanghai')::date
FROM alerts_fraudalert CROSS JOIN LATERAL unnest(ARRAY[received_at, checked_at]) AS moment WHERE moment IS NOT NULL;
CREATE TRIGGER alert_pending_added AFTER INSERT ON alerts_fraudalert REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION alerts_pending_days();
CREATE TRIGGER alert_pending_changed AFTER UPDATE ON alerts_fraudalert REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION alerts_pending_days();
CREATE TRIGGER alert_pending_removed AFTER DELETE ON alerts_fraudalert REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION alerts_pending_days();
"""  # noqa: S608 - the names stand above
DROP = """
DROP TRIGGER alert_pending_added ON alerts_fraudalert;
DROP TRIGGER alert_pending_changed ON alerts_fraudalert;
DROP TRIGGER alert_pending_removed ON alerts_fraudalert;
DROP FUNCTION alerts_pending_days();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0004_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AlertTally",
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
                ("grade", models.CharField(choices=[("high", "high"), ("medium", "medium"), ("low", "low")], max_length=8)),
                ("source", models.CharField(max_length=40)),
                ("is_simulated", models.BooleanField()),
                ("received", models.PositiveIntegerField(default=0)),
                ("repeats", models.PositiveIntegerField(default=0)),
                ("reached", models.PositiveIntegerField(default=0)),
                ("in_time", models.PositiveIntegerField(default=0)),
                ("handed_over", models.PositiveIntegerField(default=0)),
                ("decided", models.PositiveIntegerField(default=0)),
                ("real", models.PositiveIntegerField(default=0)),
                ("defrauded", models.PositiveIntegerField(default=0)),
                ("known", models.PositiveIntegerField(default=0)),
                ("false_alarms", models.PositiveIntegerField(default=0)),
                ("calls_due", models.PositiveIntegerField(default=0)),
                ("called", models.PositiveIntegerField(default=0)),
                ("avoided", models.PositiveIntegerField(default=0)),
                ("lost", models.PositiveIntegerField(default=0)),
                ("minutes", models.PositiveBigIntegerField(default=0)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("yuan_avoided", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ("yuan_lost", models.DecimalField(decimal_places=2, default=0, max_digits=18)),
            ],
            options={
                "verbose_name": "tally of alerts",
                "verbose_name_plural": "tallies of alerts",
            },
        ),
        migrations.CreateModel(
            name="ContactTally",
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
                ("grade", models.CharField(choices=[("high", "high"), ("medium", "medium"), ("low", "low")], max_length=8)),
                ("source", models.CharField(max_length=40)),
                ("is_simulated", models.BooleanField()),
                ("step", models.PositiveIntegerField()),
                ("number", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "tally of first contacts",
                "verbose_name_plural": "tallies of first contacts",
            },
        ),
        migrations.CreateModel(
            name="PendingDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(db_index=True)),
            ],
            options={
                "verbose_name": "day of alerts to be added up",
                "verbose_name_plural": "days of alerts to be added up",
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
            model_name="fraudalert",
            name="contact_due_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="first contact due"),
        ),
        migrations.AddField(
            model_name="fraudalert",
            name="contact_minutes",
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name="minutes to the first contact"),
        ),
        migrations.AddField(
            model_name="fraudalert",
            name="first_contact_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="first contact ever"),
        ),
        migrations.AddIndex(
            model_name="fraudalert",
            index=models.Index(condition=models.Q(("checked_at__isnull", False)), fields=["checked_at"], name="alert_checked"),
        ),
        migrations.AddField(
            model_name="alerttally",
            name="type",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="alerts.fraudtype"),
        ),
        migrations.AddField(
            model_name="contacttally",
            name="type",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="alerts.fraudtype"),
        ),
        migrations.AddConstraint(
            model_name="tallystate",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="alert_tally_state_is_one_row"),
        ),
        migrations.AddIndex(
            model_name="alerttally",
            index=models.Index(fields=["grain", "span", "begin"], name="alert_tally_all"),
        ),
        migrations.AddIndex(
            model_name="alerttally",
            index=models.Index(fields=["town_code", "grain", "span", "begin"], name="alert_tally_town"),
        ),
        migrations.AddIndex(
            model_name="alerttally",
            index=models.Index(fields=["village_code", "grain", "span", "begin"], name="alert_tally_village"),
        ),
        migrations.AddConstraint(
            model_name="alerttally",
            constraint=models.UniqueConstraint(
                fields=("grain", "span", "begin", "area_code", "type", "grade", "source", "is_simulated"), name="alert_tally_once"
            ),
        ),
        migrations.AddIndex(
            model_name="contacttally",
            index=models.Index(fields=["grain", "span", "begin"], name="contact_tally_all"),
        ),
        migrations.AddIndex(
            model_name="contacttally",
            index=models.Index(fields=["town_code", "grain", "span", "begin"], name="contact_tally_town"),
        ),
        migrations.AddIndex(
            model_name="contacttally",
            index=models.Index(fields=["village_code", "grain", "span", "begin"], name="contact_tally_village"),
        ),
        migrations.AddConstraint(
            model_name="contacttally",
            constraint=models.UniqueConstraint(
                fields=("grain", "span", "begin", "area_code", "type", "grade", "source", "is_simulated", "step"), name="contact_tally_once"
            ),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(FILL, FORGET),
        migrations.RunSQL(CREATE, DROP),
    ]
