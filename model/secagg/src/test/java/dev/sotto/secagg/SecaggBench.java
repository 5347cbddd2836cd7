package dev.sotto.secagg;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * What a round of secure aggregation costs a site and the server, without the network: cohorts of a hundred sites
 * (complete graph) and of a thousand (Harary graph). Everything runs on one thread and is given in processor time of that
 * thread, since core-seconds are what the targets are in and a machine that does other things as well does not
 * change them much. Options: {@code --quick}, and {@code --data DIR},
 * which is accepted and not used.
 */
public final class SecaggBench {
    private static final ThreadMXBean PROCESSOR = ManagementFactory.getThreadMXBean();
    private static final double COLLUDING = 0.1;
    private static final double DROPOUT = 0.1;
    private static final int CHUNK_ENTRIES = 65_536;
    private static final int BLOCK_ROUNDS = 8;
    private static final Ring RING = new Ring(20);

    private final Map<String, Double> figures = new LinkedHashMap<>();
    private final boolean quick;

    private SecaggBench(boolean quick) {
        this.quick = quick;
    }

    /** Runs the bench and prints a table and, as the last line, its figures in JSON. */
    public static void main(String[] args) throws Exception {
        new SecaggBench(MaskingBench.quick(List.of(args))).run();
    }

    private void run() throws Exception {
        masking();
        GraphParameters complete = GraphParameters.choose(100, COLLUDING, DROPOUT);
        GraphParameters sparse = GraphParameters.find(100, COLLUDING, DROPOUT);
        GraphParameters thousand = GraphParameters.choose(1000, COLLUDING, DROPOUT);
        BenchCohort hundred = new BenchCohort(100, complete);
        client("n100_d300k", hundred, 300_000);
        client("n100_d300k_k" + sparse.degree(), new BenchCohort(100, sparse), 300_000);
        BenchCohort many = new BenchCohort(1000, thousand);
        client("n1000_d100k", many, 100_000);
        server("n1000_d100k_drop0", many, 100_000, 0);
        server("n1000_d100k_drop10", many, 100_000, 100);
        upload(300_000);
        System.out.println(figures.entrySet().stream()
                .map(figure -> String.format(Locale.ROOT, "\"%s\": %.4f", figure.getKey(), figure.getValue()))
                .collect(Collectors.joining(", ", "{", "}")));
    }

    private void masking() throws GeneralSecurityException {
        MaskingBench.Figures masking = MaskingBench.measure(quick ? 8 : 80, quick ? 9 : 101);
        figures.put("mask_ms_per_mi", masking.mask());
        figures.put("fraction_of_raw", masking.fractionOfRaw());
    }

    /** Arithmetic is what grows with the vector: masking and packing. The rest is counted by itself. */
    private void client(String name, BenchCohort cohort, int entries) throws Exception {
        System.out.printf("%s: %s, threshold %d%n", name, cohort.terms.graph(), cohort.terms.threshold());
        int[] vector = new int[entries];
        byte[] packed = new byte[RING.bytes(entries)];
        try (SiteMasker masker = cohort.masker()) {
            measure("client_ms_" + name, "mask and pack", 1e3, () -> {
                masker.mask(vector);
                RING.pack(vector, 0, entries, packed, 0);
                return packed;
            });
        }
        measure("client_agreement_ms_" + name, "agree on the seeds", 1e3, () -> {
            try (SiteMasker masker = cohort.masker()) {
                return masker;
            }
        });
        SurvivorSet survivors = cohort.survivors(0);
        measure("client_unmask_ms_" + name, "open and answer the shares", 1e3, () -> cohort.clientAnswer(survivors));
        BlockSecrets block = blockOf(cohort);
        measure(
                "client_sharing_ms_" + name,
                "deal, a round of a block of " + BLOCK_ROUNDS,
                1e3 / BLOCK_ROUNDS,
                block::bundle);
        SeededRandom random = new SeededRandom(8);
        IdentityKeyPair identity = IdentityKeyPair.generate(random);
        measure("client_signing_ms_" + name, "hash the chunks, sign two records", 1e3, () -> {
            byte[] root = tree(cohort.round, packed).root();
            identity.sign("bench", root);
            return identity.sign("bench", root);
        });
    }

