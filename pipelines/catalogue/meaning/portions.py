"""Parts of the number before: 其中：能繁母猪 after 生猪存栏 counts what is kept, too."""

from __future__ import annotations

from pipelines.catalogue.meaning.indicators import Indicator, has_head
from pipelines.catalogue.meaning.placing import Form, Run
from pipelines.catalogue.meaning.qualifiers import needs_base, qualifiers_of, without_above
from pipelines.catalogue.meaning.units import dimension_of


def part_of_whole(form: Form, run: Run, label: str, unit: str, is_part: bool) -> Indicator | None:
    """Return what a part counts: the same as the number before it; None when the label is no part, or says it itself.

    is_part: the label began with 其中; the other value (女) right after such a part (其中：男) is a part too. A part
    that only says which (女) narrows the whole's qualifiers, one that says of what (能繁母猪) replaces them.
    """
    whole = run.whole
    goes_on = run.was_part and label in form.qualifiers.values
    if whole is None or not (is_part or goes_on) or has_head(label):
        return None
    own = qualifiers_of(label, form.qualifiers)
    apart = dimension_of(unit) and dimension_of(whole.unit) and dimension_of(unit) != dimension_of(whole.unit)
    if apart or not own or whole.subject not in form.positions.statistical:
        return None
    is_share = needs_base(own, form.qualifiers)
    if is_share and whole.qualifiers and needs_base(whole.qualifiers, form.qualifiers):
        return None
    base = set(whole.qualifiers) if is_share else set()
    said = without_above(tuple(sorted({*base, *own})), form.qualifiers)
    reason = f"“其中：{label}”是前一栏{whole.property}的一部分"
    return Indicator(whole.property, said, whole.temporal, whole.data_type, reason)
