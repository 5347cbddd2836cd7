package dev.sotto.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Roster;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rosters and seals with a lie: the site sits the block out. */
class RosterRefusalTest {
    private static final ByteBuffer ZERO = ByteBuffer.allocate(32);

    @TempDir
    Path models;

    private Federation federation;
    private Federation.Member bankA;

    @BeforeEach
    void found() throws Exception {
        federation = new Federation(models);
        bankA = federation.member("bank-a");
    }

    @Test
    void roster_withAnAlteredBundle_isRefused() throws Exception {
        federation.offerBlock(1, 1, untouched -> {});
        byte[] altered = federation.server.bundles(1).get(new SiteId("bank-b"));
        altered[altered.length / 2] ^= 1;
        federation.coordination.roster(1, altered);
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.BAD_BUNDLE);
        assertThat(bankA.runner.state()).isEqualTo(new SiteState.SittingOut(1, 2));
    }

    @Test
    void roster_withSomethingElseAMemberSigned_isRefused() throws Exception {
        federation.offerBlock(1, 1, untouched -> {});
        federation.coordination.append(
                Kind.ROSTER,
                new Roster(1, ByteBuffer.wrap(federation.server.enrolments(1).get(new SiteId("bank-b")))));
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.BAD_BUNDLE);
    }

    @Test
    void roster_withAnotherBundleOfThisSite_isRefused() throws Exception {
        federation.offerBlock(1, 1, untouched -> {});
        SortedMap<SiteId, byte[]> bundles = new TreeMap<>(federation.server.bundles(1));
        // Its own payload, signed by it at another place in the transcript, as after a lost state.
        byte[] forged = federation
                .parties
                .signer(bankA.id)
                .sealBytes(
                        federation.parties.task.id(),
                        Kind.BUNDLE,
                        TranscriptPosition.START,
                        federation.verifier().open(bundles.get(bankA.id)).payload(SiteBundle.class));
        bundles.put(bankA.id, forged);
        for (byte[] bundle : bundles.values()) {
            federation.coordination.roster(1, bundle);
        }
        federation.coordination.seal(1, bundles.values(), untouched -> {});
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.OWN_BUNDLE_REPLACED);
    }

    static Stream<Arguments> seals() {
        return Stream.of(
                Arguments.of(Refusal.BAD_SEAL, (Consumer<Seal>) seal -> seal.setSealHash(ZERO)),
                Arguments.of(Refusal.BAD_SEAL, (Consumer<Seal>) seal -> seal.setBlock(2)),
                Arguments.of(Refusal.BAD_SEAL, (Consumer<Seal>)
                        seal -> seal.getMembers().remove("bank-d")),
                Arguments.of(Refusal.BAD_SEAL, (Consumer<Seal>)
                        seal -> seal.getMembers().add("bank-d")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("seals")
    void seal_withALie_isRefused(Refusal refusal, Consumer<Seal> change) throws Exception {
        federation.offerBlock(1, 1, untouched -> {});
        for (byte[] bundle : federation.server.bundles(1).values()) {
            federation.coordination.roster(1, bundle);
        }
        federation.coordination.seal(1, federation.server.bundles(1).values(), change);
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(refusal);
        federation.open(1, 1, untouched -> {});
        assertThat(federation.server.manifests(1)).isEmpty();
    }

    @Test
    void seal_overFewerThanTheCohortMinimum_isRefused() throws Exception {
        federation.offerBlock(1, 1, untouched -> {});
        List<byte[]> two = List.copyOf(federation.server.bundles(1).values()).subList(0, 2);
        for (byte[] bundle : two) {
            federation.coordination.roster(1, bundle);
        }
        federation.coordination.seal(1, two, untouched -> {});
        federation.catchUp();
        assertThat(bankA.refusals()).containsExactly(Refusal.COHORT_TOO_SMALL);
    }
}
