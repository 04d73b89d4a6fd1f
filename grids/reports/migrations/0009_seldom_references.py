"""References that a new report lacks are indexed where they are set; an index of department and of who filed it begins another one already."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("reports", "0008_quick_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="report",
            name="claimed_by",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="deferral_asked_by",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="department",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.department",
                verbose_name="department",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="extension_asked_by",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="filed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="filed by",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="handled_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="handled by",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="lead",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="lead",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="merged_into",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="reports.report",
                verbose_name="merged into",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="verified_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="verified by",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="void_asked_by",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(condition=models.Q(("lead__isnull", False)), fields=["lead"], name="report_lead"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(condition=models.Q(("handled_by__isnull", False)), fields=["handled_by"], name="report_handled_by"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(condition=models.Q(("verified_by__isnull", False)), fields=["verified_by"], name="report_verified_by"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(condition=models.Q(("void_asked_by__isnull", False)), fields=["void_asked_by"], name="report_void_asked_by"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("extension_asked_by__isnull", False)), fields=["extension_asked_by"], name="report_extension_asked_by"
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("deferral_asked_by__isnull", False)), fields=["deferral_asked_by"], name="report_deferral_asked_by"
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="report_merged_into"),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(condition=models.Q(("claimed_by__isnull", False)), fields=["claimed_by"], name="report_claimed_by"),
        ),
    ]
