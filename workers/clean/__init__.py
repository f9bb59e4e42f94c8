from workers.clean.cleaning import clean
from workers.clean.limits import CleanLimits

__all__ = ["CleanLimits", "clean"]
