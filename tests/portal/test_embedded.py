"""The embedded servers start again whatever state the last ones left, and no stranger is touched."""

import os
import signal
import subprocess
import sys
import time

import psutil
import psycopg2
import pytest
import redis

from tongshan_portal import embedded
from tongshan_portal.embedded import folders, postgres, redis_server

pytestmark = pytest.mark.chaos


@pytest.fixture
def stranger():
    """A live process of somebody else's."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield process
    process.kill()
    process.wait()


def database(var):
    return psycopg2.connect(host=str(folders.socket_folder(var) / "pg"), user="portal", dbname="portal")


def client(var):
    return redis.Redis(unix_socket_path=str(folders.socket_folder(var) / "redis.sock"))


def pid_of(file) -> int:
    return int(file.read_text().split("\n", 1)[0])


def gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.02)
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_postgres_keeps_what_was_committed_through_kill_9(folder):
    embedded.start_postgres(folder)
    with database(folder) as connection, connection.cursor() as cursor:
        cursor.execute("create table kept (n int); insert into kept values (7)")
    connection.close()
    pid = pid_of(folders.postgres_data(folder) / "postmaster.pid")
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)
    embedded.start_postgres(folder)
    with database(folder) as connection, connection.cursor() as cursor:
        cursor.execute("select n from kept")
        assert cursor.fetchall() == [(7,)]
    connection.close()


def test_postgres_starts_over_lock_files_that_name_a_stranger(folder, stranger):
    embedded.start_postgres(folder)
    data = folders.postgres_data(folder)
    lines = (data / "postmaster.pid").read_text().split("\n")
    postgres.stop(folder)
    stale = "\n".join([str(stranger.pid), *lines[1:]])
    (data / "postmaster.pid").write_text(stale)
    (folders.socket_folder(folder) / "pg" / ".s.PGSQL.5432.lock").write_text(stale)
    embedded.start_postgres(folder)
    assert (embedded.answers(folder, "postgres"), stranger.poll()) == (True, None)


def test_postgres_that_lost_its_socket_is_started_again(folder, monkeypatch):
    monkeypatch.setattr(postgres, "HANGS", 0.5)
    embedded.start_postgres(folder)
    before = pid_of(folders.postgres_data(folder) / "postmaster.pid")
    (folders.socket_folder(folder) / "pg" / ".s.PGSQL.5432").unlink()
    embedded.start_postgres(folder)
    assert embedded.answers(folder, "postgres")
    assert pid_of(folders.postgres_data(folder) / "postmaster.pid") != before


def test_postgres_socket_is_its_owners_alone(folder):
    embedded.start_postgres(folder)
    assert (folders.socket_folder(folder) / "pg" / ".s.PGSQL.5432").stat().st_mode & 0o777 == 0o700


def test_redis_keeps_its_queue_through_kill_9_and_a_stale_socket(folder):
    embedded.start_redis(folder)
    with client(folder) as one:
        one.rpush("queue", "a", "b")
        one.bgrewriteaof()
        time.sleep(1.2)  # the append-only file is flushed every second
    os.kill(pid_of(folder / "redis" / "pid"), signal.SIGKILL)
    assert (folders.socket_folder(folder) / "redis.sock").exists()
    embedded.start_redis(folder)
    with client(folder) as one:
        assert one.lrange("queue", 0, -1) == [b"a", b"b"]


def test_redis_that_hangs_is_ended_before_another_writes_its_file(folder, monkeypatch):
    monkeypatch.setattr(redis_server, "HANGS", 0.5)
    monkeypatch.setattr(redis_server, "ANSWERS_WITHIN", 0.3)
    embedded.start_redis(folder)
    before = pid_of(folder / "redis" / "pid")
    os.kill(before, signal.SIGSTOP)
    embedded.start_redis(folder)
    assert (gone(before), embedded.answers(folder, "redis")) == (True, True)


def test_redis_starts_over_a_pid_file_that_names_a_stranger(folder, stranger):
    embedded.start_redis(folder)
    redis_server.stop(folder)
    (folder / "redis" / "pid").write_text(str(stranger.pid))
    embedded.start_redis(folder)
    assert (embedded.answers(folder, "redis"), stranger.poll()) == (True, None)


def test_stop_ends_both_servers_and_nothing_else(folder, stranger):
    embedded.start_postgres(folder)
    embedded.start_redis(folder)
    pids = [pid_of(folders.postgres_data(folder) / "postmaster.pid"), pid_of(folder / "redis" / "pid")]
    embedded.stop(folder)
    assert [gone(pid) for pid in pids] == [True, True]
    assert (embedded.is_running(folder), stranger.poll()) == (False, None)


def test_starting_twice_starts_once(folder):
    embedded.start_redis(folder)
    before = pid_of(folder / "redis" / "pid")
    embedded.start_redis(folder)
    assert pid_of(folder / "redis" / "pid") == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else, and only root needs the unprivileged account")
class TestAsRoot:
    def test_a_socket_folder_of_somebody_else_is_refused(self, tmp_path):
        place = folders.socket_folder(tmp_path)
        os.chown(place, 65534, 65534)
        with pytest.raises(embedded.ServiceFailed):
            folders.socket_folder(tmp_path)
        place.rmdir()

    def test_data_lies_outside_a_folder_that_the_unprivileged_account_may_not_enter(self, tmp_path):
        tmp_path.chmod(0o700)
        assert folders.postgres_data(tmp_path / "var") == folders.state_folder(tmp_path / "var") / "postgres"
        assert tmp_path.stat().st_mode & 0o777 == 0o700

    def test_data_stays_where_it_is_when_a_folder_is_closed_later(self, tmp_path):
        data = tmp_path / "postgres"
        data.mkdir()
        (data / "PG_VERSION").write_text("18")
        tmp_path.chmod(0o700)
        assert folders.postgres_data(tmp_path) == data
