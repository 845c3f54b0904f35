"""Screens: theme, map kit, panels, pages. `site.build` puts them on a server, `feeds.routes` feeds their scripts."""
