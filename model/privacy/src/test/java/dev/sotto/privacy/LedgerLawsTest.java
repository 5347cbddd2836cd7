package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Laws of the ledger under any sequence of requests, with a crash and a reload after each. */
class LedgerLawsTest {
    private static final PrivacyBudget BUDGET = PrivacyBudget.ofEpsilon(4.72838699, 1e-5);

    record Request(boolean commit, int round, byte input, double rho) {
        Digest inputHash() {
            return Digest.sha256(new byte[] {input});
        }

        LedgerDecision of(LedgerChain chain) {
            ReleaseId release = new ReleaseId("t", round);
            return commit ? chain.commit(release, inputHash()) : chain.reserve(release, inputHash(), rho);
        }
    }

    @Provide
    Arbitrary<List<Request>> requests() {
        return Combinators.combine(
                        Arbitraries.of(true, false, false),
                        Arbitraries.integers().between(1, 6),
                        Arbitraries.bytes().between((byte) 0, (byte) 1),
                        Arbitraries.of(0.05, 0.1, 0.3))
                .as(Request::new)
                .list()
                .ofMaxSize(40);
    }

    @Property(tries = 150)
    void anyRequests_reloadedAfterEach_chargeEachReleaseOnceWithinTheBudget(
            @ForAll("requests") List<Request> requests) {
        LedgerChain chain = LedgerChain.open("t", BUDGET);
        Map<Integer, Double> charged = new HashMap<>();
        for (Request request : requests) {
            double before = chain.spentRho();
            List<LedgerEntry> prefix = chain.entries();
            LedgerDecision decision = request.of(chain);
            if (decision instanceof LedgerDecision.Appended && !request.commit()) {
                assertThat(charged.put(request.round(), request.rho())).isNull();
            } else {
                assertThat(chain.spentRho()).isEqualTo(before);
            }
            assertThat(chain.entries().subList(0, prefix.size())).isEqualTo(prefix);
            chain = LedgerChain.deserialize(chain.serialize());
        }
        double total =
                charged.values().stream().mapToDouble(Double::doubleValue).sum();
        assertThat(chain.spentRho()).isCloseTo(total, within(1e-12));
        assertThat(chain.spentEpsilon()).isLessThanOrEqualTo(BUDGET.epsilon());
    }

    @Property(tries = 150)
    void anyRequests_allRepeated_changeNothing(@ForAll("requests") List<Request> requests) {
        LedgerChain chain = LedgerChain.open("t", BUDGET);
        List<Request> accepted = requests.stream()
                .filter(request -> request.of(chain).accepted())
                .toList();
        Digest head = chain.head();
        double spent = chain.spentRho();
        for (Request request : accepted) {
            assertThat(request.of(chain)).isInstanceOf(LedgerDecision.Repeated.class);
        }
        assertThat(chain.head()).isEqualTo(head);
        assertThat(chain.spentRho()).isEqualTo(spent);
    }
}
