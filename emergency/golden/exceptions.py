"""Golden cases that are not met, each with the reason a reviewer reads in the validation report."""

from core.texts import Text

EXCEPTIONS: dict[str, Text] = {
    "kb-hemi-Z0.2": Text(
        "到时表值只印两位有效数字(0.037 ms),容差 0.2% 比其舍入还小;计算值 0.03708 ms,其余六项均符合",
        "the table prints the arrival with two digits (0.037 ms), which the tolerance of 0.2 % is finer than: "
        "0.03708 ms is computed; the six other values agree",
    ),
    "briggs-rise-momentum-stable-E": Text(
        "算例自身不一致:按其输入浮力通量为 66.97 而非 67;稳定动量抬升用出口流速代替了公式中的风速"
        "(EPA-454/B-95-003b 式 1-17 为 1.5[Fm/(u√s)]^(1/3))",
        "The case contradicts itself and the method: its inputs give a buoyancy flux of 66.97, not 67, and its stable "
        "momentum rise takes the exit velocity where equation 1-17 of EPA-454/B-95-003b has the wind speed",
    ),
}
