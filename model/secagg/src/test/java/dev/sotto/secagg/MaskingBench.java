package dev.sotto.secagg;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Expands and adds masks of 2^20 entries on one thread, in turn with what it can be compared to at best: the same number
 * of key-stream bytes out of the bare cipher, and an addition of two plain arrays. Options: {@code --quick}, and
 * {@code --data DIR}, which is accepted and not used.
 */
public final class MaskingBench {
    private static final int ENTRIES = 1 << 20;
    private static final int SLICE_BYTES = 64 * 1024;
    private static final int MASKS_PER_SAMPLE = 64;

    private final int[] target = new int[ENTRIES];
    private final int[] plain = new int[ENTRIES];
    private final byte[] zeros = new byte[SLICE_BYTES];
    private final byte[] stream = new byte[SLICE_BYTES];
    private final byte[] key = new byte[MaskSeed.BYTES];
    private final MaskExpander expander = new MaskExpander();
    private final Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");

    private MaskingBench() throws GeneralSecurityException {}

    /** Runs the bench and prints a table and, as the last line, its figures in JSON. */
    public static void main(String[] args) throws GeneralSecurityException {
        boolean quick = quick(List.of(args));
        Figures figures = measure(quick ? 20 : 80, quick ? 31 : 151);
        System.out.printf(
                Locale.ROOT,
                "{\"mask_ms_per_mi\": %.4f, \"fraction_of_raw\": %.4f, \"raw_ms_per_mi\": %.4f}%n",
                figures.mask(),
                figures.fractionOfRaw(),
                figures.raw());
    }

    /** Medians: milliseconds per mask of 2^20 entries, the same for the bare work, and the median of their ratios. */
    record Figures(double mask, double raw, double fractionOfRaw) {}

    static Figures measure(int warmUp, int samples) throws GeneralSecurityException {
        return new MaskingBench().run(warmUp, samples);
    }

    static boolean quick(List<String> args) {
        boolean quick = false;
        for (int i = 0; i < args.size(); i++) {
            switch (args.get(i)) {
                case "--quick" -> quick = true;
                case "--data" -> i++;
                default ->
                    throw new IllegalArgumentException(
                            "option " + args.get(i) + " is unknown; give --quick or --data DIR");
            }
        }
        return quick;
    }

    private Figures run(int warmUp, int samples) throws GeneralSecurityException {
        for (int i = 0; i < warmUp; i++) {
            masks();
            raw();
        }
        double[] ours = new double[samples];
        double[] raw = new double[samples];
        double[] fraction = new double[samples];
        for (int i = 0; i < samples; i++) {
            // Whoever goes second may find the clock changed by the first, so they take turns in that too.
            if (i % 2 == 0) {
                ours[i] = masks();
                raw[i] = raw();
            } else {
                raw[i] = raw();
                ours[i] = masks();
            }
            fraction[i] = raw[i] / ours[i];
        }
        report("expand and add one mask", ours);
        report("AES-CTR alone + plain add", raw);
        System.out.printf(
                Locale.ROOT,
                "%-28s %8.2f  (median of %d ratios, 2^20 entries, one thread)%n",
                "share of raw",
                median(fraction),
                samples);
        return new Figures(median(ours), median(raw), median(fraction));
    }

    private static void report(String what, double[] millis) {
        System.out.printf(
                Locale.ROOT,
                "%-28s %8.3f ms  (best %.3f, %.2f GB/s of mask)%n",
                what,
                median(millis),
                Arrays.stream(millis).min().orElseThrow(),
                ENTRIES * (double) Integer.BYTES / median(millis) / 1e6);
    }

    private double masks() {
        key[0]++;
        MaskSeed seed = MaskSeed.of(key);
        long start = System.nanoTime();
        for (int i = 0; i < MASKS_PER_SAMPLE; i++) {
            expander.add(seed, 0, target, 0, ENTRIES);
        }
        return millisPerMask(start);
    }

    private double raw() throws GeneralSecurityException {
        key[0]++;
        long start = System.nanoTime();
        for (int i = 0; i < MASKS_PER_SAMPLE; i++) {
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(new byte[16]));
            for (int done = 0; done < ENTRIES * Integer.BYTES; done += SLICE_BYTES) {
                cipher.update(zeros, 0, SLICE_BYTES, stream, 0);
            }
            add(target, plain);
        }
        return millisPerMask(start);
    }

    private static void add(int[] sum, int[] vector) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += vector[i];
        }
    }

    private static double millisPerMask(long start) {
        return (System.nanoTime() - start) / 1e6 / MASKS_PER_SAMPLE;
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
