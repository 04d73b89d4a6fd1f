"""Every change of the net is a new edition, whoever makes it. Numbers come from a sequence, so one that was rolled back never returns."""

from django.db import migrations

CREATE = """
CREATE SEQUENCE areas_edition_numbers;
INSERT INTO areas_edition (id, number) VALUES (1, nextval('areas_edition_numbers'));

CREATE FUNCTION areas_new_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO areas_edition (id, number) VALUES (1, nextval('areas_edition_numbers'))
        ON CONFLICT (id) DO UPDATE SET number = excluded.number;
    RETURN NULL;
END $$;

CREATE TRIGGER area_new_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON areas_area
    FOR EACH STATEMENT EXECUTE FUNCTION areas_new_edition();
CREATE TRIGGER areashape_new_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON areas_areashape
    FOR EACH STATEMENT EXECUTE FUNCTION areas_new_edition();
CREATE TRIGGER succession_new_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON areas_succession
    FOR EACH STATEMENT EXECUTE FUNCTION areas_new_edition();
"""

DROP = """
DROP TRIGGER succession_new_edition ON areas_succession;
DROP TRIGGER areashape_new_edition ON areas_areashape;
DROP TRIGGER area_new_edition ON areas_area;
DROP FUNCTION areas_new_edition();
DELETE FROM areas_edition;
DROP SEQUENCE areas_edition_numbers;
"""


class Migration(migrations.Migration):
    dependencies = [("areas", "0002_shapes_and_successions")]
    operations = [migrations.RunSQL(CREATE, DROP)]
