"""The settings and the command line, as an officer meets them: what is wrong is named, with its value and the fix."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.config import ConfigError, load

KEY = "ab" * 32
EXAMPLE = Path(__file__).parents[1] / "config.example.toml"
GOOD = '[society]\nname = "Harborview"\n'


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "society: missing"),
        ("[society\n", "not TOML"),
        ('[society]\nname = "H"\nzone = "Eastern"\n', "society.zone = 'Eastern': write an IANA name such as"),
        (GOOD + 'colour = "red"\n', "society.colour: no such setting"),
        (GOOD + '[database]\nurl = "mysql://x"\n', "database.url = 'mysql://x': begin it with sqlite+aiosqlite:///"),
        (GOOD + "[pace]\nquiet_from = 25\n", "pace.quiet_from = 25: write 23 or less."),
        (GOOD + '[pace]\nquiet_from = "nine"\n', "pace.quiet_from = 'nine': write a whole number, without quotes."),
        (
            GOOD + "[pace]\nfirst_words_days = 8\n",
            "pace: a new pair is asked, asked again, and then seen by an officer",
        ),
        ('society = "Harborview"\n', "society = 'Harborview': write it as a section in brackets"),
        (GOOD + f"[discord]\nserver = {7**20}\n", f"discord.server = {7**20}: write it in quotes."),
        (GOOD + '[discord]\nserver = "1"\ntoken = "x"\n', "discord.token: secrets do not belong in this file."),
        (GOOD + "breaks = [{ first = 2026-12-20, last = 2026-12-01 }]\n", "swap `first` and `last`"),
        (f'key = "{KEY}"\n' + GOOD, "key: secrets do not belong in this file. Set PRECEPTOR_KEY"),
        ('slack_bot_token = "xoxb-1"\n' + GOOD, "Set PRECEPTOR_SLACK_BOT_TOKEN in the environment"),
        (GOOD + '[slack]\nworkspace = "harborview"\n', "slack.workspace = 'harborview': write the workspace's id"),
        (GOOD + '[discord]\nserver = "harborview"\n', "discord.server = 'harborview': write the server's id"),
        (GOOD + f'[discord]\nserver = "{7**20}"\n', "[discord] needs PRECEPTOR_DISCORD_TOKEN in the environment"),
        (GOOD + '[slack]\nworkspace = "T1"\n', "[slack] needs PRECEPTOR_SLACK_BOT_TOKEN in the environment"),
        (GOOD + "[slack]\n", "write the workspace's id (`workspace`)"),
        (GOOD + '[slack]\nworkspace = "T1"\nclient_id = "1.2"\n', 'need mode = "http", and `address`'),
        (GOOD + '[slack]\naddress = "http://a.example"\n', "slack.address = 'http://a.example': write the public"),
        (
            GOOD + '[office]\naddress = "http://a.example"\n',
            "office.address = 'http://a.example': write where",
        ),
        (GOOD + '[office]\naddress = "https://a.example/x"\n', "https:// and a name in small letters, without a path"),
        (GOOD + '[office]\nhost = "0.0.0.0"\n', "beyond this computer it needs `address`: https://"),
        (
            GOOD + '[slack]\nmode = "http"\nclient_id = "1.2"\naddress = "https://a.example"\n',
            "[slack] needs PRECEPTOR_SLACK_SIGNING_SECRET in the environment",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_value_and_the_fix(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(written(tmp_path, text))
    assert said in str(error.value)


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load(written(tmp_path, '[society]\nname = ""\nzone = "Mars"\n[playground]\nport = 70000\n'))
    assert len(str(error.value).splitlines()) == 3


def test_a_file_that_is_not_there_says_what_to_copy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"Copy config\.example\.toml there"):
        load(tmp_path / "config.toml")


def test_the_example_is_good_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(EXAMPLE).as_pace().quiet_from == 21
    monkeypatch.setenv("PRECEPTOR_PACE__QUIET_FROM", "20")
    assert load(EXAMPLE).as_pace().quiet_from == 20


def test_a_key_never_shows_in_a_complaint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRECEPTOR_KEY", "not-a-key")
    with pytest.raises(ConfigError) as error:
        load(written(tmp_path, GOOD))
    assert "not-a-key" not in str(error.value)
    assert "64 hexadecimal digits" in str(error.value)


def test_the_doctor_opens_the_database_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRECEPTOR_KEY", KEY)
    monkeypatch.setenv("PRECEPTOR_DATABASE__URL", f"sqlite+aiosqlite:///{tmp_path}/society.db")
    config = str(written(tmp_path, GOOD))
    told = CliRunner().invoke(cli, ["doctor", "--config", config])
    assert told.exit_code == 0
    assert "database: opened, and its key fits" in told.output

    monkeypatch.setenv("PRECEPTOR_KEY", "cd" * 32)
    told = CliRunner().invoke(cli, ["doctor", "--config", config])
    assert told.exit_code == 1
    assert "no   database: " in told.output


def test_a_database_that_cannot_be_opened_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRECEPTOR_KEY", KEY)
    nowhere = tmp_path / "not" / "here.db"
    monkeypatch.setenv("PRECEPTOR_DATABASE__URL", f"sqlite+aiosqlite:///{nowhere}")
    told = CliRunner().invoke(cli, ["match", "--config", str(written(tmp_path, GOOD))])
    assert isinstance(told.exception, ConfigError)
    assert "database.url: it cannot be opened: " in str(told.exception)
    assert str(nowhere) in str(told.exception)


def test_what_slack_needs_depends_on_how_it_reaches_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRECEPTOR_SLACK_SIGNING_SECRET", "s")
    monkeypatch.setenv("PRECEPTOR_SLACK_BOT_TOKEN", "xoxb-1")
    settings = load(written(tmp_path, GOOD + '[slack]\nworkspace = "T1"\nmode = "http"\n'))
    assert settings.slack
    assert (settings.slack.host, settings.slack.port) == ("127.0.0.1", 3000)


@pytest.mark.parametrize("given", [["--several"], ["--address", "http://a.example"]])
def test_a_manifest_that_slack_could_not_use_is_refused(given: list[str]) -> None:
    assert CliRunner().invoke(cli, ["slack-manifest", *given]).exit_code == 2


def test_the_manifest_names_every_command() -> None:
    told = CliRunner().invoke(cli, ["slack-manifest"])
    commands = json.loads(told.output)["features"]["slash_commands"]
    assert {"/sign-up", "/find-mentor", "/pair", "/queue", "/setup"} <= {each["command"] for each in commands}
