"""Small simulations of this course; each is a teaching model and says so on screen."""
