"""The demo's generator: one provider, its clients, what they say, and the truth kept aside; never imported by a stage."""
