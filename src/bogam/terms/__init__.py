"""Code systems and names: drugs, concepts, units; look-up, hierarchy and mapping."""
