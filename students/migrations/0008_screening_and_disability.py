import agencies.rules.public_id
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


# What somebody found is never rewritten.
FORWARD = """
CREATE TRIGGER screening_append_only BEFORE UPDATE OR DELETE ON students_screeningresult
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER taught_check_append_only BEFORE UPDATE OR DELETE ON students_taughtcheck
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER screening_append_only ON students_screeningresult;
DROP TRIGGER taught_check_append_only ON students_taughtcheck;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('students', '0007_transfer_applications'),
    ]

    operations = [
        migrations.CreateModel(
            name='DisabilityRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=agencies.rules.public_id.uuid7, editable=False, unique=True)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region')),
                ('student', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='disability_record', to='students.student')),
                ('sealed_number', models.TextField(blank=True)),
                ('category', models.CharField(choices=[('sight', 'sight'), ('hearing', 'hearing'), ('speech', 'speech'), ('limbs', 'limbs'), ('intellect', 'intellect'), ('mind', 'mind'), ('multiple', 'multiple'), ('other', 'another')], max_length=10)),
                ('grade', models.PositiveSmallIntegerField(choices=[(1, 'grade 1'), (2, 'grade 2'), (3, 'grade 3'), (4, 'grade 4')])),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('changed_at', models.DateTimeField()),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
            ],
            options={
                'verbose_name': 'disability record',
            },
        ),
        migrations.CreateModel(
            name='TaughtCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=agencies.rules.public_id.uuid7, editable=False, unique=True)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='students.disabilityrecord')),
                ('taught', models.CharField(choices=[('ordinary', 'ordinary school, in a regular class'), ('designated', 'designated ordinary school'), ('special', 'special school'), ('at_home', 'taught at home')], max_length=10)),
                ('on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
            ],
            options={
                'verbose_name': 'check of a placement',
                'indexes': [models.Index(fields=['record', '-on'], name='taught_check_record')],
            },
        ),
        migrations.CreateModel(
            name='ScreeningRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=agencies.rules.public_id.uuid7, editable=False, unique=True)),
                ('county', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region')),
                ('kind', models.CharField(choices=[('autumn', 'autumn term'), ('spring', 'spring term'), ('special', 'special')], max_length=8)),
                ('title', models.CharField(max_length=80)),
                ('term', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='students.term')),
                ('opens_on', models.DateField()),
                ('stage', models.CharField(blank=True, choices=[('primary', 'primary'), ('junior', 'junior middle')], max_length=8)),
                ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('poor', 'registered poor household'), ('left_behind_one', 'left behind: one parent away (school register)'), ('left_behind_both', 'left behind: both parents away (school register)'), ('left_behind_prov', 'left behind (provincial regulation)'), ('migrant', 'child of migrant workers'), ('disabled', 'disabled child'), ('parent_disabled', 'child of a disabled person'), ('parent_prison', 'child of a prisoner'), ('orphan', 'orphan'), ('unsupported', 'nobody in fact brings it up'), ('hardship', 'family in economic difficulty')], max_length=20), default=list, size=None)),
                ('areas', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, size=None)),
                ('opened_at', models.DateTimeField()),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
            ],
            options={
                'verbose_name': 'screening round',
                'indexes': [models.Index(fields=['county', '-opens_on'], name='screening_county')],
                'constraints': [models.UniqueConstraint(fields=('term',), name='screening_once_a_term')],
            },
        ),
        migrations.CreateModel(
            name='ScreeningTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='students.screeninground')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region')),
                ('houses', models.CharField(blank=True, max_length=20)),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
            ],
            options={
                'verbose_name': 'screening task',
                'constraints': [models.UniqueConstraint(fields=('round', 'village', 'houses'), name='screening_task_once')],
            },
        ),
        migrations.CreateModel(
            name='ScreenedChild',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='children', to='students.screeninground')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='screenings', to='students.student')),
                ('village', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region')),
                ('found', models.CharField(blank=True, choices=[('in_school', 'in school'), ('lawfully_away', 'lawfully away'), ('with_family', 'away with the family'), ('not_found', 'not found'), ('out_of_school', 'out of school'), ('moved_in', 'moved in, unknown to us')], max_length=14)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
            ],
            options={
                'verbose_name': 'child of a screening round',
                'indexes': [models.Index(fields=['round', 'village', 'found'], name='screened_village')],
                'constraints': [models.UniqueConstraint(fields=('round', 'student'), name='screened_once_a_round')],
            },
        ),
        migrations.CreateModel(
            name='ScreeningResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='students.screenedchild')),
                ('client_id', models.UUIDField(unique=True)),
                ('found', models.CharField(choices=[('in_school', 'in school'), ('lawfully_away', 'lawfully away'), ('with_family', 'away with the family'), ('not_found', 'not found'), ('out_of_school', 'out of school'), ('moved_in', 'moved in, unknown to us')], max_length=14)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post')),
            ],
            options={
                'verbose_name': 'result of a screening',
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
