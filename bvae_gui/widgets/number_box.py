"""`NumberBox`: a number to type, without zeros that say nothing."""

from __future__ import annotations

from qtpy.QtWidgets import QDoubleSpinBox


class NumberBox(QDoubleSpinBox):
    """A spin box for numbers of any size, which steps in proportion to them: 4, 0.004."""

    def __init__(self, *, maximum: float, decimals: int) -> None:
        super().__init__(decimals=decimals, minimum=0, maximum=maximum)
        self.setStepType(self.StepType.AdaptiveDecimalStepType)

    def textFromValue(self, value: float) -> str:
        """Return the number as short as it can be written."""
        digits = f"{value:.{self.decimals()}f}".rstrip("0").rstrip(".")
        return digits.replace(".", self.locale().decimalPoint())
