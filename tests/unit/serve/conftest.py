"""A workspace with a small snapshot, grants and tokens, and the interface over it."""

import pytest
from fastapi.testclient import TestClient

from pipelines.sharing import tokens
from pipelines.store.own_tables import append_rows
from pipelines.store.workspace import Workspace
from pipelines.surface.serve.app import create_app
from tests import small_share as small


@pytest.fixture
def place(tmp_path):
    place = Workspace(tmp_path / "county")
    small.publish(place.share)
    grants = [
        small.grant("G1", small.OTHER, columns="姓名；残疾等级；补贴金额", area="532328101000"),
        small.grant("G2", small.THIRD, end="2025-12-31"),
        small.grant("G3", small.OTHER, small.STATISTICS, "*", small.COUNTY, "核对"),
    ]
    small.write_grants(place.rules, grants)
    return place


def token_of(place, department, until="2099-12-31", number="T1"):
    secret, row = tokens.issue(number, department, until, "2025-01-01T00:00:00", "测试", "")
    append_rows(place.rules, tokens.TABLE, tokens.COLUMNS, [row])
    return secret


class Asker:
    """A department at the counter."""

    def __init__(self, client, secret):
        self.client, self.secret = client, secret

    def get(self, path, **params):
        headers = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return self.client.get(path, params=params, headers=headers)


@pytest.fixture
def client(place):
    return TestClient(create_app(place), raise_server_exceptions=True)


@pytest.fixture
def owner(place, client):
    return Asker(client, token_of(place, small.OWNER, number="T-own"))


@pytest.fixture
def other(place, client):
    return Asker(client, token_of(place, small.OTHER, number="T-other"))


@pytest.fixture
def third(place, client):
    return Asker(client, token_of(place, small.THIRD, number="T-third"))
