"""The search for actions that help a violated or insecure state."""
