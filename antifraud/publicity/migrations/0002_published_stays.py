from django.db import migrations

STAYS = """
CREATE FUNCTION publicity_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was published stays as it was: publish a new version';
END $$;
CREATE TRIGGER publicity_advice_stays BEFORE UPDATE OR DELETE ON publicity_advicetext
    FOR EACH ROW EXECUTE FUNCTION publicity_stays();
CREATE TRIGGER publicity_message_stays BEFORE UPDATE OR DELETE ON publicity_capmessage
    FOR EACH ROW EXECUTE FUNCTION publicity_stays();
"""
CHANGES = """
DROP TRIGGER publicity_advice_stays ON publicity_advicetext;
DROP TRIGGER publicity_message_stays ON publicity_capmessage;
DROP FUNCTION publicity_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("publicity", "0001_initial")]

    operations = [migrations.RunSQL(STAYS, CHANGES)]
