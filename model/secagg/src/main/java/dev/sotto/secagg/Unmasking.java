package dev.sotto.secagg;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * The server's side of unmasking one round: collects the sites' shares and reconstructs, for every survivor its self-mask
 * and for every dropout its mask key, and from these what is to be taken off the masked sum of each group (Bonawitz
 * et al. 2017, section 4, round 4; on a sparse graph Bell et al. 2020, section 3). The outcome depends only on the secrets, not on which sites answered or in which order. Its whole
 * state is {@link #accepted()}. Not thread-safe.
 */
public final class Unmasking {
    private final BlockTerms terms;
    private final SortedMap<SiteId, RoundKeys> dealt = new TreeMap<>();
    private final byte[] sealHash;
    private final byte[] modelHash;
    private final SurvivorSet survivors;
    private final SortedMap<SiteId, UnmaskShares> accepted = new TreeMap<>();
    private final SortedMap<SiteId, List<ShamirShare>> shares = new TreeMap<>();

    /**
     * Opens the collection.
     *
     * @param roster the sealed bundles
     * @param sealHash 32 bytes
     * @param modelHash 32 bytes, of the model announced for the round
     * @param survivors round, announced sites by groups, and survivors
     * @throws IllegalArgumentException if the round is not in the block, an announced site has no fitting bundle, or there
     *     are groups on a sparse graph
     */
    public Unmasking(
            BlockTerms terms, Map<SiteId, Bundle> roster, byte[] sealHash, byte[] modelHash, SurvivorSet survivors) {
        RoundId round = survivors.round();
        Require.that(terms.contains(round), "round", round, "in block " + terms.block());
        Require.that(
                survivors.groups().fit(terms.graph()),
                "number of groups",
                survivors.groups().count(),
                "1 on a " + terms.graph() + "; groups need the complete graph");
        this.terms = terms;
        this.sealHash = Require.copy("seal hash", sealHash, Require.HASH_BYTES);
        this.modelHash = Require.copy("model hash", modelHash, Require.HASH_BYTES);
        this.survivors = survivors;
        for (SiteId site : survivors.announced()) {
            Bundle bundle = roster.get(site);
            if (bundle == null || !bundle.site().equals(site)) {
                throw new IllegalArgumentException("announced site " + site + " has no bundle in the roster");
            }
            dealt.put(site, bundle.requireRound(terms, round));
            shares.put(site, new ArrayList<>());
        }
    }

    /** Opens the collection with answers that were accepted before, in any order. */
    public Unmasking(
            BlockTerms terms,
            Map<SiteId, Bundle> roster,
            byte[] sealHash,
            byte[] modelHash,
            SurvivorSet survivors,
            List<UnmaskShares> acceptedBefore) {
        this(terms, roster, sealHash, modelHash, survivors);
        acceptedBefore.forEach(answer -> accept(answer.from(), answer));
    }

    /**
     * Takes one site's answer. Every share is held against its dealer's commitment; a bad one is left out and named. The
     * first answer of a site counts.
     *
     * @param from the site whose signature the answer carries
     */
    public Acceptance accept(SiteId from, UnmaskShares answer) {
        if (!answer.round().equals(survivors.round())) {
            return rejected(Acceptance.Reason.WRONG_ROUND, answer.round() + " is not " + survivors.round());
        }
        if (!answer.from().equals(from)) {
            return rejected(Acceptance.Reason.WRONG_SENDER, "signed by " + from + " but from " + answer.from());
        }
        if (!survivors.announced().contains(from)) {
            return rejected(Acceptance.Reason.NOT_ANNOUNCED, from + " is not in round " + survivors.round());
        }
        UnmaskShares earlier = accepted.get(from);
        if (earlier != null) {
            return earlier.equals(answer)
                    ? new Acceptance.Duplicate()
                    : rejected(Acceptance.Reason.CONFLICT, from + " has answered otherwise before");
        }
        accepted.put(from, answer);
        return new Acceptance.Accepted(take(answer));
    }

    private List<Acceptance.BadShare> take(UnmaskShares answer) {
        AnswerCheck.Checked checked = new AnswerCheck(terms, survivors).check(answer, dealt::get);
        checked.good().forEach((dealer, share) -> shares.computeIfAbsent(dealer, any -> new ArrayList<>())
                .add(share));
        return checked.bad();
    }

    private static Acceptance rejected(Acceptance.Reason reason, String detail) {
        return new Acceptance.Rejected(reason, detail);
    }

    /** The answers accepted so far, sorted by site, bad shares included: all that is needed to open the collection again. */
    public List<UnmaskShares> accepted() {
        return List.copyOf(accepted.values());
    }

    /** Whether every announced site's secret can be reconstructed. */
    public boolean ready() {
        return shares.values().stream().allMatch(collected -> collected.size() >= terms.threshold());
    }

    /**
     * What turns the masked sum of each group's survivors into their plain sum: a mask to subtract for every survivor,
     * and for every dropout and each survivor among its neighbours in the group a mask to add or subtract. By group,
     * sorted by site within it; the caller destroys the seeds.
     *
     * @throws IllegalStateException if not {@link #ready()}
     * @throws BadDealingException if a dealer's shares do not give what it committed to
     */
    public SortedMap<Integer, List<SignedSeed>> seeds() throws BadDealingException {
        if (!ready()) {
            throw new IllegalStateException("round " + survivors.round() + " has not " + terms.threshold()
                    + " good shares of every announced site yet; " + accepted.size() + " sites have answered");
        }
        SortedMap<Integer, List<SignedSeed>> seeds = new TreeMap<>();
        for (Map.Entry<SiteId, RoundKeys> dealer : dealt.entrySet()) {
            SiteId site = dealer.getKey();
            List<SignedSeed> ofGroup =
                    seeds.computeIfAbsent(survivors.groups().groupOf(site), any -> new ArrayList<>());
            byte[] secret = Shamir.combine(shares.getOrDefault(site, List.of()), terms.threshold());
            try {
                if (survivors.kind(site) == ShareKind.SELF_MASK) {
                    ofGroup.add(selfMask(site, dealer.getValue(), secret));
                } else {
                    addPairwise(site, dealer.getValue(), secret, ofGroup);
                }
            } finally {
                Arrays.fill(secret, (byte) 0);
            }
        }
        return seeds;
    }

    private SignedSeed selfMask(SiteId survivor, RoundKeys keys, byte[] secret) throws BadDealingException {
        byte[] commitment = ShareCommitment.ofSeed(survivors.round(), survivor, secret);
        if (!MessageDigest.isEqual(commitment, keys.selfMaskCommitment())) {
            throw new BadDealingException(survivor, survivors.round(), ShareKind.SELF_MASK);
        }
        return new SignedSeed(MaskSeed.of(secret), true);
    }

    private void addPairwise(SiteId dropout, RoundKeys keys, byte[] secret, List<SignedSeed> seeds)
            throws BadDealingException {
        AgreementKeyPair maskKey = AgreementKeyPair.of(secret);
        try {
            if (!maskKey.publicKey().equals(keys.maskKey())) {
                throw new BadDealingException(dropout, survivors.round(), ShareKind.MASK_KEY);
            }
            SortedSet<SiteId> partners = survivors.groups().partners(dropout, terms.graph());
            partners.retainAll(survivors.survivors());
            for (SiteId survivor : partners) {
                byte[] shared = maskKey.agree(maskKeyOf(survivor));
                try {
                    MaskSeed seed =
                            PairwiseMask.seed(shared, sealHash, survivors.round(), modelHash, survivor, dropout);
                    // What the survivor added is subtracted, and the other way round.
                    seeds.add(new SignedSeed(seed, PairwiseMask.adds(survivor, dropout)));
                } finally {
                    Arrays.fill(shared, (byte) 0);
                }
            }
        } finally {
            maskKey.destroy();
        }
    }

    private AgreementPublicKey maskKeyOf(SiteId survivor) {
        RoundKeys keys = dealt.get(survivor);
        if (keys == null) {
            throw new IllegalStateException("survivor " + survivor + " was not announced");
        }
        return keys.maskKey();
    }
}
