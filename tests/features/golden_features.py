"""Golden values for test_logmel.c, test_chroma.c and test_features.c, made with NumPy in double.

Run:   python3 tests/features/golden_features.py > tests/features/golden_features.h
Made:  Python 3.11, NumPy 1.24.2

An implementation of the formulas in features/*.h that shares no code with Silbe. The mel bands and
the log-mel spectrum follow librosa.filters.mel(htk=False, norm="slaney") and
librosa.feature.melspectrogram(center=True, pad_mode="constant", power=2.0) of librosa 0.10 step by
step, written out here because Debian has no librosa.
"""
import numpy as np

RATE = 22050
HOP_S = 0.01


def signal():
    """Two seconds: four notes with five harmonics, 17 cents sharp (see golden_signal in C)."""
    t = np.arange(2 * RATE) / RATE
    x = np.zeros(len(t))
    for midi, start in ((48, 0.1), (55, 0.45), (64, 0.8037), (72.0, 1.3)):
        hz = 440.0 * 2.0 ** ((midi + 0.17 - 69) / 12)
        age = t - start
        for h in range(1, 6):
            x += np.where(age >= 0, 0.2 / h * np.exp(-3 * np.maximum(age, 0))
                          * np.sin(2 * np.pi * h * hz * age), 0)
    return x.astype(np.float32).astype(np.float64)


