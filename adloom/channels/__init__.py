"""What each ad platform accepts: limits, counting, sizes, rules.  One data file per channel."""

from adloom.channels.channel import Channel, Role, SafeZone, Slot, TextField, fits
from adloom.channels.counting import measure
from adloom.channels.counting_sms import sms_parts
from adloom.channels.creative import copy_fields, creative_texts
from adloom.channels.load import list_channels, load_channel, parse_target, read_channels
from adloom.channels.rules import RULES, Rule, Scope

__all__ = [
    "RULES",
    "Channel",
    "Role",
    "Rule",
    "SafeZone",
    "Scope",
    "Slot",
    "TextField",
    "copy_fields",
    "creative_texts",
    "fits",
    "list_channels",
    "load_channel",
    "measure",
    "parse_target",
    "read_channels",
    "sms_parts",
]
