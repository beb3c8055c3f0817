#!/usr/bin/env python3
"""Measures time, memory and accuracy: tests/bench.py BUILD_FOLDER [--set key=value ...]

Runs every stage from nothing on the demo dataset, on the Schubert Winterreise Dataset where it is
there, and on a recording of 75 minutes (a demo song over and over, score and lyrics alike), in mode
score and then in the modes that hear phones; then a few steps of training and the benchmarks of the
kernels. Prints tables and writes BUILD_FOLDER/bench.json: a list of objects with "name", "wall_s"
and "peak_bytes", and more where there is more to say. Settings go to all programs.
"""
import copy
import json
import math
import os
import re
import shutil
import subprocess
import sys
import time
import wave
import xml.etree.ElementTree as ElementTree
from pathlib import Path

STAGES = ["features", "labels", "align", "evaluate"]
PHONE_MODES = ["lyrics", "joint"]
MISUSE, UNABLE = 2, 4  # exit codes of a program that lacks a mode or the acoustic model
# Programs in BUILD_FOLDER/tests that understand --json FILE, as far as they are built.
KERNELS = ["bench_ctc", "bench_dtw", "bench_softdtw", "bench_trellis"]
LONG_S = 75 * 60
# What the figures of a whole chain should not exceed; of swd with four recordings, 246 s, on two
# processors.
LIMITS = {
    "demo": {"mean_abs_s": 0.025},
    "swd": {"wall_s": 8, "peak_bytes": 400e6, "mean_abs_s": 0.025, "median_abs_s": 0.017},
    "long": {"peak_bytes": 1.5e9, "mean_abs_s": 0.025},
    "viterbi-act": {"wall_s": 5, "peak_extra_bytes": 150e6},
    "ctc-grad": {"wall_s": 0.35, "peak_extra_bytes": 60e6},
    "softdtw": {"wall_s": 0.06},
    "dtw-linear": {"wall_s": 3},
    "swd-lyrics": {"median_abs_s": 0.10, "derailed": 0.12},
    "long-lyrics": {"peak_bytes": 1.5e9},
}
# What they should reach. A posteriorgram is made from the audio file: features and network.
GOALS = {
    "demo-lyrics": {"within_0.3": 0.90},
    "swd-lyrics": {"within_0.3": 0.76, "confidence_auc_0.3": 0.75},
    "long-posteriorgram": {"x_real_time": 80},
    "training": {"audio_s_per_s": 60},
}


def measure(command, log, may_lack=False):
    """Wall time and peak memory of one process; None where it may lack what it needs, and does."""
    start = time.monotonic()
    with open(log, "ab") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.monotonic() - start
    code = os.waitstatus_to_exitcode(status)
    process.returncode = code
    if may_lack and code in (MISUSE, UNABLE):
        return None
    if code != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit {code}; see {log}")
    return wall_s, usage.ru_maxrss * 1024


def figures(pooled):
    """Those that are worth a look, if there is a reference."""
    if not pooled.get("words"):
        return {}
    return {
        "words": pooled["words"],
        "missing": pooled["missing"],
        "mean_abs_s": pooled["mean_abs_s"],
        "median_abs_s": pooled["median_abs_s"],
        "derailed": pooled["derailed"],
        "confidence_auc_0.3": pooled["confidence_auc_0.3"],
        **{f"within_{window}": pooled["within"][window] for window in ("0.05", "0.1", "0.3")},
    }


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def bench_dataset(build, name, options, results):
    """Every stage from nothing, one object each, and their sum; then the modes that hear phones."""
    work = build / "bench-work"
    log = build / "bench.log"
    shutil.rmtree(work, ignore_errors=True)
    total_s, peak, walls = 0.0, 0, {}
    for stage in STAGES:
        command = [build / "bin" / f"silbe-{stage}", *options, "--work", work]
        wall_s, peak_bytes = measure(command, log)
        results.append({"name": f"{name}-{stage}", "wall_s": wall_s, "peak_bytes": peak_bytes})
        total_s += wall_s
        peak = max(peak, peak_bytes)
        walls[stage] = wall_s
    (folder,) = (path for path in work.iterdir() if path.is_dir())
    audio_s = sum(read_json(record)["audio_s"]
                  for record in (folder / "features").glob("*.record.json"))
    result = {"name": name, "wall_s": total_s, "peak_bytes": peak, "audio_s": audio_s}
    result.update(figures(read_json(folder / "score" / "report.json")["pooled"]))
    results.append(result)
    bench_modes(build, name, [*options, "--work", work], audio_s, walls["features"], results)
    shutil.rmtree(work)


