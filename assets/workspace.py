"""The workspace as a Dagster resource."""

import dagster as dg

from pipelines.store.workspace import Workspace, open_workspace


class WorkspaceResource(dg.ConfigurableResource[Workspace]):
    """Which county's folder the runs work on; empty means $ONEFORM_HOME, else `data/`."""

    home: str = ""

    def open(self) -> Workspace:
        """Return the workspace."""
        return open_workspace(self.home or None)
