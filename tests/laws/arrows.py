"""The consultation's arrows and what they mean for the queue entry, typed by hand from the ledger (S37–S46, G2)."""

# from, to, and whether the queue entry must exist before.
ARROWS = {
    ("scheduled", "checked-in", False),
    ("checked-in", "waiting", True),
    ("waiting", "connecting", True),
    ("connecting", "in-progress", True),
    ("connecting", "waiting", True),
    ("in-progress", "waiting", True),
    ("in-progress", "wrapping-up", True),
    ("wrapping-up", "in-progress", True),
    ("wrapping-up", "completed", True),
    ("waiting", "no-show", True),
    ("scheduled", "no-show", False),
    ("no-show", "waiting", True),
    ("no-show", "scheduled", False),
    ("cancelled", "scheduled", False),
    ("scheduled", "cancelled", False),
    ("checked-in", "cancelled", True),
    ("waiting", "cancelled", True),
    ("cancelled", "checked-in", True),
}

# A function of the state. Before check-in there is no entry, so no status.
QUEUE_STATUS = {
    "checked-in": "checked-in",
    "waiting": "waiting",
    "connecting": "in-consultation",
    "in-progress": "in-consultation",
    "wrapping-up": "in-consultation",
    "completed": "completed",
    "cancelled": "cancelled",
    "no-show": "no-show",
}

QUEUE_ARROWS = {
    ("checked-in", "waiting"): "S37",
    ("checked-in", "cancelled"): "S38",
    ("waiting", "in-consultation"): "S39",
    ("waiting", "no-show"): "S40",
    ("waiting", "cancelled"): "S41",
    ("in-consultation", "completed"): "S42",
    ("in-consultation", "waiting"): "S43",
    ("no-show", "waiting"): "S45",
    ("cancelled", "checked-in"): "S46",
}
TERMINAL = "completed"  # S44
