import agencies.rules.public_id
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0009_every_child_kinds'),
        ('students', '0009_lawful_placements'),
    ]

    operations = [
        migrations.CreateModel(
            name='RosterMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=agencies.rules.public_id.uuid7, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('promotion', 'promotion to the next school year'), ('merger', 'merger into another school')], max_length=10)),
                ('first_day', models.DateField()),
                ('school_year', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('prepared', 'prepared, to be looked at'), ('applied', 'applied to the rosters'), ('undone', 'undone')], default='prepared', max_length=10)),
                ('prepared_at', models.DateTimeField()),
                ('applied_at', models.DateTimeField(blank=True, null=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undo', models.JSONField(default=dict)),
                ('applied_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region')),
                ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('target', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
            ],
            options={
                'verbose_name': 'roster move',
            },
        ),
        migrations.CreateModel(
            name='RosterMoveRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was_to_end_on', models.DateField(blank=True, null=True)),
                ('fate', models.CharField(choices=[('moves', 'goes on'), ('repeats', 'stays back'), ('finishes', 'completes compulsory education'), ('leaves', 'leaves for a school with the next grade'), ('left_out', 'left out')], max_length=10)),
                ('to_year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('to_grade', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('to_number', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('problem', models.CharField(blank=True, max_length=20)),
                ('after', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='students.enrollmentrecord')),
                ('before', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='students.enrollmentrecord')),
                ('from_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='students.schoolclass')),
                ('move', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='students.rostermove')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='students.student')),
            ],
            options={
                'verbose_name': 'row of a roster move',
            },
        ),
        migrations.AddIndex(
            model_name='rostermove',
            index=models.Index(fields=['county', '-prepared_at'], name='roster_move_county'),
        ),
        migrations.AddConstraint(
            model_name='rostermove',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'prepared')), fields=('school', 'kind'), name='one_prepared_move'),
        ),
        migrations.AddConstraint(
            model_name='rostermoverow',
            constraint=models.UniqueConstraint(fields=('move', 'student'), name='move_row_once'),
        ),
    ]
