import pytest

from assistant.settings import Settings
from index.errors import InputError


def test_the_environment_overrides_defaults_and_arguments_override_the_environment() -> None:
    environ = {"DOICHIEU_PORT": "8000", "DOICHIEU_MODEL": "openai:small", "DOICHIEU_ALLOW_CHANGES": "no"}
    settings = Settings.from_env(environ, model="ollama:large", host=None)
    assert settings.port == 8000
    assert settings.model == "ollama:large"
    assert settings.host == Settings().host
    assert settings.allow_changes is False


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "eighty"), ("TIMEOUT", "soon"), ("MCP", "perhaps"), ("UNSUPPORTED", "hide")]
)
def test_a_value_of_the_wrong_type_is_named_with_its_variable(name: str, value: str) -> None:
    with pytest.raises(InputError, match=f"DOICHIEU_{name}.*{value}"):
        Settings.from_env({f"DOICHIEU_{name}": value})


def test_an_empty_variable_leaves_the_default() -> None:
    assert Settings.from_env({"DOICHIEU_PORT": ""}) == Settings()
