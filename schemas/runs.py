"""What ran when, and on which input: so that a second run changes nothing and says so."""

from __future__ import annotations

from schemas.model import Table, must


class StepRuns(Table):
    """The last run of every step, a row per step. fingerprint: hash of everything the step read."""

    step: str = must("步骤", unique=True)
    fingerprint: str = must("输入指纹")
    ran_at: str = must("运行时间")
    seconds: float = must("用时（秒）")
    figures: str = must("结果")
