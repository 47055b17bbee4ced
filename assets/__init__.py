"""When and where: the Dagster code. Importing this package does not import Dagster."""
