"""How ideas flow: how long they take, how old they are, where they go, and what is to come."""
