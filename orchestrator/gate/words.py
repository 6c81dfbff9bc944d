"""Plain words for enum values, truth values and cases: one table, used by the renderer and by the prose gate."""

# By value. The first form is what the renderer prints; the others are wordings that say precisely the same.
ENUM_FORMS: dict[str, tuple[str, ...]] = {
    "no_violation": (
        "no violation found",
        "no violations found",
        "no violation",
        "no violations",
        "no violation was found",
        "no violations were found",
        "without violations",
        "without any violation",
    ),
    "violation": ("violation found", "violations found", "limits violated", "violates limits"),
    "supply_lost": ("supply lost",),
    "partly_checked": ("partly checked", "only partly checked"),
    "not_checked": ("not checked",),
    "not_solved": ("not solved",),
    "secure": ("secure",),
    "insecure": ("insecure", "not secure"),
    "islanding": ("islanding", "splits the grid", "islands part of the grid"),
    "diverged": ("diverged", "did not converge", "does not converge"),
    "verified": ("verified",),
    "best_available": ("best available, not a full remedy", "best available"),
    "rejected": ("rejected",),
    "procedural": ("procedural",),
    "undervoltage": (
        "undervoltage",
        "undervolted",
        "below its limit",
        "below its lower limit",
        "below its voltage limit",
    ),
    "overvoltage": ("overvoltage", "overvolted", "above its limit", "above its upper limit", "above its voltage limit"),
    "overload": (
        "overload",
        "overloaded",
        "above its limit",
        "above its rating",
        "exceeds its limit",
        "exceeds its rating",
        "exceeding its rating",
        "exceeds its thermal rating",
        "above its thermal rating",
        "over its rating",
        "overloads",
        "overloading",
    ),
    "critical": ("critical", "is critical", "is a critical"),
    "warning": ("warning", "is a warning", "as a warning"),
    "active_power": ("active power limit broken",),
    "reactive_power": ("reactive power limit broken",),
    "placeholder_rating": ("placeholder ratings",),
    "missing_rating": ("missing ratings",),
    "suspect_tap_side": ("suspect tap side",),
    "missing_tap_range": ("missing tap range",),
    "missing_voltage_limit": ("missing voltage limits",),
    "missing_unit_limit": ("missing unit limits",),
    "unit_beyond_limit": ("unit beyond its limit",),
    "slack_beyond_limit": ("slack beyond its limit",),
    "isolated_element": ("isolated element",),
    "zero_impedance": ("zero impedance",),
    "no_slack": ("no slack",),
    "not_solvable": ("not solvable",),
    "invalid_value": ("invalid value",),
    "duplicate_name": ("duplicate name",),
    "stuck_sensor": ("stuck sensor",),
    "drifting_sensor": ("drifting sensor",),
    "dropping_sensor": ("sensor with missing readings",),
    "conflicting_sensors": ("sensors in conflict",),
    "stale_sensor": ("stale sensor",),
    "wrong_scale": ("wrong unit, scale or sign",),
    "wrong_clock": ("wrong clock",),
    "repeated_readings": ("readings sent again",),
    "reversed_sign": ("sign reversed",),
    "degrees_fahrenheit": ("degrees Fahrenheit",),
    "false_data": ("false data",),
    "n1_insecure": ("N-1 criterion not kept",),
    "unusual_commands": ("unusual commands",),
    "last_good_value": ("the last good value",),
    "model_value_scaled_to_the_measured_level": ("the value of the model, scaled to the measured level",),
    "model_value": ("the value of the model",),
    "the_reading_itself": ("the reading itself",),
    "the_later_record": ("the later record",),
    "longitude_latitude": ("by longitude and latitude",),
    "metres": ("by coordinates in metres",),
    "drawing": ("by the coordinates of a drawing",),
    "schematic": ("schematic, not those of a map",),
    "natural_after_disturbance": ("natural, after a disturbance",),
    "natural_ambient": ("natural, under random swinging",),
    "inter_area": ("inter-area",),
    "control_or_other": ("of controls or other",),
    "topology_and_time": ("by place in the grid and time",),
    "source_and_time": ("by source and time",),
    "control_charts": ("control charts",),
    "isolation_forest": ("isolation forest",),
    "local_outlier_factor": ("local outlier factor",),
    "mahalanobis_distance": ("Mahalanobis distance",),
    "t_squared_and_spe": ("T-squared and SPE",),
    "ac": ("AC power flow",),
    "dc": ("DC approximation",),
    "sensor_fault": ("the sensor is wrong",),
    "manipulated_reading": ("the reading is manipulated or wrongly scaled",),
    "silent_sensor": ("the sensor is silent",),
    "branch_opened": ("the branch opened",),
    "power_stepped": ("its power stepped",),
    "power_swung": ("its power swung",),
    "cooling_lost": ("its cooling is lost",),
    "intruder": ("used by somebody who may not belong there, or taken over",),
    "not_seen": ("something that nobody measures",),
    "causal_model": ("by a causal model",),
    "stated_rule": ("by a stated rule",),
    "placebo": ("its course shuffled in time",),
    "subset": ("other moments of the same time",),
    "unobserved_confounder": ("a common cause that nobody measures",),
}

