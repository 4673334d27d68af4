"""Finished creatives: a planner proposes layouts, a composer draws them, an evaluator measures them; the best wins."""

from generators.banner.compose import BannerCompose
from generators.banner.photo import open_photo

__all__ = ["BannerCompose", "open_photo"]
