"""The fault catalogue: everything that can be wrong with what people give us, with a stable code and a remedy.

One module per room, one constant per fault. Number blocks: 0xx workspace and register, 1xx templates (intake),
2xx catalogue, 3xx collection, 4xx sharing, 5xx burden, 6xx admission, 9xx quality. A code is never reused.
"""

from schemas.faults.fault import Fault, Finding, Severity, every_fault

__all__ = ["Fault", "Finding", "Severity", "every_fault"]
