"""The stage: UNLOGGED, because everything on it can be read again from its file."""

from django.db import migrations

STAGE = """
CREATE UNLOGGED TABLE exchange_stagedrow (
    run_id uuid NOT NULL,
    number integer NOT NULL,
    cells json NOT NULL,
    repeats integer,
    PRIMARY KEY (run_id, number)
) WITH (autovacuum_vacuum_scale_factor = 0.05)
"""


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]

    operations = [migrations.RunSQL(STAGE, "DROP TABLE exchange_stagedrow")]
