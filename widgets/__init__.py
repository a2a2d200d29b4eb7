"""What a lesson shows; runs in a learner's kernel and knows nobody."""
