"""The verdict on a grid action (rule 4): a pure function of what the simulation found before and after it."""

from __future__ import annotations

from dataclasses import dataclass

from tools.vocabulary import ActionVerdict

# Below these a loss or a change of depth is rounding.
LOSS_TOLERANCE_MW = 1e-6
DEPTH_TOLERANCE = 1e-6


@dataclass(frozen=True)
class StateFacts:
    """One state as the verdict sees it.

    Attributes:
        solved: Whether the power flow converged.
        lost_load_mw: Load without supply; what the action itself disconnects is not in it.
        lost_generation_mw: Generation without connection.
        violations: Violated limits of voltage and loading.
        unit_violations: Violated limits of the slack and the units.
        depth: Sum of how far all limits are exceeded; comparable within one question only.
    """

    solved: bool
    lost_load_mw: float = 0.0
    lost_generation_mw: float = 0.0
    violations: int = 0
    unit_violations: int = 0
    depth: float = 0.0


@dataclass(frozen=True)
class SecurityFacts:
    """Order-1 security of one state as the verdict sees it.

    Attributes:
        secure: Rule 4's claim; None where the coverage does not allow it.
        insecure: Outages that violate a limit.
        diverged: Outages that do not solve.
        avoidable: Outages that lose more than the intact topology makes unavoidable.
        depth: Sum over all outages of how far limits are exceeded.
    """

    secure: bool | None
    insecure: int = 0
    diverged: int = 0
    avoidable: int = 0
    depth: float = 0.0


@dataclass(frozen=True)
class ActionFacts:
    """Everything that the verdict rests on.

    Attributes:
        before: The hypothesis without the action.
        after: The hypothesis with it.
        new_violations: Limits violated after and not before.
        deeper_violations: Limits violated before, and further after.
        security_before: None where outages were not screened, or the state does not solve.
        security_after: None where outages were not screened, or the state does not solve.
        worse_outages: Outages that are worse than when nothing is done.
    """

    before: StateFacts
    after: StateFacts
    new_violations: int = 0
    deeper_violations: int = 0
    security_before: SecurityFacts | None = None
    security_after: SecurityFacts | None = None
    worse_outages: int = 0


PROOF = (
    "the state after the action solves",
    "no load and no generation is lost",
    "no limit is violated, those of the slack and the units included",
    "no outage violates a limit or loses more than the intact topology makes unavoidable",
    "no outage is worse than without the action",
)


def judge(facts: ActionFacts) -> tuple[ActionVerdict, tuple[str, ...]]:
    """The verdict and what it rests on, in phrases without numbers.

    >>> judge(ActionFacts(StateFacts(solved=True), StateFacts(solved=False)))
    (<ActionVerdict.REJECTED: 'rejected'>, ('the state after the action does not solve',))
    """
    if not facts.after.solved:
        return ActionVerdict.REJECTED, ("the state after the action does not solve",)
    if harm := _harm(facts):
        return ActionVerdict.REJECTED, harm
    remaining = _remaining(facts)
    if not remaining:
        return ActionVerdict.VERIFIED, PROOF
    gains = _gains(facts)
    if not gains:
        return ActionVerdict.REJECTED, ("nothing improves", *remaining)
    return ActionVerdict.BEST_AVAILABLE, (*gains, *remaining)


def _harm(facts: ActionFacts) -> tuple[str, ...]:
    """What the action makes worse than doing nothing."""
    before, after = facts.before, facts.after
    checks = (
        (after.lost_load_mw > before.lost_load_mw + LOSS_TOLERANCE_MW, "the action leaves load without supply"),
        (
            after.lost_generation_mw > before.lost_generation_mw + LOSS_TOLERANCE_MW,
            "the action cuts off generation",
        ),
        # without a solution before, every violation after would count as new
        (before.solved and facts.new_violations > 0, "the action violates a limit that was kept before"),
        (before.solved and facts.deeper_violations > 0, "the action deepens a violation"),
        (facts.worse_outages > 0, "an outage becomes worse than without the action"),
    )
    return tuple(reason for harmful, reason in checks if harmful)


def _remaining(facts: ActionFacts) -> tuple[str, ...]:
    """What keeps an action from being verified."""
    after, security = facts.after, facts.security_after
    checks = (
        (after.lost_load_mw > LOSS_TOLERANCE_MW, "load remains without supply"),
        (after.lost_generation_mw > LOSS_TOLERANCE_MW, "generation remains cut off"),
        (after.violations > 0, "limits remain violated"),
        (after.unit_violations > 0, "the slack or a unit remains beyond its limit"),
        (security is None, "outages were not screened"),
        (security is not None and security.insecure > 0, "outages remain insecure"),
        (security is not None and security.diverged > 0, "outages remain that do not solve"),
        (security is not None and security.avoidable > 0, "outages remain that lose more than is unavoidable"),
        (security is not None and security.secure is None, "not everything that security needs could be checked"),
        (security is not None and security.secure is False, "the state is not secure against every single outage"),
    )
    return tuple(reason for remains, reason in checks if remains)


def _gains(facts: ActionFacts) -> tuple[str, ...]:
    """What the action makes better than doing nothing."""
    before, after = facts.before, facts.after
    if not before.solved:
        return ("the state solves, which it does not without the action",)
    limits_before, limits_after = before.violations + before.unit_violations, after.violations + after.unit_violations
    checks = (
        (after.lost_load_mw < before.lost_load_mw - LOSS_TOLERANCE_MW, "less load is without supply"),
        (after.lost_generation_mw < before.lost_generation_mw - LOSS_TOLERANCE_MW, "less generation is cut off"),
        (limits_after < limits_before, "fewer limits are violated"),
        (limits_after == limits_before and after.depth < before.depth - DEPTH_TOLERANCE, "violations are less deep"),
    )
    return (*(reason for better, reason in checks if better), *_security_gains(facts))


def _security_gains(facts: ActionFacts) -> tuple[str, ...]:
    before, after = facts.security_before, facts.security_after
    if before is None or after is None:
        return ()
    checks = (
        (after.insecure < before.insecure, "fewer outages are insecure"),
        (after.diverged < before.diverged, "fewer outages do not solve"),
        (after.avoidable < before.avoidable, "fewer outages lose more than is unavoidable"),
        (
            after.insecure == before.insecure and after.depth < before.depth - DEPTH_TOLERANCE,
            "outages violate limits less deeply",
        ),
    )
    return tuple(reason for better, reason in checks if better)
