"""Every change of the net adds one to the edition, whoever makes it."""

from django.db import migrations

CREATE = """
INSERT INTO areas_edition (id, number) VALUES (1, 1);

CREATE FUNCTION areas_new_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE areas_edition SET number = number + 1 WHERE id = 1;
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
"""


class Migration(migrations.Migration):
    dependencies = [("areas", "0002_shapes_and_successions")]
    operations = [migrations.RunSQL(CREATE, DROP)]