def bench_modes(build, name, options, audio_s, features_s, results):
    """The acoustic model and the modes that need it, after the chain of mode score."""
    log = build / "bench.log"
    program = build / "bin" / "silbe-posteriors"
    cost = measure([program, *options], log, may_lack=True) if program.exists() else None
    if cost is None:
        print(f"left out: the modes that hear phones, on {name}: no acoustic model, see {log}")
        return
    wall_s = features_s + cost[0]
    results.append({"name": f"{name}-posteriorgram", "wall_s": wall_s, "peak_bytes": cost[1],
                    "audio_s": audio_s, "x_real_time": audio_s / wall_s})
    rows = {}
    for mode in PHONE_MODES:
        align = [build / "bin" / "silbe-align", *options, "--set", f"align.mode={mode}"]
        cost = measure(align, log, may_lack=True)
        if cost is None:
            print(f"left out: mode {mode}, see {log}")
            continue
        rows[mode] = {"name": f"{name}-{mode}", "wall_s": cost[0], "peak_bytes": cost[1],
                      "audio_s": audio_s}
        results.append(rows[mode])
    measure([build / "bin" / "silbe-evaluate", *options, "--set", "align.mode=all"], log)
    (report,) = Path(options[-1]).glob("*/report.json")
    compared = {row["mode"]: row for row in read_json(report)["modes"]}
    for mode, row in rows.items():
        row.update(figures(compared[mode]))
    # joint is to lose to score on no pooled figure.
    if "joint" in rows:
        rows["joint"]["worse_than_score"] = worse_figures(compared["joint"], compared["score"])


def worse_figures(one, other):
    """Names of the pooled figures that are worse than the other's, as far as there are any."""
    pairs = {key: (one[key], other[key]) for key in ("mean_abs_s", "median_abs_s", "derailed")}
    pairs.update({f"within_{window}": (-one["within"][window], -other["within"][window])
                  for window in one["within"] if one["words"]})
    return [key for key, (own, others) in pairs.items()
            if one["words"] and (own is None or own > others + 1e-9)]


def bench_training(build, results):
    """Steps of frame-wise cross-entropy with the default network on made-up sound."""
    program = build / "tests" / "bench_train"
    log = build / "bench-training.log"
    if not program.exists():
        print(f"left out: {program} is not built")
        return
    log.unlink(missing_ok=True)
    wall_s, peak_bytes = measure([program, "6"], log)
    speed = re.search(r"([\d.]+) s of audio per second", log.read_text(encoding="utf-8"))
    results.append({"name": "training", "wall_s": wall_s, "peak_bytes": peak_bytes,
                    "audio_s_per_s": float(speed.group(1))})


def repeat_score(source, target, times):
    """The song times over, its measures numbered on."""
    tree = ElementTree.parse(source)
    for part in tree.getroot().iter("part"):
        measures = list(part.iter("measure"))
        numbers = [int(measure.get("number")) for measure in measures]
        span = numbers[-1] - numbers[0] + 1
        for k in range(1, times):
            for measure, number in zip(measures, numbers):
                again = copy.copy(measure)
                again.set("number", str(number + k * span))
                part.append(again)
    tree.write(target, encoding="UTF-8", xml_declaration=True)


def repeat_words(source, target, times, period_s):
    """The exact times of the words, shifted from one repetition to the next."""
    header, *rows = source.read_text(encoding="utf-8").splitlines()
    with open(target, "w", encoding="utf-8") as stream:
        stream.write(header + "\n")
        for k in range(times):
            for row in rows:
                start, end, word = row.split(";", 2)
                stream.write(f"{float(start) + k * period_s:.6f};{float(end) + k * period_s:.6f};"
                             f"{word}\n")


