"""How it is worked out: pure functions in the order of the journey. Nothing here imports Dagster."""
