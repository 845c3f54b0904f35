"""The generator of 云澜市, the invented demo city: geography, then firms, then resources; all from one seed."""
