from django.contrib.postgres.operations import CreateExtension
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("students", "0005_entry_previous"),
    ]

    operations = [
        CreateExtension("fuzzystrmatch"),
    ]
