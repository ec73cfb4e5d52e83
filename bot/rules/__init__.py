"""Pure functions of facts and a given `now`."""
