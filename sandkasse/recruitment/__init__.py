"""Part-time positions for students: what agencies offer, who applies, who works in which seat."""
