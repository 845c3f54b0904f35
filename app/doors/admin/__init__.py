"""`/api/admin`: accounts, posts, groups, roles, keys and wall screens, run by administrators inside their own areas."""
