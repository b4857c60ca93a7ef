import agencies.rules.public_id
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0009_every_child_kinds'),
        ('students', '0006_edit_distance'),
    ]

    operations = [
        migrations.CreateModel(
            name='TransferApplication',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=agencies.rules.public_id.uuid7, editable=False, unique=True)),
                ('asked_on', models.DateField()),
                ('asked_by', models.CharField(max_length=40)),
                ('reason', models.CharField(max_length=200)),
                ('to', models.CharField(max_length=120)),
                ('step', models.CharField(choices=[('asked', 'asked for by the guardian'), ('agreed', 'agreed by the school, waits for the bureau'), ('approved', 'approved, waits for the other school'), ('confirmed', 'confirmed by the other school'), ('refused', 'transfer refused'), ('withdrawn', 'taken back or fallen away')], default='asked', max_length=10)),
                ('agreed_on', models.DateField(blank=True, null=True)),
                ('decided_on', models.DateField(blank=True, null=True)),
                ('because', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'verbose_name': 'transfer application',
            },
        ),
        migrations.RemoveConstraint(
            model_name='transfer',
            name='transfer_once_a_day',
        ),
        migrations.AddField(
            model_name='transfer',
            name='taken_back_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.UniqueConstraint(condition=models.Q(('taken_back_on__isnull', True)), fields=('student', 'asked_on'), name='transfer_once_a_day'),
        ),
        migrations.AddField(
            model_name='transferapplication',
            name='agreed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post'),
        ),
        migrations.AddField(
            model_name='transferapplication',
            name='county',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.region'),
        ),
        migrations.AddField(
            model_name='transferapplication',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post'),
        ),
        migrations.AddField(
            model_name='transferapplication',
            name='record',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='students.enrollmentrecord'),
        ),
        migrations.AddField(
            model_name='transferapplication',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.post'),
        ),
        migrations.AddField(
            model_name='transferapplication',
            name='school',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency'),
        ),
        migrations.AddField(
            model_name='transferapplication',
            name='student',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='students.student'),
        ),
        migrations.AddField(
            model_name='transferapplication',
            name='to_school',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency'),
        ),
        migrations.AddField(
            model_name='transferapplication',
            name='transfer',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='application', to='students.transfer'),
        ),
        migrations.AddIndex(
            model_name='transferapplication',
            index=models.Index(fields=['county', 'step', 'asked_on'], name='application_step'),
        ),
        migrations.AddConstraint(
            model_name='transferapplication',
            constraint=models.UniqueConstraint(condition=models.Q(('step__in', ['agreed', 'approved', 'asked'])), fields=('student',), name='one_open_application'),
        ),
    ]
