"""The parts that the story gives to named clients, whatever the seed."""

PARTS = {
    "loud_client": "Saltmere Hospitals",
    "quiet_client": "Mossavel Orthopaedics",
    "loud_alone": "Pruddelmoor Heart Clinic",
    "stopped": "Elverstowe Care",
    "usage_up": "Wexmarsh Hospitals",
    "usage_down": "Kestrivane Academy",
    "termination": "Hollenquay Care",
    "named_colleague": "Quarrenby Day Clinic",
}
"""Part to the group that plays it."""

ISSUE_PARTS = {
    "dropped_process": "late_round",
    "loud_alone_issue": "scanner_label",
    "wide_quiet": "order_number",
    "came_back": "cold_meals",
}
"""Part to the issue that plays it."""

FORCED_SERVICES = {
    "Saltmere Hospitals": ("Sterile supply", "Transport", "Cleaning", "Service desk"),
    "Mossavel Orthopaedics": ("Sterile supply",),
    "Pruddelmoor Heart Clinic": ("Sterile supply",),
    "Wexmarsh Hospitals": ("Sterile supply",),
    "Quarrenby Day Clinic": ("Sterile supply",),
    "Elverstowe Care": ("Catering", "Linen", "Staffing desk", "Cleaning", "Maintenance"),
    "Hollenquay Care": ("Catering", "Linen", "Staffing desk"),
    "Kestrivane Academy": ("Catering", "Cleaning"),
}
"""Services that a part cannot do without."""

KNOWN_OWNERS = {
    "Saltmere Hospitals": "Tomas Reinholt",
    "Quarrenby Day Clinic": "Callum Brandt",
    "Hollenquay Care": "Nadia Ferreira",
}
"""Our colleague for a group, where the story needs that one."""

LOUD_NAME = "Marit Oosterveld"
QUIET_NAME = "Joost Kessling"
KNOWN_CONTACTS = {
    "Saltmere Hospitals": ((LOUD_NAME, "Theatre manager", "+44 20 7946 0318"),),
    "Mossavel Orthopaedics": ((QUIET_NAME, "Practice manager", "+44 20 7946 0552"),),
    "Hollenquay Care": (("Ruth Penhale", "Home manager", "+44 20 7946 0760"),),
    "Quarrenby Day Clinic": (("Judith Averill", "Theatre nurse", "+44 161 496 0417"),),
    "Elverstowe Care": (("Graham Tremlow", "Home manager", "+44 20 7946 0129"),),
    "Wexmarsh Hospitals": (("Sabine Colquhan", "Purchaser", None),),
}
"""People the story needs by name: name, role, phone."""

SILENT_BY_SEGMENT = {"Hospitals": 6, "Clinics": 8, "Care homes": 7, "Laboratories": 3, "Schools": 7}
"""How many groups of each segment never say anything in the 26 weeks: 31 in all."""
