package dev.sotto.contracts.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.secagg.SealProof;
import dev.sotto.secagg.SiteId;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SealInclusionTest {
    private static final SiteId SITE = new SiteId("bank-c");
    private static final SiteId OTHER = new SiteId("bank-d");

    private final History history = new History(AuditTasks.task(), 8);
    private final EnvelopeVerifier verifier = new EnvelopeVerifier(history.trust);
    private final SortedMap<SiteId, byte[]> hashes = new TreeMap<>();
    private byte[] seal = new byte[0];

    @BeforeEach
    void sealABlock() {
        history.block(false);
        history.bundles.forEach((site, bundle) -> hashes.put(site, bundle.hash()));
        seal = history.rounds.get(history.rounds.size() - 1).value();
    }

    private SealInclusion inclusion(SiteId bundleOf, SiteId proofFor) {
        return new SealInclusion(seal, history.bundles.get(bundleOf).value(), SealProof.of(hashes, proofFor));
    }

    @Test
    void proof_ofEveryMember_holds() {
        for (SiteId site : hashes.keySet()) {
            assertThatCode(() -> inclusion(site, site).verify(verifier)).doesNotThrowAnyException();
        }
    }

    @Test
    void proof_ofAnotherSite_isRefused() {
        assertThatThrownBy(() -> inclusion(SITE, OTHER).verify(verifier))
                .isInstanceOf(RejectedRecordException.class)
                .hasMessageContaining("a proof for bank-d and a bundle of bank-c");
    }

    @Test
    void proof_toAnotherSeal_isRefused() {
        Seal other = History.payload(history.opened(seal), Seal.class);
        other.setSealHash(History.buffer(History.random(32)));
        seal = history.signed(Kind.SEAL, history.position, other);
        assertThatThrownBy(() -> inclusion(SITE, SITE).verify(verifier)).hasMessageContaining("does not lead");
    }

    @Test
    void proof_withASealThatNobodySigned_isRefused() {
        seal[seal.length - 1] ^= 1;
        assertThatThrownBy(() -> inclusion(SITE, SITE).verify(verifier)).hasMessageContaining("signature");
    }

    @Test
    void proof_withABundleOfAnotherBlock_isRefused() {
        byte[] first = history.bundles.get(SITE).value();
        history.block(false);
        seal = history.rounds.get(history.rounds.size() - 1).value();
        assertThatThrownBy(() -> new SealInclusion(seal, first, SealProof.of(hashes, SITE)).verify(verifier))
                .hasMessageContaining("a bundle for block 1 and a seal of block 2");
    }

    @Test
    void proof_ofAMemberThatTheSealDoesNotNameThere_isRefused() {
        Seal other = History.payload(history.opened(seal), Seal.class);
        other.setMembers(List.copyOf(other.getMembers().subList(1, 8)));
        seal = history.signed(Kind.SEAL, history.position, other);
        assertThatThrownBy(() -> inclusion(SITE, SITE).verify(verifier)).hasMessageContaining("not its place");
    }

    @Test
    void search_throughATranscript_findsTheProofOfItsBlock() throws Exception {
        history.round();
        history.open();
        history.abort();
        history.block(true);
        SealInclusion inclusion = search(2, SITE).found();
        assertThatCode(() -> inclusion.verify(verifier)).doesNotThrowAnyException();
        assertThat(inclusion.bundle()).isEqualTo(history.bundles.get(SITE).value());
        assertThat(search(1, SITE).found().proof().site()).isEqualTo(SITE);
    }

    @Test
    void search_forWhatIsNotThere_saysWhatIs() {
        assertThatThrownBy(() -> search(2, SITE).found()).hasMessageContaining("block 2 of task sentiment has no seal");
        assertThatThrownBy(() -> search(1, new SiteId("bank-x")).found())
                .hasMessageContaining("no bundle of bank-x; it has those of [bank-a, bank-b");
    }

    private InclusionSearch search(int block, SiteId site) {
        InclusionSearch search = new InclusionSearch(history.trust, history.task.id(), block, site);
        history.rounds.forEach(search::accept);
        return search;
    }
}