def stft_power(x, n_win, n_fft, hop_s, amplitude):
    w = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_win) / n_win)
    scale = 2 / w.sum() if amplitude else 1.0
    t = np.arange(10 * len(x))
    centres = np.round(t * hop_s * RATE).astype(int)
    centres = centres[centres < len(x)]
    padded = np.concatenate([np.zeros(n_fft), x, np.zeros(n_fft)])
    w = np.pad(w * scale, (n_fft - n_win) // 2)
    rows = [np.abs(np.fft.rfft(padded[n_fft + c - n_fft // 2:n_fft + c + n_fft // 2] * w)) ** 2
            for c in centres]
    return np.array(rows)


def mel_weights(n_fft, n_mels, fmin, fmax):
    def hz_to_mel(f):
        f = np.asarray(f, float)
        lin = f / (200.0 / 3)
        return np.where(f >= 1000, 15 + np.log(np.maximum(f, 1e-9) / 1000) / (np.log(6.4) / 27), lin)

    def mel_to_hz(m):
        return np.where(m >= 15, 1000 * np.exp(np.log(6.4) / 27 * (m - 15)), m * 200.0 / 3)

    bins = np.fft.rfftfreq(n_fft, 1.0 / RATE)
    edges = mel_to_hz(np.linspace(hz_to_mel(fmin), hz_to_mel(fmax), n_mels + 2))
    ramps = edges[:, None] - bins[None, :]
    width = np.diff(edges)
    weights = np.zeros((n_mels, len(bins)))
    for i in range(n_mels):
        weights[i] = np.maximum(0, np.minimum(-ramps[i] / width[i], ramps[i + 2] / width[i + 1]))
    return weights * (2.0 / (edges[2:] - edges[:-2]))[:, None]


def pitch_weights(n_fft, low, high, cents):
    bins = np.arange(n_fft // 2 + 1) * RATE / n_fft
    f = 440 * 2 ** ((np.arange(low, high + 1) - 69 + cents / 100) / 12)
    h = np.maximum(f * (2 ** (1 / 12) - 1), RATE / n_fft)
    return np.maximum(0, 1 - np.abs(bins[None] - f[:, None]) / h[:, None])


def compress(energy, gamma):
    return np.log1p(gamma * np.sqrt(energy) / np.sqrt(energy.sum(1).mean()))


def fold(bands, low):
    out = np.zeros((len(bands), 12))
    for b in range(bands.shape[1]):
        out[:, (low + b) % 12] += bands[:, b]
    return out


def tuning(x):
    power = stft_power(x, 8192, 8192, 0.1, True)
    f = RATE / 8192
    votes = 0
    weight = 0
    for m in np.sqrt(power):
        lo, hi = int(110 / f), int(1760 / f)
        for k in range(lo, hi):
            if m[k] > m[k - 1] and m[k] >= m[k + 1] and m[k] > 0.1 * m[lo:hi].max() + 1e-12:
                a, b, c = np.log(m[k - 1:k + 2] + 1e-9)
                top = k + 0.5 * (a - c) / (a - 2 * b + c - 1e-12)
                votes += np.sqrt(m[k]) * np.exp(2j * np.pi * 12 * np.log2(top * f / 440))
                weight += np.sqrt(m[k])
    return np.angle(votes) / 2 / np.pi * 100, abs(votes) / weight


def onsets(x, cents, window, behind=1, ahead=1, gamma=10.0):
    y = compress(stft_power(x, window, window, HOP_S, True) @ pitch_weights(window, 36, 107, cents).T,
                 gamma)
    f = np.zeros_like(y)
    f[behind:len(y) - ahead] = np.maximum(0, y[behind + ahead:] - y[:len(y) - behind - ahead])
    v = np.linalg.norm(f, axis=1)
    n = np.zeros_like(f)
    half = round(0.5 / HOP_S)
    floor = 0.2 * np.percentile(v, 99)
    for t in range(len(f)):
        n[t] = f[t] / max(v[max(0, t - half):t + half + 1].max(), floor)
    g = fold(n, 36)
    d = g.copy()
    for i in range(1, 20):
        d[i:] = np.maximum(d[i:], g[:-i] * np.sqrt(1 - i / 20))
    return n, d


def emit(name, doc, matrix, frames, cols):
    print(f"/* {doc}: {{frame, column, value}}. */")
    print(f"static const golden_value {name}[] = {{")
    for t in frames:
        for c in cols:
            print(f"    {{{t}, {c}, {matrix[t, c]:.9g}}},")
    print("};\n")


def main():
    x = signal()
    y = x - x.mean()
    cents, confidence = tuning(x)
    mel = np.log(np.maximum(1e-10, stft_power(y, 882, 1024, HOP_S, False)
                            @ mel_weights(1024, 80, 60, 7600).T))
    energy = stft_power(y, 4096, 4096, HOP_S, True) @ pitch_weights(4096, 36, 95, cents).T
    chroma = fold(compress(energy, 10.0), 36)
    chroma /= np.linalg.norm(chroma, axis=1, keepdims=True)
    pitch_onset, onset = onsets(y, cents, 2048)
    print("/* Made by golden_features.py (NumPy 1.24.2, double precision); do not edit. */")
    print("#ifndef SILBE_TESTS_GOLDEN_FEATURES_H\n#define SILBE_TESTS_GOLDEN_FEATURES_H\n")
    print("#include <stddef.h>\n")
    print("typedef struct {\n    size_t frame, column;\n    double value;\n} golden_value;\n")
    print(f"static const double GOLDEN_TUNING_CENTS = {cents:.12g};")
    print(f"static const double GOLDEN_TUNING_CONFIDENCE = {confidence:.12g};")
    print(f"static const size_t GOLDEN_N_FRAMES = {len(chroma)};\n")
    emit("GOLDEN_LOGMEL", "log-mel", mel, (1, 12, 83, 150, 199), (0, 1, 7, 20, 40, 60, 79))
    emit("GOLDEN_CHROMA", "chroma", chroma, (2, 20, 82, 131, 199), range(12))
    emit("GOLDEN_ONSET", "onset per pitch class", onset, (10, 44, 50, 81, 129, 198), range(12))
    emit("GOLDEN_PITCH_ONSET", "onset per semitone", pitch_onset, (9, 10, 45, 80, 129),
         (0, 12, 19, 24, 28, 36, 50, 71))
    print("#endif")


main()