    private static BlockSecrets blockOf(BenchCohort cohort) {
        BlockTerms terms = cohort.terms;
        BlockTerms block =
                new BlockTerms(terms.block(), 1, BLOCK_ROUNDS, terms.cohort(), terms.graph(), terms.threshold());
        byte[] encryption = cohort.client.encryption().privateBytes();
        return BlockSecrets.create(block, BenchCohort.CLIENT, AgreementKeyPair.of(encryption), new SeededRandom(12));
    }

    private void server(String name, BenchCohort cohort, int entries, int dropouts) throws Exception {
        SurvivorSet survivors = cohort.survivors(dropouts);
        Unmasking unmasking = cohort.unmasking(survivors);
        int[] sum = new int[entries];
        MaskExpander expander = new MaskExpander();
        List<Double> reconstruct = new ArrayList<>();
        measure("server_s_" + name, "reconstruct and unmask", 1, () -> {
            List<SignedSeed> seeds = new ArrayList<>();
            long start = PROCESSOR.getCurrentThreadCpuTime();
            unmasking.seeds().values().forEach(seeds::addAll);
            reconstruct.add((PROCESSOR.getCurrentThreadCpuTime() - start) / 1e9);
            seeds.forEach(seed -> seed.apply(expander, 0, sum, 0, entries));
            return seeds;
        });
        figures.put(
                "server_reconstruct_s_" + name,
                MaskingBench.median(
                        reconstruct.stream().mapToDouble(Double::doubleValue).toArray()));
        byte[] packed = new byte[RING.bytes(entries)];
        int uploads = survivors.survivors().size();
        measure("server_add_s_" + name, "add " + uploads + " packed uploads", 1, () -> {
            for (int i = 0; i < uploads; i++) {
                RING.add(packed, 0, sum, 0, entries);
            }
            return sum;
        });
    }

    /** Packed entries, the chunks' Merkle proofs, and the root and signature of the manifest. */
    private void upload(int entries) {
        int[] vector = new int[entries];
        byte[] packed = new byte[RING.bytes(entries)];
        RING.pack(vector, 0, entries, packed, 0);
        MerkleTree tree = tree(new RoundId(new TaskId("bench"), 1), packed);
        long bytes = packed.length + 32 + 64;
        for (int chunk = 0; chunk < tree.leaves(); chunk++) {
            bytes += 32L * tree.proof(chunk).size();
        }
        figures.put("bytes_per_entry", (double) bytes / entries);
        System.out.printf(Locale.ROOT, "upload: %d entries of %d bits in %d bytes%n", entries, RING.bits(), bytes);
    }

    private static MerkleTree tree(RoundId round, byte[] packed) {
        List<byte[]> leaves = new ArrayList<>();
        int bytes = RING.bytes(CHUNK_ENTRIES);
        for (int from = 0; from < packed.length; from += bytes) {
            int length = Math.min(bytes, packed.length - from);
            leaves.add(ChunkHash.of(round, BenchCohort.CLIENT, new ChunkIndex(leaves.size()), packed, from, length));
        }
        return MerkleTree.of(leaves);
    }

    /** Takes the median; work of milliseconds is repeated more often than work of seconds. */
    private void measure(String key, String what, double unitsPerSecond, Callable<?> work) throws Exception {
        long once = time(work);
        long budget = quick ? 250_000_000L : 5_000_000_000L;
        int samples = (int) Math.max(5, Math.min(501, budget / Math.max(1, once)));
        for (int i = 0; samples > 5 && i < Math.min(samples / 4, 40); i++) {
            time(work);
        }
        double[] seconds = new double[samples];
        for (int i = 0; i < samples; i++) {
            seconds[i] = time(work) / 1e9;
        }
        double median = MaskingBench.median(seconds) * unitsPerSecond;
        figures.put(key, median);
        System.out.printf(
                Locale.ROOT,
                "  %-36s %10.4f %-2s (best %.4f of %d)%n",
                what,
                median,
                unitsPerSecond == 1 ? "s" : "ms",
                Arrays.stream(seconds).min().orElseThrow() * unitsPerSecond,
                samples);
    }

    private static long time(Callable<?> work) throws Exception {
        long start = PROCESSOR.getCurrentThreadCpuTime();
        Object result = work.call();
        long took = PROCESSOR.getCurrentThreadCpuTime() - start;
        if (result == null) {
            throw new IllegalStateException("the work gave nothing");
        }
        return took;
    }
}
