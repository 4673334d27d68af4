"""May this be published?  Limits, editorial rules, law and grounding, for our drafts and for anyone's copy."""

from adloom.checks.editorial import check_ad, check_text
from adloom.checks.findings import Finding, Severity
from adloom.checks.grounding import check_grounding
from adloom.checks.law import check_law

__all__ = ["Finding", "Severity", "check_ad", "check_grounding", "check_law", "check_text"]
