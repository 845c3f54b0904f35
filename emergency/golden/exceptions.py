"""Golden cases that are not met, each with the reason a reviewer reads in the validation report."""

from core.texts import Text

SPREAD = Text(
    "表面辐射本身在容差之内;range_w_m2 是观测的离散范围,不是模型的预测值",
    "the emissive power itself is within the tolerance; range_w_m2 is the spread of what was seen, which no model "
    "predicts",
)
RADIATED = Text(
    "燃烧通量在容差之内;辐射份额没有可引用的公式,数据表中的值就是这次实测,不与自身比较",
    "the burning flux is within the tolerance; for the radiated share there is no formula to cite, and the value in "
    "our table is this very measurement, which is not held against itself",
)

TWO_PHASE = Text(
    "两相喷射:公式按气体膨胀求出的流速使辐射份额偏低,10 kW/m² 距离为 ALOHA 的 0.81 倍(5 和 2 kW/m² 在容差内);"
    "ALOHA 对两相流速的处理没有可引用的说明,不作调整",
    "a two-phase jet: the speed of an expanding gas makes the radiated share too low, 10 kW/m² reach 0.81 of ALOHA's "
    "distance (5 and 2 kW/m² are within the tolerance); how ALOHA takes that speed could not be cited, so nothing "
    "is tuned",
)

SMALL_JET = Text(
    "孔径 10 mm 及以下:预测超压为实测的 2.4–11 倍(偏安全);19 mm 及以上的七个实测点在 0.5–1.3 倍之内。"
    "模型卡已注明适用孔径",
    "holes of 10 mm and less: 2.4 to 11 times what was measured, on the safe side; the seven points of 19 mm and more "
    "are within 0.5 and 1.3. The card says for which holes it holds",
)

EXCEPTIONS: dict[str, Text] = {
    "h2-jet-kobayashi-0.7mm-1m": SMALL_JET,
    "h2-jet-kobayashi-0.7mm-4.5m": SMALL_JET,
    "h2-jet-royle-6.4mm-2.8m": SMALL_JET,
    "h2-jet-royle-9.5mm-2.8m": SMALL_JET,
    "h2-jet-takeno-10mm-13.3m": SMALL_JET,
    "h2-jet-takeno-5mm-5.0m": SMALL_JET,
    "h2-jet-takeno-2mm-5.6m": SMALL_JET,
    "h2-jet-takeno-2mm-27.7m": SMALL_JET,
    "aloha-F5-propane-jet-1830": TWO_PHASE,
    "aloha-F6-propane-jet-1630": TWO_PHASE,
    "mudan-kerosene-30m": SPREAD,
    "mudan-gasoline-10m": SPREAD,
    "nist-methanol-0.301": RADIATED,
    "nist-methanol-1.006": RADIATED,
    "nist-ethanol-0.301": RADIATED,
    "nist-methane-0.37": RADIATED,
    "nist-propane_low-0.37": RADIATED,
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
    "burro8-lfl-phmsa": Text(
        "预测 906 m,实测 455 m(2.0 倍,偏安全);算例同时要求接近 Phast 的 191 m,而后者自身偏离实测 2.4 倍",
        "906 m where 455 m was measured (twice, on the safe side); the case also asks for the 191 m of Phast, which is "
        "itself 2.4 times off the measurement",
    ),
    "burro9-lfl-phmsa": Text(
        "算例未给出泄漏速率与风速,无法计算",
        "the case gives neither release rate nor wind, so there is nothing to compute",
    ),
    "desert-tortoise-4-arcs": Text(
        "100 m 与 800 m 在两倍以内,2800 m 处偏小至实测的五分之一(偏危险):模型不含液滴与释放动量",
        "within a factor of two at 100 and 800 m; at 2800 m a fifth of what was measured, on the unsafe side: droplets "
        "and the momentum of the release are not modelled",
    ),
    "falcon-4-fenced": Text(
        "试验设有蒸气围栏,平坦地面模型必然偏大;算例本身说明其为已知局限而非判据",
        "the trial had a vapour fence; a model of flat ground must say too much, and the case says so itself",
    ),
    "jackrabbit2-trial7-arcs": Text(
        "1 km 以内在三倍以内,2 km 起明显偏小(偏危险):20 s 的瞬时大量释放不宜按有限时长烟羽计算",
        "within a factor of three out to 1 km and far too little from 2 km on, on the unsafe side: nine tonnes in 20 s "
        "are no plume that ends",
    ),
}
