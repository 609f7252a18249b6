"""What the pages share: who is here, how things are drawn, and how a write is answered."""
