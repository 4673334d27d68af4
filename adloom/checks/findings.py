"""What a check has to say about a text."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a finding means for publication.  Values are stored: never rename one."""

    ERROR = "error"  #: cannot be published as it is
    EVIDENCE = "evidence"  #: publishable once someone has proved the claim
    WARNING = "warning"  #: publishable; better without


@dataclass(frozen=True)
class Finding:
    """One breach of *rule*; *detail* is for the author of the text, *span* the half-open range of code points."""

    rule: str
    severity: Severity
    detail: str
    span: tuple[int, int]
