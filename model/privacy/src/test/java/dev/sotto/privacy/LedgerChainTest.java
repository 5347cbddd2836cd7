package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class LedgerChainTest {
    private static final PrivacyBudget BUDGET = PrivacyBudget.ofEpsilon(4.72838699, 1e-5);
    private static final Digest INPUT = digest("input");
    private static final Digest OTHER = digest("other");

    @Test
    void reserve_newRelease_isChargedAndChained() {
        LedgerChain chain = LedgerChain.open("t", BUDGET);
        Digest origin = chain.head();
        LedgerEntry first = appended(chain.reserve(release(1), INPUT, 0.1));
        LedgerEntry second = appended(chain.reserve(release(2), OTHER, 0.2));
        assertThat(first.previousHash()).isEqualTo(origin);
        assertThat(second.previousHash()).isEqualTo(first.hash());
        assertThat(chain.head()).isEqualTo(second.hash());
        assertThat(chain.spentRho()).isEqualTo(0.1 + 0.2);
        assertThat(chain.spentEpsilon()).isEqualTo(ZCdp.epsilon(0.1 + 0.2, 1e-5));
    }

    @Test
    void reserve_sameAgain_isChargedOnceAndGivesTheSameEntry() {
        LedgerChain chain = LedgerChain.open("t", BUDGET);
        LedgerEntry first = appended(chain.reserve(release(1), INPUT, 0.3));
        chain.commit(release(1), INPUT);
        Digest head = chain.head();
        assertThat(chain.reserve(release(1), INPUT, 0.3)).isEqualTo(new LedgerDecision.Repeated(first));
        assertThat(chain.spentRho()).isEqualTo(0.3);
        assertThat(chain.head()).isEqualTo(head);
    }

    @Test
    void reserve_sameReleaseOfOtherInputOrCost_isRefused() {
        LedgerChain chain = LedgerChain.open("t", BUDGET);
        chain.reserve(release(1), INPUT, 0.1);
        Digest head = chain.head();
        assertThat(refused(chain.reserve(release(1), OTHER, 0.1))).contains("t/1", INPUT.toString(), OTHER.toString());
        assertThat(refused(chain.reserve(release(1), INPUT, 0.05))).contains("0.1", "0.05");
        assertThat(chain.head()).isEqualTo(head);
        assertThat(chain.spentRho()).isEqualTo(0.1);
    }

    @Test
    void reserve_beyondTheBudget_isRefusedAndNothingIsCharged() {
        LedgerChain chain = LedgerChain.open("t", BUDGET);
        chain.reserve(release(1), INPUT, 0.4);
        assertThat(refused(chain.reserve(release(2), INPUT, 0.2)))
                .contains("0.400000 is spent", "0.200000", "0.500000");
        assertThat(chain.entries()).hasSize(1);
        assertThat(chain.reserve(release(2), INPUT, 0.05).accepted()).isTrue();
    }

    @Test
    void reserve_releaseOfAnotherTask_isRefused() {
        assertThat(refused(LedgerChain.open("t", BUDGET).reserve(new ReleaseId("u", 1), INPUT, 0.1)))
                .contains("u/1", "task t");
    }

    @Test
    void reserve_costNotPositive_saysTheValue() {
        LedgerChain chain = LedgerChain.open("t", BUDGET);
        for (double rho : new double[] {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> chain.reserve(release(1), INPUT, rho)).hasMessageContaining("got " + rho);
        }
        assertThat(chain.spentRho()).isZero();
    }

    @Test
    void commit_reservedRelease_isWrittenOnceAndCostsNothing() {
        LedgerChain chain = LedgerChain.open("t", BUDGET);
        chain.reserve(release(1), INPUT, 0.1);
        assertThat(chain.isCommitted(release(1))).isFalse();
        LedgerEntry commit = appended(chain.commit(release(1), INPUT));
        assertThat(commit.kind()).isEqualTo(LedgerEntry.Kind.COMMIT);
        assertThat(chain.commit(release(1), INPUT)).isEqualTo(new LedgerDecision.Repeated(commit));
        assertThat(chain.isCommitted(release(1))).isTrue();
        assertThat(chain.spentRho()).isEqualTo(0.1);
    }

    @Test
    void commit_unreservedOrOtherInput_isRefused() {
        LedgerChain chain = LedgerChain.open("t", BUDGET);
        assertThat(refused(chain.commit(release(1), INPUT))).contains("never reserved");
        chain.reserve(release(1), INPUT, 0.1);
        assertThat(refused(chain.commit(release(1), OTHER))).contains(OTHER.toString());
    }

    @Test
    void origin_taskOrBudgetChanged_differs() {
        assertThat(List.of(
                        LedgerChain.open("t", BUDGET).head(),
                        LedgerChain.open("u", BUDGET).head(),
                        LedgerChain.open("t", PrivacyBudget.ofEpsilon(8, 1e-5)).head(),
                        LedgerChain.open("t", PrivacyBudget.ofEpsilon(4.72838699, 1e-6))
                                .head()))
                .doesNotHaveDuplicates();
    }

    @Test
    void contains_publishedHead_tellsAStaleChain() {
        LedgerChain chain = LedgerChain.open("t", BUDGET);
        chain.reserve(release(1), INPUT, 0.1);
        LedgerChain savepoint = LedgerChain.deserialize(chain.serialize());
        chain.commit(release(1), INPUT);
        assertThat(chain.contains(savepoint.head())).isTrue();
        assertThat(savepoint.contains(chain.head())).isFalse();
    }

    @Test
    void replay_entryMissingSwappedOrForeign_isBroken() {
        LedgerChain chain = sample();
        List<LedgerEntry> entries = chain.entries();
        assertThat(LedgerChain.replay("t", BUDGET, entries).head()).isEqualTo(chain.head());
        for (int i = 0; i < entries.size() - 1; i++) {
            List<LedgerEntry> without = new ArrayList<>(entries);
            without.remove(i);
            assertBroken(() -> LedgerChain.replay("t", BUDGET, without));
            List<LedgerEntry> swapped = new ArrayList<>(entries);
            swapped.set(i, entries.get(i + 1));
            swapped.set(i + 1, entries.get(i));
            assertBroken(() -> LedgerChain.replay("t", BUDGET, swapped));
        }
        assertBroken(() -> LedgerChain.replay("u", BUDGET, entries));
        assertBroken(() -> LedgerChain.replay("t", PrivacyBudget.ofEpsilon(9, 1e-5), entries));
    }

    @Test
    void replay_chargeThatNeverFitted_isBroken() {
        LedgerEntry forged = LedgerEntry.following(
                LedgerChain.open("t", BUDGET).head(), LedgerEntry.Kind.RESERVE, release(1), INPUT, 0.6);
        assertThatThrownBy(() -> LedgerChain.replay("t", BUDGET, List.of(forged)))
                .isInstanceOf(BrokenLedgerException.class)
                .hasMessageContaining("could not have been written");
    }

    @Test
    void entry_fieldAltered_cannotBeMade() {
        LedgerEntry entry = sample().entries().get(0);
        assertThatThrownBy(() -> new LedgerEntry(
                        entry.releaseId(), entry.inputHash(), 0.01, entry.kind(), entry.previousHash(), entry.hash()))
                .isInstanceOf(BrokenLedgerException.class)
                .hasMessageContaining("altered");
    }

    @Test
    void deserialize_serialized_isTheSameLedger() {
        LedgerChain chain = sample();
        LedgerChain copy = LedgerChain.deserialize(chain.serialize());
        assertThat(copy.entries()).isEqualTo(chain.entries());
        assertThat(copy.task()).isEqualTo("t");
        assertThat(copy.budget()).isEqualTo(BUDGET);
        assertThat(copy.spentRho()).isEqualTo(chain.spentRho());
        assertThat(copy.head()).isEqualTo(chain.head());
        LedgerChain empty =
                LedgerChain.deserialize(LedgerChain.open("t", BUDGET).serialize());
        assertThat(empty.entries()).isEmpty();
    }

    @Test
    void deserialize_anyBitFlipped_isBroken() {
        byte[] bytes = sample().serialize();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] altered = bytes.clone();
            altered[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatThrownBy(() -> LedgerChain.deserialize(altered))
                    .as("bit %d", bit)
                    .isInstanceOf(BrokenLedgerException.class);
        }
    }

    @Test
    void deserialize_cutOrLengthened_isBroken() {
        byte[] bytes = sample().serialize();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertBroken(() -> LedgerChain.deserialize(cut));
        }
        assertBroken(() -> LedgerChain.deserialize(Arrays.copyOf(bytes, bytes.length + 1)));
    }

    private static LedgerChain sample() {
        LedgerChain chain = LedgerChain.open("t", BUDGET);
        chain.reserve(release(1), INPUT, 0.1);
        chain.commit(release(1), INPUT);
        chain.reserve(release(2), OTHER, 0.2);
        chain.reserve(release(4), OTHER, 0.05);
        return chain;
    }

    private static void assertBroken(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(BrokenLedgerException.class)
                .hasMessageStartingWith("broken privacy ledger: ");
    }

    private static LedgerEntry appended(LedgerDecision decision) {
        assertThat(decision).isInstanceOf(LedgerDecision.Appended.class);
        return ((LedgerDecision.Appended) decision).entry();
    }

    private static String refused(LedgerDecision decision) {
        assertThat(decision.accepted()).isFalse();
        return ((LedgerDecision.Refused) decision).reason();
    }

    private static ReleaseId release(int round) {
        return new ReleaseId("t", round);
    }

    private static Digest digest(String text) {
        return Digest.sha256(text.getBytes(StandardCharsets.UTF_8));
    }
}
