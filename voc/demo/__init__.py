"""The demo's generator: one provider, its clients, their words, the truth kept aside; no stage imports it."""
