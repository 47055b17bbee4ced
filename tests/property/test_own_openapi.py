"""The interface against its own OpenAPI: whatever comes in, no server error, and answers as described.

`make policy` sends many more requests.
"""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from pipelines.store import audit_log
from pipelines.store.workspace import Workspace
from pipelines.surface.serve.app import create_app
from tests import small_share as small
from tests.unit.serve.conftest import token_of

EXAMPLES = int(os.environ.get("ONEFORM_REQUESTS", "3"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    place = Workspace(tmp_path_factory.mktemp("county"))
    small.publish(place.share)
    small.write_grants(place.rules, [small.grant("G1", small.OTHER, area="532328101000")])
    return place, token_of(place, small.OWNER)


@pytest.fixture(scope="module")
def operations(county):
    """The operations that the interface describes. (The plug-in of schemathesis 4.32 does not know pytest 9.2.)"""
    schema = schemathesis.openapi.from_asgi("/openapi.json", create_app(county[0]))
    found = [result.ok() for result in schema.get_all_operations()]
    assert len(found) == 6
    return found


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_any_request_is_answered_as_described(operations, county, mode):
    header = {"Authorization": f"Bearer {county[1]}"}
    for operation in operations:

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            case.call_and_validate(headers=header, checks=CHECKS)

        ask()


def test_any_request_for_a_view_that_is_there(operations, county):
    header = {"Authorization": f"Bearer {county[1]}"}
    for operation in operations:
        if "{view}" not in operation.path:
            continue

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def ask(case):
            case.path_parameters["view"] = small.ROSTER
            case.query = {**(case.query or {}), "purpose": "核对"}
            case.call_and_validate(headers=header, checks=CHECKS)

        ask()


def test_all_of_it_is_in_one_whole_log(county):
    place, _ = county
    assert audit_log.verify(place.pull_log) == []
    assert audit_log.read(place.pull_log).height > 10
