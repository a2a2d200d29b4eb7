"""`python -m banyan.portal` serves the portal."""

from banyan.portal.app import main

if __name__ == "__main__":
    main()
