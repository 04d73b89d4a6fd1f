"""A warning is never edited; a stated address is looked up by its normal form alone."""

from django.db import migrations

STAYS = """
CREATE FUNCTION alerts_warning_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Sealed columns are rewritten under new keys (rotate_seals); everything else is as it came in.
    IF to_jsonb(NEW) - '{phone,phone_index,name,address}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{phone,phone_index,name,address}'::text[] THEN
        RAISE EXCEPTION 'alerts: a warning is never edited' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER alerts_warning_stays BEFORE UPDATE ON alerts_fraudwarning FOR EACH ROW EXECUTE FUNCTION alerts_warning_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial"), ("elements", "0003_tallies")]

    operations = [
        migrations.RunSQL(STAYS, "DROP TRIGGER alerts_warning_stays ON alerts_fraudwarning; DROP FUNCTION alerts_warning_stays();"),
        migrations.RunSQL("CREATE INDEX address_key ON elements_address (key);", "DROP INDEX address_key;"),
    ]
