"""Defaults of the dictionaries, labelled as such, and the index by which addresses are found."""

from django.db import migrations

TERMS = {
    "need": [
        ("elderly_care", "助老", "care for the elderly"),
        ("disability", "助残", "help with a disability"),
        ("medical", "就医协助", "help to see a doctor"),
        ("child_care", "未成年人关爱", "care for minors"),
        ("employment", "就业帮扶", "help to find work"),
        ("legal_help", "法律帮助", "legal help"),
        ("errands", "代办跑腿", "errands"),
    ],
    "place_kind": [
        ("shop", "沿街商铺", "shop"),
        ("market", "市场", "market"),
        ("school", "学校", "school"),
        ("clinic", "诊所", "clinic"),
        ("site", "工地", "building site"),
        ("rental", "出租房屋", "rented house"),
        ("other_place", "其他场所", "other place"),
    ],
    "facility_kind": [
        ("hydrant", "消火栓", "hydrant"),
        ("manhole", "窨井", "manhole"),
        ("camera", "摄像头", "camera"),
        ("light", "路灯", "street light"),
        ("sensor", "传感器", "sensor"),
        ("other_facility", "其他设施", "other facility"),
    ],
    "organisation_kind": [
        ("enterprise", "企业", "enterprise"),
        ("public_body", "事业单位", "public institution"),
        ("social", "社会组织", "social organisation"),
        ("self_employed", "个体工商户", "self-employed"),
        ("other_organisation", "其他组织", "other organisation"),
    ],
}


def add(apps, _editor):
    term = apps.get_model("elements", "Term")
    term.objects.bulk_create(
        term(dictionary=name, code=code, label_zh=zh, label_en=en, is_default=True) for name, rows in TERMS.items() for code, zh, en in rows
    )


class Migration(migrations.Migration):
    dependencies = [("elements", "0001_initial")]

    operations = [
        migrations.RunPython(add, migrations.RunPython.noop),
        # Pairs of characters: Chinese has no spaces, and two characters are a word. Immutable, so that it can be indexed.
        migrations.RunSQL(
            """
            CREATE FUNCTION portal_pairs(given text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS
            $$ SELECT array_agg(DISTINCT substr(given, place, 2)) FROM generate_series(1, greatest(length(given) - 1, 1)) AS place $$;
            CREATE INDEX address_pairs ON elements_address USING gin (portal_pairs(key));
            """,
            "DROP INDEX address_pairs; DROP FUNCTION portal_pairs(text);",
        ),
    ]
