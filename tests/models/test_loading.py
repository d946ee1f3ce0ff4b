import subprocess
import sys
from pathlib import Path

import pytest

from app.models.errors import ModelSettingsError
from app.models.factory import open_llm, open_model
from app.models.settings import EmbeddingSettings, LLMSettings

ROOT = Path(__file__).parents[2]

WATCH = """
import sys
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        print("called out:", arguments)
        raise OSError("no network here")
sys.addaudithook(watch)
"""


def run(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WATCH + f"sys.path.insert(0, {str(ROOT)!r})\n" + code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout + done.stderr


def test_a_start_without_a_model_does_not_load_litellm(tmp_path: Path) -> None:
    code = """
from app.models.factory import open_model
from app.models.settings import LLMSettings
assert open_model(LLMSettings()) is None
print(sorted({"litellm", "openai", "boto3", "app.models.litellm_provider"} & sys.modules.keys()))
"""
    assert run(code, tmp_path) == "[]\n"


def test_loading_litellm_neither_calls_out_nor_reads_a_dotenv_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("FOREIGN_SETTING=1")
    code = """
import os
from app.models.factory import open_model
from app.models.settings import LLMSettings
model = open_model(LLMSettings(model="openai/x", api_key="k"))
print("FOREIGN_SETTING" in os.environ)
"""
    assert run(code, tmp_path) == "False\n"


def test_a_model_without_a_provider_or_an_address_is_refused(provider: object) -> None:
    with pytest.raises(ModelSettingsError, match="provider/model"):
        open_model(LLMSettings(model="nonsense", api_key="k"))


def test_an_address_without_a_model_is_refused() -> None:
    with pytest.raises(ValueError, match="MODEL is missing"):
        LLMSettings(api_base="http://127.0.0.1/v1")
    with pytest.raises(ValueError, match="MODEL is missing"):
        EmbeddingSettings(api_key="k")


def test_the_model_is_a_llama_index_llm(provider: object) -> None:
    llm = open_llm(LLMSettings(model="openai/x", api_key="k", context_window=4096))
    assert llm.metadata.context_window == 4096
    assert llm.metadata.model_name == "openai/x"
