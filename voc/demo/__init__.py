"""The demo's generator: one provider, its clients, their words, and the truth kept aside. No stage imports it."""
