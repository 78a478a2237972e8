"""What can go wrong in training, in sentences that say what to do."""


class TrainError(Exception):
    """Training, evaluating or promoting cannot go on."""
