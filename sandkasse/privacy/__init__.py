"""Privacy: who did and looked up what, what is kept about whom, and letting it go."""
