"""Training of the model that ships: data, networks, runs, figures."""

import os

# TensorFlow leaves oneDNN's convolutions out on processors without AVX-512; a step takes
# half as long with them there too. It looks once, when it is imported.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
