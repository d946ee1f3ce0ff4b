from collections.abc import Callable
from typing import Any

from pydantic import SecretStr

from app.settings import WidgetSettings

LISTED = "https://www.example.org"
WITH_KEY = {"authorization": "Bearer correct-horse-battery"}


def test_rotating_ends_all_sessions_and_only_the_key_does_it(started: Callable[..., Any]) -> None:
    key = SecretStr("correct-horse-battery")
    with started(api_key=key, widget=WidgetSettings(origins=(LISTED,))) as client:
        opened = client.post("/v1/widget/session", headers={"origin": LISTED}).json()
        session = {"authorization": f"Bearer {opened['token']}", "origin": LISTED}
        assert client.get("/v1/examples", headers=session).status_code == 200
        assert client.post("/v1/keys/rotate-sessions", headers=session).status_code in (401, 403)
        assert client.post("/v1/keys/rotate-sessions").status_code == 401
        assert client.post("/v1/keys/rotate-sessions", headers=WITH_KEY).status_code == 204
        assert client.get("/v1/examples", headers=session).status_code == 401
        link = f"/documents/none?access={opened['pages']}"
        assert client.get(link).status_code == 401
        again = client.post("/v1/widget/session", headers={"origin": LISTED}).json()
        session = {"authorization": f"Bearer {again['token']}", "origin": LISTED}
        assert client.get("/v1/examples", headers=session).status_code == 200
