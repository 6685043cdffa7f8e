"""Who may do what: roles × actions, one table for the API, the pages and the command line.

The door asks it for every route before anything is read; what changes a quote asks it once more, so that no form and
no later face gets around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from fee_service.actors import Actor, Role
from fee_service.errors import Fault, FeeError

Roles = frozenset[str]

FORBIDDEN = 403


class Action(StrEnum):
    """What can be done with quotes and contracts."""

    PREVIEW = "preview"  # also compare, and assess a company
    ISSUE = "issue"
    READ = "read"  # its own alone for a portal: a foreign quote is not found
    DOWNLOAD = "download"
    REPLAY = "replay"
    REVISE = "revise"
    WITHDRAW = "withdraw"
    SHARE = "share"  # make a link for the prospect, and revoke it
    ACCEPT = "accept"
    FOLLOW = "follow"  # a job: how far it is, its result, taking it back; its own alone, except for finance
    REPORT_USAGE = "report_usage"  # of its own contracts alone for a portal
    READ_USAGE = "read_usage"
    AUDIT = "audit"  # enter what an audit of the use found, and read it
    READ_CONTRACTS = "read_contracts"
    ENTER_EVENTS = "enter_events"  # what happened to a contract
    NAME_ITEMS = "name_items"  # what texts on invoices are for: tell it, and read it
    SEE_DUES = "see_dues"  # what contracts owe, of one or of all
    FOLLOW_UP = "follow_up"  # what reconciliations found wrong: read it, and say what becomes of it
    RECONCILE = "reconcile"  # invoices with what is owed


def _roles(table: str) -> Mapping[Action, Roles]:
    rows = (line.split() for line in table.strip().splitlines()[1:])
    return {Action(action): frozenset(role for role, sign in zip(Role, signs, strict=True) if sign == "x")
            for action, *signs in rows}  # fmt: skip


MAY = _roles("""
                portal  sales  finance  admin
preview         x       x      x        x
issue           x       x      x        x
read            x       x      x        x
download        -       x      x        x
replay          -       x      x        x
revise          -       x      x        x
withdraw        -       x      x        x
share           -       x      x        x
accept          -       -      x        x
report_usage    x       -      x        x
read_usage      x       -      x        x
audit           -       -      x        x
follow          x       x      x        x
read_contracts  -       x      x        x
enter_events    -       -      x        x
name_items      -       -      x        x
see_dues        -       -      x        x
follow_up       -       -      x        x
reconcile       -       -      x        x
""")


def may(role: Role, action: Action) -> bool:
    """Whether a role may do something."""
    return role in MAY[action]


def require(actor: Actor, action: Action) -> None:
    """Stop who may not do something. Raises FeeError (403)."""
    if not may(actor.role, action):
        raise refused(actor.role, MAY[action])


def refused(role: Role, roles: Roles) -> FeeError:
    """The refusal of a role, which names those that may."""
    params = {"role": role.value, "roles": tuple(each.value for each in Role if each in roles)}
    return FeeError([Fault("role_not_allowed", "", params)], FORBIDDEN)
