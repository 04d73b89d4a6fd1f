"""When the money went, beside the amount; the figures of the defrauded divide by it. What was recorded before is “not known”."""

from django.db import migrations, models
from django.db.models import Q

FIGURED = (
    "state", "area_code", "type_id", "grade", "source", "is_simulated", "received_at", "checked_at", "repeat_of_id", "first_contact_at",
    "contact_due_at", "outcome", "return_calls_made", "attempts_made", "amount_at_risk", "amount_transferred", "amount_stopped",
    "loss_avoided",
)  # fmt: skip


def watching(*columns: str) -> str:
    """The trigger's function of `0005_tallies`, which writes the days of a row down when one of these columns changed."""
    old, new = (", ".join(f"{table}.{name}" for name in columns) for table in "ra")
    return f"""
CREATE OR REPLACE FUNCTION alerts_pending_days() RETURNS trigger LANGUAGE plpgsql AS $$
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
        WHERE moment IS NOT NULL AND ({old}) IS DISTINCT FROM ({new});
    END IF;
    RETURN NULL;
END $$;
"""  # noqa: S608 - the names stand above


ASK_NOBODY = "UPDATE alerts_fraudalert SET money_went = 'unknown' WHERE amount_transferred > 0;"
ADD_UP_ANEW = """
INSERT INTO alerts_pendingday (day)
SELECT DISTINCT (moment AT TIME ZONE 'Asia/Shanghai')::date
FROM alerts_fraudalert CROSS JOIN LATERAL unnest(ARRAY[received_at, checked_at]) AS moment WHERE moment IS NOT NULL;
"""
"""Who lost a part counts as defrauded from now on; on the way back the times are gone. Both are found from the alerts again."""


class Migration(migrations.Migration):
    dependencies = [("alerts", "0005_tallies")]

    operations = [
        migrations.RenameField(model_name="alerttally", old_name="defrauded", new_name="defrauded_unknown"),
        migrations.AddField(model_name="alerttally", name="defrauded_after", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(model_name="alerttally", name="defrauded_before", field=models.PositiveIntegerField(default=0)),
        migrations.AddField(
            model_name="fraudalert",
            name="money_went",
            field=models.CharField(
                blank=True,
                choices=[("before", "before the warning came in"), ("after", "after the warning came in"), ("unknown", "not known")],
                default="",
                max_length=7,
                verbose_name="when the money went",
            ),
        ),
        migrations.AddField(
            model_name="fraudalert", name="money_went_at", field=models.DateTimeField(null=True, verbose_name="time of the transfer")
        ),
        migrations.RunSQL(ASK_NOBODY + ADD_UP_ANEW, ADD_UP_ANEW),
        migrations.AddConstraint(
            model_name="fraudalert",
            constraint=models.CheckConstraint(
                name="alert_money_says_when",
                condition=Q(amount_transferred__gt=0, amount_transferred__isnull=False, money_went__in=["before", "after", "unknown"])
                | (Q(amount_transferred__isnull=True) | Q(amount_transferred__lte=0)) & Q(money_went="", money_went_at__isnull=True),
            ),
        ),
        migrations.RunSQL(watching(*FIGURED, "money_went"), watching(*FIGURED)),
    ]
