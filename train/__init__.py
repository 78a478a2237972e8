"""Training of the model that ships: data, networks, runs, figures."""