# By quantity: (true, false), each with its wordings; the first is printed.
TRUTH_FORMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "secure": (("secure", "N-1 secure"), ("not secure", "insecure", "not N-1 secure")),
    "secure_over_span": (("secure in all states looked at",), ("not secure in all states looked at",)),
    "solved": (("solved",), ("not solved", "did not converge", "does not converge")),
    "solvable": (("solvable",), ("not solvable",)),
    "connected": (("connected",), ("not connected",)),
    "closed": (("closed",), ("open",)),
    "in_service": (("in service",), ("out of service",)),
    "loading_meaningful": (
        ("meaningful",),
        ("meaningless", "not meaningful", "means nothing", "mean nothing", "mean little"),
    ),
    "voltage_meaningful": (
        ("meaningful",),
        ("meaningless", "not meaningful", "means nothing", "mean nothing", "mean little"),
    ),
    "reactive_limits_enforced": (("enforced",), ("not enforced",)),
    "rating_is_placeholder": (("placeholder",), ("not a placeholder",)),
    "withstood": (("withstood",), ("not withstood",)),
    "bridge": (("a bridge",), ("not a bridge",)),
}
_YES_NO = (("yes",), ("no",))

# Fields whose text is an enum value; any other text is shown as it stands, as data.
ENUM_FIELDS = frozenset(
    {"status", "span_status", "outcome", "verdict", "kind", "severity", "model", "confidence", "quality", "used"}
)

# Fields whose text may be an enum value as well, and no status that a sentence could claim.
WORDED_FIELDS = frozenset(
    {
        "absent",
        "action",
        "agreeing",
        "band",
        "basis",
        "branch_limit",
        "consulted",
        "current",
        "detector",
        "dispute",
        "evidence",
        "fault",
        "level",
        "grouping",
        "mechanism",
        "objective",
        "observed",
        "origin",
        "peak_class",
        "ranked_by",
        "rate_class",
        "newest",
        "shape",
        "speaks_for",
        "reason",
        "scale",
        "source",
        "state",
    }
)


def truth_forms(quantity: str, value: bool) -> tuple[str, ...]:
    """The wordings of a truth value of this quantity, the printed one first."""
    true, false = TRUTH_FORMS.get(quantity, _YES_NO)
    return true if value else false


def enum_forms(value: str) -> tuple[str, ...]:
    """The wordings of an enum value, the printed one first.

    >>> enum_forms("no_violation")[0]
    'no violation found'
    """
    return ENUM_FORMS.get(value, (value.replace("_", " "),))


def case_words(case: str) -> str:
    """A case label in plain words.

    >>> case_words("after, out line:3"), case_words("base")
    ('after the action, line:3 out', 'base case')
    """
    plain = {"base": "base case", "before": "before the action", "after": "after the action"}
    parts = []
    for part in case.split(", "):
        label = part.removeprefix("out ")
        parts.append(f"{label.replace('+', ' and ')} out" if label != part else plain.get(part, part.replace("_", " ")))
    return ", ".join(parts)
