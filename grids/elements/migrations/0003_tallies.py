"""How many elements stand in each area, kept by triggers."""

import django.core.validators
import django.db.models.functions.text
import grids.areas.models
from django.db import migrations, models


KINDS = ("household", "place", "facility", "organisation")

# One function for every kind; transition tables hold the rows of the statement, so that a bulk import counts once per area and statement.
# Areas are taken in order, so that two imports wait for one another instead of locking crosswise.
CREATE = """
CREATE FUNCTION elements_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM elements_elementtally WHERE kind = TG_ARGV[0];
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO elements_elementtally AS held (kind, area_code, number)
        SELECT TG_ARGV[0], area_code, count(*) FROM added GROUP BY area_code ORDER BY area_code
        ON CONFLICT (kind, area_code) DO UPDATE SET number = held.number + excluded.number;
    ELSIF TG_OP = 'DELETE' THEN
        UPDATE elements_elementtally AS held SET number = held.number - gone.number
        FROM (SELECT area_code, count(*) AS number FROM removed GROUP BY area_code ORDER BY area_code) AS gone
        WHERE held.kind = TG_ARGV[0] AND held.area_code = gone.area_code;
    ELSE
        UPDATE elements_elementtally AS held SET number = held.number - gone.number
        FROM (SELECT removed.area_code, count(*) AS number FROM removed JOIN added USING (id)
              WHERE removed.area_code <> added.area_code GROUP BY 1 ORDER BY 1) AS gone
        WHERE held.kind = TG_ARGV[0] AND held.area_code = gone.area_code;
        INSERT INTO elements_elementtally AS held (kind, area_code, number)
        SELECT TG_ARGV[0], added.area_code, count(*) FROM removed JOIN added USING (id)
        WHERE removed.area_code <> added.area_code GROUP BY 2 ORDER BY 2
        ON CONFLICT (kind, area_code) DO UPDATE SET number = held.number + excluded.number;
    END IF;
    RETURN NULL;
END $$;
"""
FOR_KIND = """
INSERT INTO elements_elementtally (kind, area_code, number) SELECT 'KIND', area_code, count(*) FROM elements_KIND GROUP BY area_code;
CREATE TRIGGER KIND_tally_added AFTER INSERT ON elements_KIND REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION elements_tally('KIND');
CREATE TRIGGER KIND_tally_moved AFTER UPDATE ON elements_KIND REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION elements_tally('KIND');
CREATE TRIGGER KIND_tally_removed AFTER DELETE ON elements_KIND REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION elements_tally('KIND');
CREATE TRIGGER KIND_tally_emptied AFTER TRUNCATE ON elements_KIND
    FOR EACH STATEMENT EXECUTE FUNCTION elements_tally('KIND');
"""
DROP_FOR_KIND = """
DROP TRIGGER KIND_tally_added ON elements_KIND;
DROP TRIGGER KIND_tally_moved ON elements_KIND;
DROP TRIGGER KIND_tally_removed ON elements_KIND;
DROP TRIGGER KIND_tally_emptied ON elements_KIND;
"""
DROP = "DROP FUNCTION elements_tally();"


class Migration(migrations.Migration):
    dependencies = [
        ("elements", "0002_terms_and_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="ElementTally",
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
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("number", models.PositiveIntegerField(default=0, verbose_name="number")),
            ],
            options={
                "verbose_name": "tally of elements",
                "verbose_name_plural": "tallies of elements",
                "constraints": [models.UniqueConstraint(fields=("kind", "area_code"), name="element_tally_once")],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
        *[migrations.RunSQL(FOR_KIND.replace("KIND", kind), DROP_FOR_KIND.replace("KIND", kind)) for kind in KINDS],
    ]
