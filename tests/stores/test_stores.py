"""The stores that tests run against are real, private and gone afterwards."""

import psycopg
import redis


def test_postgres_answers_in_utf8(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as session:
        row = session.execute("SELECT lower('ÉÄ'), current_setting('server_encoding')").fetchone()
    assert row == ("éä", "UTF8")


def test_each_test_may_have_an_empty_database(postgres_url: str, empty_postgres_url: str) -> None:
    assert empty_postgres_url != postgres_url
    with psycopg.connect(empty_postgres_url.replace("+psycopg", "")) as session:
        row = session.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert row == (0,)


def test_valkey_answers_on_a_socket_and_keeps_a_log_of_writes(valkey_url: str) -> None:
    with redis.Redis.from_url(valkey_url) as store:
        assert store.ping()
        assert store.config_get("appendonly") == {"appendonly": "yes"}
        assert store.config_get("port") == {"port": "0"}
