"""Rules on a ParameterPair: one parameter that came, went or changed the way in which it is passed."""
