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

NO_TABLE = Text(
    "算例目录中没有其所引的 SLAB.FOR 输出表,无从比对;按来源所引仓库(GasDispersion.jl,MIT)中的同名文件比对,平均体积分数"
    "的中位偏差为 0.14%(氨喷射)与 2.6%(氯烟囱),均在容差之内",
    "the table of SLAB.FOR the case names is not in the folder; held against the file of that name in the repository "
    "cited (GasDispersion.jl), the mean part of volume is off by 0.14 % (ammonia jet) and 2.6 % (chlorine stack) in "
    "the median, within the tolerance",
)
LIFTED = Text(
    "液氢:SLAB 使云团抬升过高,采样塔高度处几乎没有氢,偏危险;报告未给稳定度,按中性计。本系统不以 SLAB 计算液氢,也没有"
    "其他可引用的方法",
    "liquid hydrogen: SLAB lifts the cloud over the tower, on the unsafe side; the reports give no class, neutral air "
    "is taken. SLAB is not used for hydrogen here, and no other method could be cited",
)
UNREAD = Text(
    "算例只给出试验名,而该次试验的泄漏与气象条件没有找到可读的公开来源;Desert Tortoise 1 与 4 的宽度在容差之内",
    "the case gives the name of a trial only, and no readable source gave its release and weather; the widths of "
    "Desert Tortoise 1 and 4 are within the tolerance",
)

EXCEPTIONS: dict[str, Text] = {
    "slab-inpr2-desert-tortoise4": NO_TABLE,
    "slab-inpr4-cl2-stack": NO_TABLE,
    "lh2-white-sands-4-9.4m": LIFTED,
    "lh2-white-sands-6-9.4m": LIFTED,
    "lh2-white-sands-6-18.6m": LIFTED,
    "lh2-spadeadam-6-1.0m": LIFTED,
    "lh2-spadeadam-6-1.8m": LIFTED,
    "DT2-half-width-800": UNREAD,
    "DT3-half-width-100": UNREAD,
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
        "预测 449 m,实测 455 m;算例同时要求接近 Phast 的 191 m,而后者自身偏离实测 2.4 倍",
        "449 m where 455 m was measured; the case also asks for the 191 m of Phast, which is itself 2.4 times off the "
        "measurement",
    ),
    "desert-tortoise-4-arcs": Text(
        "SLAB:800 m 在两倍以内(0.81),100 m 偏大 2.8 倍(偏安全),2800 m 为实测的 0.48 倍(偏危险,略出容差);"
        "DEGADIS 式模型在 2800 m 为 0.19 倍",
        "SLAB: 0.81 of what was measured at 800 m, 2.8 times at 100 m, on the safe side, and 0.48 at 2800 m, on the "
        "unsafe side and just outside; the model after DEGADIS says 0.19 there",
    ),
    "falcon-4-fenced": Text(
        "试验设有蒸气围栏,平坦地面模型必然偏大;算例本身说明其为已知局限而非判据",
        "the trial had a vapour fence; a model of flat ground must say too much, and the case says so itself",
    ),
    "jackrabbit2-trial7-arcs": Text(
        "一分钟以内的大量释放只用稳态重气烟羽(首算),500 m 至 11 km 为实测的 0.9–3.1 倍(偏安全),200 m 处传感器饱和;"
        "SLAB 仅 0.1–0.4 倍。saturated_arcs_m 是观测说明,不是预测值",
        "a great release of under a minute keeps the steady dense plume (the first answer): 0.9 to 3.1 times what was "
        "measured from 500 m to 11 km, on the safe side; at 200 m the sensors were saturated. SLAB says 0.1 to 0.4 of "
        "it. saturated_arcs_m is a remark on the measurement, which no model predicts",
    ),
}
