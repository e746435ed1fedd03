"""Pages and fragments: what every stage needs to answer a browser. Knows no stage."""
