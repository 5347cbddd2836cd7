package dev.sotto.secagg;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A cohort of honest sites with a sealed block, and what each of them would do in a round. */
final class TestCohort {
    static final byte[] MODEL = Sha256.of(new byte[] {7});

    final BlockTerms terms;
    final SortedMap<SiteId, BlockSecrets> secrets = new TreeMap<>();
    final SortedMap<SiteId, Bundle> roster = new TreeMap<>();
    final byte[] sealHash;

    private TestCohort(int n, int rounds, int degree, int threshold, long seed) {
        SeededRandom random = new SeededRandom(seed);
        SortedMap<SiteId, AgreementKeyPair> encryption = new TreeMap<>();
        SortedMap<SiteId, AgreementPublicKey> cohort = new TreeMap<>();
        for (int i = 0; i < n; i++) {
            AgreementKeyPair pair = AgreementKeyPair.generate(random);
            encryption.put(site(i), pair);
            cohort.put(site(i), pair.publicKey());
        }
        byte[] beacon = degree == 0 ? new byte[0] : random.bytes(NeighbourGraph.BEACON_BYTES);
        NeighbourGraph graph = NeighbourGraph.of(cohort.keySet(), degree, beacon);
        terms = new BlockTerms(new BlockId(new TaskId("demo"), 2), 9, rounds, cohort, graph, threshold);
        SortedMap<SiteId, byte[]> hashes = new TreeMap<>();
        encryption.forEach((site, pair) -> {
            BlockSecrets own = BlockSecrets.create(terms, site, pair, random);
            secrets.put(site, own);
            roster.put(site, own.bundle());
            hashes.put(site, Sha256.of(own.bundle().rounds().get(0).maskKey().bytes()));
        });
        sealHash = SealHash.of(hashes);
    }

    static TestCohort of(int n, int rounds, long seed) {
        return new TestCohort(n, rounds, 0, Thresholds.completeGraph(n), seed);
    }

    static TestCohort harary(int n, int degree, int threshold, long seed) {
        return new TestCohort(n, 1, degree, threshold, seed);
    }

    static SiteId site(int index) {
        return new SiteId("site-%03d".formatted(index));
    }

    static SortedSet<SiteId> sites(int... indexes) {
        SortedSet<SiteId> sites = new TreeSet<>();
        for (int index : indexes) {
            sites.add(site(index));
        }
        return sites;
    }

    /** The round's id, counted from zero within the block. */
    RoundId round(int index) {
        return terms.roundIds().get(index);
    }

    SortedSet<SiteId> everyone() {
        return new TreeSet<>(terms.cohort().keySet());
    }

    BlockSecrets secrets(int index) {
        return secrets.get(site(index));
    }

    int[] masked(SiteId site, RoundId round, byte[] model, SortedSet<SiteId> announced, int[] plain)
            throws RefusedException {
        return masked(site, round, model, RoundGroups.single(announced), plain);
    }

    int[] masked(SiteId site, RoundId round, byte[] model, RoundGroups groups, int[] plain) throws RefusedException {
        int[] vector = plain.clone();
        try (SiteMasker masker = SiteMasker.of(secrets.get(site), roster, sealHash, round, model, groups)) {
            masker.mask(vector);
        }
        return vector;
    }

    UnmaskAnswer answer(SiteId site, SurvivorSet survivors) throws RefusedException {
        UnmaskGuard guard = new UnmaskGuard(2, survivors.survivors().contains(site), null);
        return SiteUnmask.answer(
                guard,
                secrets.get(site),
                roster,
                survivors.round(),
                survivors.groups(),
                List.copyOf(survivors.survivors()));
    }

    static SurvivorSet set(RoundId round, SortedSet<SiteId> announced, SortedSet<SiteId> survivors) {
        return new SurvivorSet(round, RoundGroups.single(announced), survivors);
    }

    Unmasking unmasking(SurvivorSet survivors) {
        return new Unmasking(terms, roster, sealHash, MODEL, survivors);
    }

    /** The same bundle with one round's keys replaced by another value. */
    static Bundle with(Bundle bundle, RoundKeys replacement) {
        List<RoundKeys> rounds = new ArrayList<>(bundle.rounds());
        rounds.replaceAll(keys -> keys.round() == replacement.round() ? replacement : keys);
        return new Bundle(bundle.block(), bundle.site(), rounds);
    }

    static void unmask(int[] sum, List<SignedSeed> seeds) {
        MaskExpander expander = new MaskExpander();
        seeds.forEach(seed -> seed.apply(expander, 0, sum, 0, sum.length));
    }

    static int[] add(int[] sum, int[] vector) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += vector[i];
        }
        return sum;
    }
}
