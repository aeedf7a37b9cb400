"""Users, roles, sign-in and the guards of views."""
