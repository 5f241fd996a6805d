from pathlib import Path

import pytest

from bot.settings import CHANNELS, Settings, SettingsError, load_settings, variable_names

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented_with_its_own_words() -> None:
    document = DOCUMENT.read_text("utf-8")
    for name, field in Settings.model_fields.items():
        assert field.description, name
        if name == CHANNELS:  # their settings are documented with each channel: tests/contracts/test_channels.py
            continue
        assert f"`KEFU_{name.upper()}`" in document
        assert field.description in document, name


def test_every_documented_setting_exists() -> None:
    rows = [line.split("`")[1] for line in DOCUMENT.read_text("utf-8").splitlines() if line.startswith("| `KEFU_")]
    assert sorted(rows) == sorted(variable_names())


def test_an_unknown_variable_stops_the_start_and_names_its_neighbours() -> None:
    with pytest.raises(SettingsError, match=r"KEFU_PROT: .* Did you mean KEFU_PORT"):
        load_settings({"KEFU_PROT": "8000"})
    with pytest.raises(SettingsError, match=r"KEFU_ZZZ: .* docs/settings.md"):
        load_settings({"KEFU_ZZZ": "1"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KEFU_PORT", "eighty"),
        ("KEFU_PORT", "70000"),
        ("KEFU_DEMO", "perhaps"),
        ("KEFU_LOG_LEVEL", "LOUD"),
        ("KEFU_DATABASE_URL", "mysql://x"),
        ("KEFU_TURN_THREADS", "0"),
        ("KEFU_SQLITE_SYNCHRONOUS", "OFF"),
    ],
)
def test_a_wrong_value_stops_the_start_and_is_shown(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}: .*{value}"):
        load_settings({name: value})


@pytest.mark.parametrize("name", ["KEFU_API_TOKEN", "KEFU_REST_TOKEN", "KEFU_IDENTITY_SECRET", "KEFU_SESSION_SECRET"])
def test_a_wrong_secret_is_named_and_not_shown(name: str) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings({name: "hunter2"})
    assert name in str(error.value) and "hunter2" not in str(error.value)


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    assert "a-very-secret-token" not in repr(load_settings({"KEFU_API_TOKEN": "a-very-secret-token"}))


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as error:
        load_settings({"KEFU_PORT": "x", "KEFU_LOG_LEVEL": "y"})
    assert "KEFU_PORT" in str(error.value) and "KEFU_LOG_LEVEL" in str(error.value)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "shop.env"
    file.write_text("KEFU_PORT=9000\nKEFU_HOST=0.0.0.0\nOTHER=1\n")
    settings = load_settings({"KEFU_SETTINGS_FILE": str(file), "KEFU_PORT": "9001"})
    assert (settings.host, settings.port) == ("0.0.0.0", 9001)


def test_kefu_env_in_the_working_directory_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kefu.env").write_text("KEFU_PORT=9000\n")
    monkeypatch.chdir(tmp_path)
    assert load_settings({}).port == 9000


def test_a_missing_settings_file_and_a_mistake_in_one_are_errors(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no file"):
        load_settings({"KEFU_SETTINGS_FILE": str(tmp_path / "no.env")})
    (tmp_path / "bad.env").write_text("KEFU_PROT=1\n")
    with pytest.raises(SettingsError, match="KEFU_PROT"):
        load_settings({"KEFU_SETTINGS_FILE": str(tmp_path / "bad.env")})


def test_origins_are_a_comma_separated_list() -> None:
    settings = load_settings({"KEFU_WIDGET_ORIGINS": "https://a.example/, https://b.example ,"})
    assert settings.widget_origins == ("https://a.example", "https://b.example")
