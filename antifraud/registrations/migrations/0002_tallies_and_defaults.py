"""Tallies by triggers, and consent texts that cannot change. Their defaults are written after migrations, where there are none yet."""

from django.db import migrations

# For each table, what counts: (kind, condition on a row). Areas are taken in order, so that two imports wait for one another instead of
# locking crosswise. A tally goes up and down by what a statement changed, once per area.
KINDS = {
    "registrations_registration": {
        "registered": "{row}.state = 'registered'",
        "following": "{row}.state = 'registered' AND {row}.follows",
    },
    "registrations_familymember": {"family": "{row}.counted"},
}


def _changes(kinds, tables):
    """The rows of a statement as (kind, area, +1 or -1); `tables` are transition tables with their sign."""
    return " UNION ALL ".join(
        f"SELECT '{kind}' AS kind, {table}.area_code, {sign} AS step FROM {table} WHERE {condition.format(row=table)}"  # noqa: S608
        for kind, condition in kinds.items()
        for table, sign in tables
    )


def _upsert(kinds, tables):
    return f"""
        INSERT INTO registrations_registrationtally AS held (kind, area_code, number)
        SELECT kind, area_code, sum(step) FROM ({_changes(kinds, tables)}) AS changes
        GROUP BY kind, area_code HAVING sum(step) <> 0 ORDER BY kind, area_code
        ON CONFLICT (kind, area_code) DO UPDATE SET number = held.number + excluded.number;
    """  # noqa: S608 - the words stand above


def _create(table):
    kinds, name = KINDS[table], f"{table}_tally"
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM registrations_registrationtally WHERE kind IN ({listed});
    ELSIF TG_OP = 'INSERT' THEN {_upsert(kinds, [("added", 1)])}
    ELSIF TG_OP = 'DELETE' THEN {_upsert(kinds, [("removed", -1)])}
    ELSE {_upsert(kinds, [("added", 1), ("removed", -1)])}
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER {name}_added AFTER INSERT ON {table} REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
CREATE TRIGGER {name}_changed AFTER UPDATE ON {table} REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
CREATE TRIGGER {name}_removed AFTER DELETE ON {table} REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION {name}();
CREATE TRIGGER {name}_emptied AFTER TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""  # noqa: S608 - the words stand above


def _drop(table):
    names = ("added", "changed", "removed", "emptied")
    return "".join(f"DROP TRIGGER {table}_tally_{name} ON {table};" for name in names) + f"DROP FUNCTION {table}_tally();"


UNCHANGEABLE = """
CREATE FUNCTION registrations_consent_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a consent text that was published stays as it was: publish a new version';
END $$;
CREATE TRIGGER registrations_consent_stays BEFORE UPDATE OR DELETE ON registrations_consenttext
    FOR EACH ROW EXECUTE FUNCTION registrations_consent_stays();
"""
CHANGEABLE = "DROP TRIGGER registrations_consent_stays ON registrations_consenttext; DROP FUNCTION registrations_consent_stays();"


class Migration(migrations.Migration):
    dependencies = [("registrations", "0001_initial")]

    operations = [
        *[migrations.RunSQL(_create(table), _drop(table)) for table in KINDS],
        migrations.RunSQL(UNCHANGEABLE, CHANGEABLE),
    ]
