"""The suite needs a server: `make test-postgres` (python -m tests.postgres) starts one; `make test` passes by."""

import os

collect_ignore_glob = [] if os.environ.get("ONEFORM_TEST_POSTGRES") else ["test_*.py"]
