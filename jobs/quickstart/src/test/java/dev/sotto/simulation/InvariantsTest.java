package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.aggregation.Partial;
import dev.sotto.coordination.function.Types;
import dev.sotto.coordination.protocol.LedgerBook;
import dev.sotto.privacy.LedgerChain;
import dev.sotto.privacy.LedgerEntry;
import dev.sotto.secagg.Ring;
import dev.sotto.secagg.SiteId;
import dev.sotto.simulation.stream.StreamJob;
import java.util.List;
import java.util.Optional;
import org.apache.flink.statefun.sdk.java.ValueSpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each invariant with the component that upholds it broken: some schedule then violates it, and it is the first that fails.
 * So no invariant holds for want of trying.
 */
class InvariantsTest {
    private static final int MOST = 150;

    /** What is broken, and what must notice. */
    enum Broken {
        /** Combiners add every chunk twice, as without a memory of what they have seen. */
        REPEATS_ADDED(SumIsExact.class, 1, new Breakage() {
            @Override
            Settings settings(Settings drawn) {
                return profile(Settings.Profile.FAULTS).settings(Settings.Profile.FAULTS);
            }

            @Override
            StreamJob.Meddler stream() {
                return (from, to, value) -> List.of(value instanceof Partial partial ? doubled(partial) : value);
            }

            private Partial doubled(Partial partial) {
                Ring ring = new Ring(32);
                int[] sum = new int[partial.entries().length / Integer.BYTES];
                ring.add(partial.entries(), 0, sum, 0, sum.length);
                ring.add(partial.entries(), 0, sum, 0, sum.length);
                byte[] entries = new byte[partial.entries().length];
                ring.pack(sum, 0, sum.length, entries, 0);
                return new Partial(
                        partial.task(), partial.round(), partial.chunk(), partial.group(), partial.sites(), entries);
            }
        }),

        /** The task reckons with no colluders, and there is one. */
        THRESHOLD_TOO_LOW(NeverBothSecrets.class, 1, new Breakage() {
            @Override
            Settings settings(Settings drawn) {
                Settings.Draft draft = profile(Settings.Profile.LYING_SERVER);
                draft.sites = 5;
                draft.colluding = 0;
                draft.colluders = 1;
                return draft.settings(Settings.Profile.LYING_SERVER);
            }
        }),

        /** Sites do not keep their answers. */
        ANSWERS_FORGOTTEN(OneAnswerPerRound.class, 1, new Breakage() {
            @Override
            Settings settings(Settings drawn) {
                return profile(Settings.Profile.LYING_SERVER).settings(Settings.Profile.LYING_SERVER);
            }

            @Override
            Optional<byte[]> written(SiteId site, String name, byte[] bytes) {
                return name.endsWith(".answer") ? Optional.empty() : Optional.of(bytes);
            }
        }),

        /** Sites do not keep their uploads. */
        UPLOADS_FORGOTTEN(OneUploadPerRound.class, 1, new Breakage() {
            @Override
            Settings settings(Settings drawn) {
                return profile(Settings.Profile.FAULTS).settings(Settings.Profile.FAULTS);
            }

            @Override
            Optional<byte[]> written(SiteId site, String name, byte[] bytes) {
                return name.endsWith(".upload") ? Optional.empty() : Optional.of(bytes);
            }
        }),

        /** The broker stamps records with the producer's time. */
        PRODUCERS_BELIEVED(NobodyLateInTheSum.class, 1, new Breakage() {
            @Override
            Settings settings(Settings drawn) {
                Settings.Draft draft = profile(Settings.Profile.FAULTS);
                draft.uploadSeconds = 5;
                return draft.settings(Settings.Profile.FAULTS);
            }

            @Override
            boolean believesProducers() {
                return true;
            }
        }),

        /** Sites remember nothing from one start to the next. */
        JOURNALS_LOST(TranscriptHasNoFork.class, 1, new Breakage() {
            @Override
            Settings settings(Settings drawn) {
                return profile(Settings.Profile.LYING_SERVER).settings(Settings.Profile.LYING_SERVER);
            }

            @Override
            boolean forgets(SiteId site) {
                return true;
            }
        }),

        /** The ledger forgets all that it has charged but the round that is under way. */
        LEDGER_FORGETS(BudgetNeverExceeded.class, 1, new Breakage() {
            @Override
            Settings settings(Settings drawn) {
                Settings.Draft draft = profile(Settings.Profile.FAULTS);
                // Enough for two rounds of three.
                draft.budgetEpsilon = 8;
                return draft.settings(Settings.Profile.FAULTS);
            }

            @Override
            FunctionRuntime.Meddler functions() {
                return new FunctionRuntime.Meddler() {
                    @Override
                    public Object instead(ValueSpec<?> of, Object value) {
                        return of.name().equals(Types.LEDGER.name()) ? forgetful((LedgerBook) value) : value;
                    }
                };
            }

            private LedgerBook forgetful(LedgerBook book) {
                LedgerChain chain = LedgerChain.deserialize(book.chain());
                LedgerEntry last = chain.entries().get(chain.entries().size() - 1);
                if (last.kind() != LedgerEntry.Kind.RESERVE
                        || book.readBack() != chain.entries().size()) {
                    return book;
                }
                LedgerChain forgotten = LedgerChain.open(chain.task(), chain.budget());
                forgotten.reserve(last.releaseId(), last.inputHash(), last.rho());
                return new LedgerBook(forgotten.serialize(), 1, book.awaited(), book.stopped());
            }
        }),

        /** Aggregation's closed windows are never announced. */
        CLOSES_LOST(RoundEndsOrAborts.class, 1, new Breakage() {
            @Override
            Settings settings(Settings drawn) {
                return profile(Settings.Profile.FAULTS).settings(Settings.Profile.FAULTS);
            }

            @Override
            StreamJob.Meddler stream() {
                return (from, to, value) -> from.equals("closer") ? List.of() : List.of(value);
            }

            @Override
            long bound() {
                return 600_000;
            }
        });

        private final Class<? extends Invariant> notices;
        private final long from;
        private final Breakage breakage;

        Broken(Class<? extends Invariant> notices, long from, Breakage breakage) {
            this.notices = notices;
            this.from = from;
            this.breakage = breakage;
        }

        private static Settings.Draft profile(Settings.Profile profile) {
            Settings.Draft draft = new Settings.Draft();
            draft.count = 3;
            draft.perBlock = 3;
            return draft;
        }
    }

    @BeforeAll
    static void rememberSignatures() {
        RememberedSignatures.install();
    }

    @ParameterizedTest
    @EnumSource
    void invariant_itsComponentBroken_isTheOneToFail(Broken broken) throws Exception {
        for (long seed = broken.from; seed < broken.from + MOST; seed++) {
            try (Schedule schedule = new Schedule(seed, broken.breakage)) {
                schedule.run();
            } catch (Violation violation) {
                assertThat(violation.invariant()).as("seed %d", seed).isInstanceOf(broken.notices);
                return;
            }
        }
        throw new AssertionError(
                "%s is not violated in %d schedules with %s".formatted(broken.notices.getSimpleName(), MOST, broken));
    }
}
