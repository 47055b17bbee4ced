"""What each step of the journey does, a module per stage: hand frames to the stage, name what came out.

Their order is in `pipelines.flow`.
"""
