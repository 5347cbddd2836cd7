package dev.sotto.simulation;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.UnmaskCodec;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Unmask;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.OpenedShare;
import dev.sotto.secagg.ShareKind;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.UnmaskShares;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whoever has all that sites ever sent, in every story they were told, and all that colluders hold, never has the threshold
 * of shares of both secrets of an honest site in one round.
 */
final class NeverBothSecrets extends Invariant {
    private record Dealt(SiteId dealer, int block) {}

    private record Secrets(SiteId dealer, int block, int round) {}

    private final Set<SiteId> colluders;
    private final Map<Dealt, BlockTerms> terms = new HashMap<>();
    private final Map<Secrets, Map<ShareKind, Set<SiteId>>> holders = new HashMap<>();
    private int most;

    NeverBothSecrets(Set<SiteId> colluders) {
        this.colluders = Set.copyOf(colluders);
    }

    /** The most shares of the rarer secret that were ever out, of any site and round. */
    int most() {
        return most;
    }

    @Override
    void dealt(SiteId site, BlockTerms dealt) {
        terms.put(new Dealt(site, dealt.block().number()), dealt);
    }

    @Override
    void sent(SiteId site, int block, SignedRecord record) throws RejectedRecordException {
        if (record.kind() != Kind.UNMASK) {
            return;
        }
        UnmaskShares shares = UnmaskCodec.fromRecord(record.task(), site, record.payload(Unmask.class));
        for (OpenedShare share : shares.shares()) {
            if (!colluders.contains(share.of())) {
                take(new Secrets(share.of(), block, shares.round().number()), share.kind(), site);
            }
        }
    }

    private void take(Secrets of, ShareKind kind, SiteId holder) {
        Map<ShareKind, Set<SiteId>> both = holders.computeIfAbsent(of, unused -> new EnumMap<>(ShareKind.class));
        both.computeIfAbsent(kind, unused -> new TreeSet<>()).add(holder);
        BlockTerms dealt = terms.get(new Dealt(of.dealer(), of.block()));
        if (dealt == null) {
            return;
        }
        int selfMask = count(both, ShareKind.SELF_MASK, dealt, of.dealer());
        int maskKey = count(both, ShareKind.MASK_KEY, dealt, of.dealer());
        most = Math.max(most, Math.min(selfMask, maskKey));
        require(
                Math.min(selfMask, maskKey) < dealt.threshold(),
                "%d shares of the self-mask and %d of the mask key of %s in round %d are out, and %d make either",
                selfMask,
                maskKey,
                of.dealer(),
                of.round(),
                dealt.threshold());
    }

    private int count(Map<ShareKind, Set<SiteId>> both, ShareKind kind, BlockTerms dealt, SiteId dealer) {
        Set<SiteId> out = new TreeSet<>(colluders);
        out.retainAll(dealt.graph().holders(dealer));
        out.addAll(both.getOrDefault(kind, Set.of()));
        return out.size();
    }
}
