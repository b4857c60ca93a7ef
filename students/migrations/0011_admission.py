import agencies.rules.public_id
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0009_every_child_kinds'),
        ('students', '0010_roster_moves'),
    ]

    operations = [
        migrations.CreateModel(
            name='AdmissionNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=agencies.rules.public_id.uuid7, editable=False, unique=True)),
                ('school_year', models.PositiveSmallIntegerField()),
                ('grade', models.PositiveSmallIntegerField()),
                ('number', models.PositiveIntegerField()),
                ('first', models.PositiveIntegerField()),
                ('facts', models.JSONField(default=dict)),
                ('issued_on', models.DateField()),
                ('delivered_on', models.DateField(blank=True, null=True)),
                ('receiver', models.CharField(blank=True, max_length=40)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region')),
                ('delivered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='students.student')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region')),
            ],
            options={
                'verbose_name': 'admission notice',
                'constraints': [models.UniqueConstraint(fields=('student', 'school_year'), name='one_notice_a_year'), models.UniqueConstraint(fields=('school', 'school_year', 'number'), name='notice_number_once'), models.CheckConstraint(condition=models.Q(('grade__in', (1, 7))), name='notice_of_entry_grade')],
            },
        ),
        migrations.CreateModel(
            name='MigrantApplication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=agencies.rules.public_id.uuid7, editable=False, unique=True)),
                ('name', models.CharField(max_length=40)),
                ('born_on', models.DateField()),
                ('guardian', models.CharField(max_length=40)),
                ('phone', models.CharField(blank=True, max_length=20)),
                ('home', models.CharField(max_length=120)),
                ('grade', models.PositiveSmallIntegerField()),
                ('asked', models.JSONField(default=list)),
                ('given', models.JSONField(default=list)),
                ('asked_on', models.DateField()),
                ('outcome', models.CharField(choices=[('waiting', 'waits for the decision'), ('placed', 'has a school'), ('refused', 'application refused')], default='waiting', max_length=10)),
                ('because', models.CharField(blank=True, max_length=200)),
                ('decided_on', models.DateField(blank=True, null=True)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
                ('lives_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
                ('school', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
            ],
            options={
                'verbose_name': 'application of a migrant family',
                'indexes': [models.Index(fields=['county', 'outcome', 'asked_on'], name='migrant_outcome')],
            },
        ),
    ]
