"""Everything that decides how a run turns out."""

from dataclasses import dataclass, field

from .dataset import N_WRITERS
from .errors import TrainError

NETWORKS = ("harf", "baseline")


@dataclass(frozen=True)
class TrainConfig:
    """The settings of one run; ``python -m train fit --help`` is made from them.

    The shares say what the network sees in an epoch of as many drawings as AHCD's
    training set has; they add up to 1.
    """

    network: str = field(default="harf", metadata={"help": "harf, or the published baseline"})
    epochs: int = field(default=90, metadata={"help": "passes over 13,440 drawings"})
    cycles: int = field(default=3, metadata={"help": "of the learning rate; the best end is kept"})
    batch_size: int = field(default=128, metadata={"help": "drawings a step"})
    learning_rate: float = field(default=1.2e-2, metadata={"help": "peak of the first cycle"})
    weight_decay: float = field(default=2e-2, metadata={"help": "of the convolutions"})
    label_smoothing: float = field(default=0.05, metadata={"help": "0 to 1"})
    ema: float = field(default=0.998, metadata={"help": "momentum of the averaged weights"})
    scans: float = field(default=0.44, metadata={"help": "share of AHCD letters, bent"})
    traced: float = field(default=0.19, metadata={"help": "share of AHCD letters, re-inked"})
    synthetic: float = field(default=0.3, metadata={"help": "share of synthetic letters"})
    nonletters: float = field(default=0.07, metadata={"help": "share of what is no letter"})
    validation_writers: int = field(default=4, metadata={"help": "AHCD writers held out"})
    fold: int = field(default=0, metadata={"help": "which writers are held out"})
    limit: int = field(default=0, metadata={"help": "use this many scans only; 0 for all"})
    seed: int = field(default=1, metadata={"help": "of everything random"})

    def __post_init__(self) -> None:
        """Refuse settings that cannot work.

        Raises:
            TrainError: If the network is unknown, a number is too small or too large, or the
                shares do not add up to 1.
        """
        if self.network not in NETWORKS:
            raise TrainError(f"There is no network {self.network!r}: take one of {NETWORKS}.")
        if min(self.epochs, self.cycles, self.batch_size) < 1:
            raise TrainError("--epochs, --cycles and --batch-size must be at least 1.")
        rates = (self.learning_rate, self.weight_decay, self.label_smoothing, self.ema)
        if not all(0 <= rate < 1 for rate in rates) or not self.learning_rate:
            raise TrainError(
                "--learning-rate, --weight-decay, --label-smoothing and --ema are from 0 to below "
                "1, the first above 0."
            )
        if min(self.limit, self.seed) < 0:
            raise TrainError("--limit and --seed must be at least 0.")
        # One writer sets how far confidence holds, another measures it; half of all must train.
        if not 2 <= self.validation_writers <= N_WRITERS // 2:
            raise TrainError(f"Hold out 2 to {N_WRITERS // 2} writers: --validation-writers.")
        shares = (self.scans, self.traced, self.synthetic, self.nonletters)
        if not (min(shares) >= 0 and abs(sum(shares) - 1) <= 1e-6):  # nor NaN
            raise TrainError(f"The shares must add up to 1, none below 0: they are {shares}.")

    @property
    def held_out(self) -> tuple[int, ...]:
        """The AHCD writers that validate: spread evenly, starting at ``fold``."""
        step = N_WRITERS // self.validation_writers
        return tuple(range(self.fold % step, N_WRITERS, step))[: self.validation_writers]

    @property
    def measured(self) -> tuple[int, ...]:
        """Those of the held-out writers who show how far confidence holds; the rest set it."""
        return self.held_out[1::2]


FOLDS = 5
# A run of one fold: a shorter schedule than the shipped model's, for there are five of them.
FOLD = TrainConfig(epochs=12, cycles=1, validation_writers=N_WRITERS // FOLDS)
