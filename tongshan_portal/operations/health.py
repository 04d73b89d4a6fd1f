"""Whether the portal can work: its database, its Redis, its tables."""

from dataclasses import dataclass

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor


@dataclass(frozen=True, slots=True)
class Health:
    """What answers. `ready` is what a load balancer asks for."""

    database: bool
    redis: bool
    migrated: bool

    @property
    def ready(self) -> bool:
        return self.database and self.redis and self.migrated


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return False
    return True


def _redis() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def look() -> Health:
    """Ask each part once."""
    database = _database()
    return Health(database, _redis(), database and _migrated())
