"""Who you are: passwords, signing in, and the pages of the hub that ask for them."""
