import agencies.rules.public_id
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0009_every_child_kinds'),
        ('reporting', '0002_append_only'),
        ('students', '0008_screening_and_disability'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsistencyFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=agencies.rules.public_id.uuid7, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('elsewhere', 'enrolled here, in school elsewhere'), ('ghost', 'on the roster, never seen in class'), ('twice', 'enrolled twice'), ('not_enrolled', 'in class, on no roster'), ('unmarked', 'dropout not marked in the national system'), ('still_marked', 'back in school, still marked in the national system')], max_length=14)),
                ('evidence', models.CharField(max_length=12)),
                ('found_on', models.DateField()),
                ('holds', models.BooleanField(default=True)),
                ('closed_on', models.DateField(blank=True, null=True)),
                ('closing', models.CharField(blank=True, choices=[('corrected', 'corrected'), ('explained', 'explained in writing')], max_length=10)),
                ('explanation', models.CharField(blank=True, max_length=400)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='findings', to='students.student')),
            ],
            options={
                'verbose_name': 'finding on a record',
                'indexes': [models.Index(condition=models.Q(('closed_on__isnull', True)), fields=['county', 'kind', 'found_on'], name='finding_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('holds', True)), fields=('student', 'kind'), name='finding_holds_once'), models.CheckConstraint(condition=models.Q(('holds', True), ('closed_on__isnull', False), _connector='OR'), name='finding_open_holds')],
            },
        ),
        migrations.CreateModel(
            name='SystemMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=agencies.rules.public_id.uuid7, editable=False, unique=True)),
                ('marked_on', models.DateField()),
                ('operator', models.CharField(max_length=40)),
                ('off_on', models.DateField(blank=True, null=True)),
                ('off_operator', models.CharField(blank=True, max_length=40)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region')),
                ('off_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='system_marks', to='students.student')),
            ],
            options={
                'verbose_name': 'mark in the national system',
                'constraints': [models.UniqueConstraint(condition=models.Q(('off_on__isnull', True)), fields=('student',), name='one_open_system_mark')],
            },
        ),
    ]
