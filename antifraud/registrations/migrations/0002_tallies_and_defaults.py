"""Tallies by triggers, consent texts that cannot change, and the portal's own defaults, labelled so."""

from django.db import migrations
from django.utils import timezone

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

RELATIONS = [
    ("spouse", "配偶", "spouse"),
    ("parent", "父母", "parent"),
    ("grandparent", "祖父母、外祖父母", "grandparent"),
    ("child", "子女", "child"),
    ("sibling", "兄弟姐妹", "brother or sister"),
    ("other_relative", "其他亲属", "other relative"),
]
TEXT = {
    "handler_zh": "本区社会治理现代化指挥中心（示例文本，启用前请由公安机关和法务核定）",
    "handler_en": "The governance command centre of the district (sample text, to be approved by the police and legal staff before use)",
    "purpose_zh": "用于反电信网络诈骗的预警劝阻：公安机关下发的预警信息涉及您的号码时，由社区民警、反诈专员或网格人员尽快联系您本人。不作他用。",
    "purpose_en": (
        "To warn you of telecom and online fraud: when a warning of the police is about your number, a community police officer, anti-fraud "
        "officer or grid worker contacts you as soon as possible. For nothing else."
    ),
    "data_zh": "手机号码（加密保存，平时只显示首尾几位）、您选择的村（社区）、姓名（可不填）。定位只在您按下按钮时使用一次，不保存。"
    "绑定家人须由家人本人用其号码确认；未满十四周岁的，由监护人同意。",
    "data_en": (
        "Your mobile number (kept encrypted, shown by its first and last digits only), the village or community you choose, and your name if "
        "you give it. Your position is used once, when you press the button, and is not kept. A family member is bound only when confirming "
        "by the member's own number; for a child under fourteen the guardian consents."
    ),
    "retention_zh": "保存至您撤回同意为止；撤回后立即停止匹配，三十日内删除号码和姓名，只保留不能识别个人的数量统计。",
    "retention_en": (
        "Until you withdraw. From then on nothing is matched any more, and number and name are deleted within thirty days; only counts that "
        "identify nobody remain."
    ),
    "rights_zh": "您可以随时凭手机验证码查阅、更正、复制、删除您的信息，撤回同意与注册一样方便；不注册不影响您报警和求助。",
    "rights_en": (
        "With a code sent to your number you may see, correct, copy and erase your data at any time, and withdraw as easily as you registered. "
        "You can call the police and ask for help without registering."
    ),
    "contact_zh": "请联系所在社区民警或区指挥中心（示例，启用前请填写电话）；遇到诈骗请直接拨打110。",
    "contact_en": "Your community police officer or the command centre (sample, to be completed before use). In case of fraud call 110.",
}


def add(apps, _editor):
    relation, text = apps.get_model("registrations", "Relation"), apps.get_model("registrations", "ConsentText")
    relation.objects.bulk_create(relation(code=code, label_zh=zh, label_en=en, is_default=True) for code, zh, en in RELATIONS)
    text.objects.create(version=1, published_at=timezone.now(), is_default=True, **TEXT)


class Migration(migrations.Migration):
    dependencies = [("registrations", "0001_initial")]

    operations = [
        *[migrations.RunSQL(_create(table), _drop(table)) for table in KINDS],
        migrations.RunPython(add, migrations.RunPython.noop),
        migrations.RunSQL(UNCHANGEABLE, CHANGEABLE),
    ]
