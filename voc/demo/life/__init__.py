"""What the demo's people did with the issues before you came, through the same services as their clicks.

Comes in: a told story whose issues the lead has named. Goes out: one question finished and its effect,
one half answered, one ready to send, and what was promised, planned and visited. Always true: each
chapter is one transaction at its moments of the past, so that no worker sees it half done.
"""
