import os
import stat

import pytest

from crmadmin.core import config


def test_nothing_set_means_sqlite_in_moscow_in_russian(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "INSTANCE", tmp_path)
    settings = config.read({})

    assert settings.database_url == f"sqlite:///{tmp_path}/crm.db"
    assert (str(settings.timezone), settings.locale, settings.host, settings.port) == (
        "Europe/Moscow",
        "ru",
        "127.0.0.1",
        8000,
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has rights of its own")
def test_the_folder_of_the_installation_is_the_owners_only(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "INSTANCE", tmp_path / "instance")
    config.read({})
    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700


def test_the_secret_is_made_once_and_is_the_owners_only(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "INSTANCE", tmp_path)

    first, second = config.read({}).secret_key, config.read({}).secret_key

    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CRM_DATABSE_URL", "sqlite:///x.db"),
        ("CRM_DATABASE_URL", "mysql://x"),
        ("CRM_DATABASE_URL", "nonsense"),
        ("CRM_TIMEZONE", "Moscow"),
        ("CRM_LOCALE", "de"),
        ("CRM_PORT", "eighty"),
        ("CRM_PORT", "0"),
        ("CRM_THREADS", "-1"),
        ("CRM_SECRET_KEY", "short"),
        ("CRM_BASE_URL", "intranet"),
        ("CRM_MAIL_URL", "localhost"),
        ("CRM_MAIL_FROM", "crm"),
        ("CRM_MAIL_FROM", "CRM <crm@example.ru>, all@example.ru"),
        ("CRM_TRUSTED_PROXIES", "the proxy"),
    ],
)
def test_a_wrong_setting_stops_with_one_line_that_names_it(tmp_path, monkeypatch, name, value):
    monkeypatch.setattr(config, "INSTANCE", tmp_path)

    with pytest.raises(config.SettingsError) as refused:
        config.read({name: value})

    assert name in str(refused.value)
    assert "\n" not in str(refused.value)


def test_letters_need_a_sender(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "INSTANCE", tmp_path)
    given = {"CRM_MAIL_URL": "smtps://anna:p%40ss@mail.example.ru"}

    with pytest.raises(config.SettingsError, match="CRM_MAIL_FROM"):
        config.read(given)
    assert config.read(given | {"CRM_MAIL_FROM": "CRM <crm@example.ru>"}).mail_from == "CRM <crm@example.ru>"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"CRM_HOST": "0.0.0.0", "CRM_PORT": "81"}, "http://127.0.0.1:81"),  # noqa: S104
        ({"CRM_HOST": "::1"}, "http://[::1]:8000"),
        ({"CRM_BASE_URL": "https://crm.example.ru/"}, "https://crm.example.ru"),
    ],
)
def test_the_address_is_what_people_type(tmp_path, monkeypatch, given, said):
    monkeypatch.setattr(config, "INSTANCE", tmp_path)

    assert config.read(given).address == said


def test_an_empty_setting_is_the_default_and_others_programs_are_ignored(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "INSTANCE", tmp_path)

    assert config.read({"CRM_PORT": "", "CRMX": "1", "PATH": "/bin"}).port == 8000


def test_a_postgresql_address_is_for_psycopg(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "INSTANCE", tmp_path)
    settings = config.read({"CRM_DATABASE_URL": "postgresql://anna:s%40crt@db/crm"})

    assert settings.database_url == "postgresql+psycopg://anna:s%40crt@db/crm"
