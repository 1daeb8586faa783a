"""A chat model by its name, through LangChain: ``openai:NAME``, ``anthropic:NAME``, ``ollama:NAME`` and so on."""

from typing import TYPE_CHECKING, Any

from assistant.settings import Settings
from index.errors import InputError, MissingExtra, ModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

EXTRAS = {"openai": "openai", "anthropic": "anthropic", "google_genai": "google", "ollama": "ollama", "mistralai": "mistral"}
"""Providers with the extra of this distribution that brings their package; others must be installed by their own name."""


def open_chat_model(settings: Settings) -> "BaseChatModel":
    """The model that the settings name, with their time-out, retries and base URL.

    Raises:
        InputError: the name has no provider before it.
        MissingExtra: the provider's package is not installed.
        ModelError: the provider refuses what it was given, a missing key for one.
    """
    provider, colon, name = settings.model.partition(":")
    if not colon or not provider or not name:
        raise InputError(f"the model {settings.model!r} has no provider: write provider:name, as openai:NAME or ollama:NAME")
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {"timeout": settings.timeout, "max_retries": settings.retries, "temperature": 0.0}
    if settings.base_url:
        options["base_url"] = settings.base_url
    try:
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
    except ImportError as error:
        raise MissingExtra(f"the chat model {settings.model}", EXTRAS.get(provider, provider)) from error
    except Exception as error:
        raise ModelError(f"the chat model {settings.model} cannot be opened: {str(error).splitlines()[0]}") from error
    return model