def make_long(demo, folder):
    """One item of LONG_S seconds: a demo song over and over, with the truth."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    raw = demo / "01_RawData"
    audio = sorted((raw / "audio_wav").glob("*.wav"))[0]
    work = audio.stem.rsplit("_", 1)[0]
    with wave.open(str(audio), "rb") as source:
        params = source.getparams()
        samples = source.readframes(params.nframes)
    times = math.ceil(LONG_S * params.framerate / params.nframes)
    with wave.open(str(folder / "long.wav"), "wb") as target:
        target.setparams(params)
        for _ in range(times):
            target.writeframesraw(samples)
    (score,) = (raw / "score_musicxml").glob(work + ".*xml")
    repeat_score(score, folder / "long.musicxml", times)
    repeat_words(demo / "03_ExtraMaterial" / "ann_audio_word" / (audio.stem + ".csv"),
                 folder / "long.words.csv", times, params.nframes / params.framerate)
    lyrics = (raw / "lyrics_txt" / (work + ".txt")).read_text(encoding="utf-8").strip()
    (folder / "long.txt").write_text("\n\n".join([lyrics] * times) + "\n", encoding="utf-8")


def bench_kernels(build, results):
    for kernel in KERNELS:
        program = build / "tests" / kernel
        target = build / (kernel + ".json")
        if not program.exists():
            print(f"left out: {program} is not built")
            continue
        _, peak_bytes = measure([program, "--json", target], build / "bench.log")
        for result in json.loads(target.read_text(encoding="utf-8")):
            result.setdefault("peak_bytes", peak_bytes)
            results.append(result)


def check_limits(results):
    """Whether everything stays within LIMITS and reaches its GOALS; says what does not."""
    wrong = []
    for result in results:
        name = result["name"]
        if name.startswith("swd") and result.get("audio_s", 0) > 250:
            continue  # the whole dataset, not the four recordings that the figures are about
        for key, limit in LIMITS.get(name, {}).items():
            if key in result and not (result[key] is not None and result[key] <= limit):
                wrong.append(f"{key} of {name} is {result[key]}, at most {limit:.4g} expected")
        for key, goal in GOALS.get(name, {}).items():
            if key in result and not (result[key] is not None and result[key] >= goal):
                wrong.append(f"{key} of {name} is {result[key]}, at least {goal:.4g} expected")
        if result.get("worse_than_score"):
            wrong.append(f"{name} is worse than mode score in {', '.join(result['worse_than_score'])}")
    for line in wrong:
        print(f"beyond its limit: {line}")
    return not wrong


def cell(value, factor, width, decimals):
    return f" {'-':>{width}}" if value is None else f" {value * factor:{width}.{decimals}f}"


def show(results):
    print(f"{'':24} {'wall s':>8} {'peak MB':>8} {'audio s':>8} {'mean ms':>8} {'median':>8} "
          f"{'< 0.1 s':>8} {'< 0.3 s':>8} {'derailed':>8} {'AUC':>6}")
    for r in results:
        line = f"{r['name']:24} {r['wall_s']:8.3f} {r['peak_bytes'] / 1e6:8.1f}"
        if "audio_s" in r:
            line += f" {r['audio_s']:8.1f}"
        if "words" in r:
            line += (cell(r["mean_abs_s"], 1e3, 8, 1) + cell(r["median_abs_s"], 1e3, 8, 1)
                     + cell(r["within_0.1"], 100, 7, 1) + "%" + cell(r["within_0.3"], 100, 7, 1)
                     + "%" + cell(r["derailed"], 100, 7, 1) + "%"
                     + cell(r["confidence_auc_0.3"], 1, 6, 3))
        if "x_real_time" in r:
            line += f"  {r['x_real_time']:.0f} times real time, from the audio file"
        if "audio_s_per_s" in r:
            line += f"  {r['audio_s_per_s']:.0f} s of audio per second"
        print(line)
    print(f"\n{'':24} {'wall s':>8} {'reference':>10} {'extra MB':>9} {'Mcells/s':>9} {'GB moved':>9}"
          f" {'of limit':>9}")
    for r in results:
        if "reference_wall_s" in r:
            scaled = "*" if r["reference_scaled"] else " "
            print(f"{r['name']:24} {r['wall_s']:8.3f} {r['reference_wall_s']:9.3f}{scaled}"
                  f" {r['peak_extra_bytes'] / 1e6:9.1f} {r['cells_per_s'] / 1e6:9.0f}"
                  f" {r['moved_bytes'] / 1e9:9.2f} {r['limit_wall_s'] / r['wall_s'] * 100:8.0f}%"
                  f"\n    limit: {r['limit']}")
    print("* the readable reference, measured on fewer cells and scaled by their number")


def main():
    if len(sys.argv) % 2 != 0 or sys.argv[2::2] != ["--set"] * ((len(sys.argv) - 1) // 2):
        sys.exit(__doc__)
    build, settings = Path(sys.argv[1]), sys.argv[2:]
    results = []
    (build / "bench.log").unlink(missing_ok=True)
    bench_dataset(build, "demo", [*settings, "--dataset", "demo"], results)
    swd = Path(os.environ.get("SWD_ROOT", "datasets/swd/data"))
    if swd.is_dir():
        bench_dataset(build, "swd", [*settings, "--dataset", "swd"], results)
    else:
        print(f"left out: the Schubert Winterreise Dataset is not in {swd} (SWD_ROOT)")
    long = build / "bench-data" / "long"
    make_long(build / "demo-data", long)
    bench_dataset(build, "long", [*settings, "--dataset", long], results)
    shutil.rmtree(long)
    bench_training(build, results)
    bench_kernels(build, results)
    (build / "bench.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    show(results)
    print(f"also in {build / 'bench.json'}")
    if not check_limits(results):
        sys.exit(1)


if __name__ == "__main__":
    main()
