"""The desk: waves, reading, hand-overs of shifts, messages. Of alerts that stand open already no family is asked."""

import antifraud.alerts.models.dictionaries
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import grids.areas.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("alerts", "0003_state_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AlertOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("read_change", models.DateTimeField()),
            ],
            options={
                "verbose_name": "opening of an alert",
                "verbose_name_plural": "openings of alerts",
            },
        ),
        migrations.CreateModel(
            name="Handover",
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
                (
                    "state",
                    models.CharField(
                        choices=[("drafted", "written, to be taken over"), ("taken_over", "taken over")],
                        default="drafted",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="since")),
                ("written_at", models.DateTimeField(verbose_name="written")),
                ("taken_at", models.DateTimeField(null=True, verbose_name="taken over")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("brief", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "hand-over of a shift",
                "verbose_name_plural": "hand-overs of shifts",
                "ordering": ["-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="attempt",
            name="attempt_words_known",
        ),
        migrations.RemoveConstraint(
            model_name="fraudwarning",
            name="warning_grade_known",
        ),
        migrations.AddField(
            model_name="alertpolicy",
            name="advice_words",
            field=models.CharField(
                default="【反诈提醒】{advice}如有疑问请拨打110，不要向陌生账户转账。",
                help_text="{advice} stands for the advice of the fraud type.",
                max_length=140,
                verbose_name="message to the person",
            ),
        ),
        migrations.AddField(
            model_name="alertpolicy",
            name="family_words",
            field=models.CharField(
                default="【金钟罩】请尽快给绑定号码{who}的家人打个电话。如需解除绑定，请到注册页面办理。",
                help_text="{who} stands for the masked number of the person. Nothing of the warning belongs here.",
                max_length=140,
                validators=[antifraud.alerts.models.dictionaries.says_nothing_else],
                verbose_name="message to the family",
            ),
        ),
        migrations.AddField(
            model_name="alertpolicy",
            name="messages_per_day",
            field=models.PositiveIntegerField(default=1, verbose_name="messages to one person, or to one family, a day, at most"),
        ),
        migrations.AddField(
            model_name="alertpolicy",
            name="tell_family",
            field=models.BooleanField(default=True, verbose_name="ask the family to call, where the person agreed"),
        ),
        migrations.AddField(
            model_name="alertpolicy",
            name="wave_from",
            field=models.PositiveIntegerField(
                default=3, validators=[django.core.validators.MinValueValidator(2)], verbose_name="so many alerts are a wave"
            ),
        ),
        migrations.AddField(
            model_name="alertpolicy",
            name="wave_hours",
            field=models.PositiveIntegerField(
                default=6,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(72)],
                verbose_name="hours between two alerts of one wave, at most",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="messages",
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name="fraudalert",
            name="claimed",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="claimed sender or site"),
        ),
        migrations.AddField(
            model_name="fraudalert",
            name="family_told_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="family asked to call"),
        ),
        migrations.AddField(
            model_name="fraudwarning",
            name="came",
            field=models.CharField(
                choices=[
                    ("opened", "opened the alert"),
                    ("counted", "came within the window: counted, the clock runs on"),
                    ("graver", "was graver: the grade was raised"),
                    ("renewed", "came after the window: the clock of the first contact began anew"),
                ],
                default="opened",
                max_length=8,
                verbose_name="what it did",
            ),
        ),
        migrations.AddField(
            model_name="fraudwarning",
            name="claimed",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="claimed sender or site"),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="by"
            ),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="reached",
            field=models.CharField(
                choices=[
                    ("yes", "reached"),
                    ("no", "not reached"),
                    ("refused", "refused"),
                    ("empty_number", "empty number"),
                    ("not_in_area", "not in the area"),
                    ("sent", "sent, no answer yet"),
                ],
                max_length=14,
                verbose_name="reached",
            ),
        ),
        migrations.AddIndex(
            model_name="fraudalert",
            index=models.Index(
                condition=models.Q(
                    ("contacted_at__isnull", True),
                    ("family_told_at__isnull", True),
                    ("rank", 0),
                    ("registration_id__isnull", False),
                    ("state__in", ("new", "assigned", "being_reached", "snoozed", "handed_over")),
                ),
                fields=["received_at"],
                name="alert_family_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("channel__in", ["call", "visit", "sms", "family", "other"]),
                    ("reached__in", ["yes", "no", "refused", "empty_number", "not_in_area", "sent"]),
                ),
                name="attempt_words_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(("by__isnull", False), ("reached", "sent"), _connector="OR"), name="attempt_by_somebody"
            ),
        ),
        migrations.AddConstraint(
            model_name="fraudwarning",
            constraint=models.CheckConstraint(
                condition=models.Q(("came__in", ["opened", "counted", "graver", "renewed"]), ("grade__in", ["high", "medium", "low"])),
                name="warning_grade_known",
            ),
        ),
        migrations.AddField(
            model_name="alertopening",
            name="alert",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="alerts.fraudalert"),
        ),
        migrations.AddField(
            model_name="alertopening",
            name="user",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="handover",
            name="left_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="left by"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="taken_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="taken over by",
            ),
        ),
        migrations.AddConstraint(
            model_name="alertopening",
            constraint=models.UniqueConstraint(fields=("alert", "user"), name="alert_opening_once"),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["area_code", "-id"], name="handover_of_desk"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(condition=models.Q(("state", "drafted")), fields=("area_code",), name="handover_one_waits"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "drafted"), ("taken_at__isnull", True), ("taken_by__isnull", True)),
                    models.Q(
                        ("state", "taken_over"),
                        ("taken_at__isnull", False),
                        ("taken_by__isnull", False),
                        models.Q(("taken_by", models.F("left_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="handover_taken_by_another",
            ),
        ),
        migrations.RunSQL(
            "UPDATE alerts_fraudalert SET family_told_at = changed_at WHERE state IN ('new', 'assigned', 'being_reached', 'snoozed', 'handed_over')",
            migrations.RunSQL.noop,
        ),
    ]
