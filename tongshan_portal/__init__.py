"""The portal itself. Importing it costs nothing: the launcher does. `operations` loads the Celery application with the apps."""
