"""What is measured against peers and limits: `python -m bench` runs it all and prints one table."""
