"""`python -m banyan.lessons` serves the lessons."""

from banyan.lessons.app import main

if __name__ == "__main__":
    main()
