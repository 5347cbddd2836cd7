package dev.sotto.contracts.audit;

import static dev.sotto.contracts.audit.Verdicts.assertFinds;
import static dev.sotto.contracts.audit.Verdicts.assertFindsOne;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.Beacon;
import dev.sotto.contracts.avro.BlockAborted;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.contracts.avro.CohortMember;
import dev.sotto.contracts.avro.Enrol;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Reveal;
import dev.sotto.contracts.avro.Roster;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.contracts.avro.SiteBundle;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class BlockCheatTest {
    private static final SiteId SITE = new SiteId("bank-c");

    private final History history = new History(AuditTasks.task(), 8);

    private void offer(Consumer<BlockOffer> change) {
        history.cheat(Kind.BLOCK_OFFER, 1, BlockOffer.class, change);
    }

    @Test
    void offer_ofAnotherTaskDefinition_isFound() {
        offer(offer -> offer.setTaskHash(History.buffer(History.random(32))));
        history.block(false);
        assertFindsOne(history.audit(), Rule.TASK_CHANGED, Kind.BLOCK_OFFER);
    }

    @Test
    void offer_withALowerThreshold_isFound() {
        // No majority, so that no site could deal under it either, which is what the second finding says.
        offer(offer -> offer.setThreshold(4));
        history.offer(false);
        assertFinds(history.audit(), Rule.THRESHOLD, Rule.TERMS);
    }

    @Test
    void offer_withAThresholdBelowWhatColludersNeed_isFound() {
        History colluding = new History(AuditTasks.with("colluding: 0,", "colluding: 0.3,"), 8);
        colluding.block(false);
        assertFindsOne(colluding.audit(), Rule.THRESHOLD, Kind.BLOCK_OFFER);
    }

    @Test
    void offer_withASparserGraph_isFound() {
        offer(offer -> {
            offer.setDegree(2);
            offer.setThreshold(2);
        });
        history.block(true);
        assertFinds(history.audit(), Rule.GRAPH, Rule.THRESHOLD);
    }

    @Test
    void offer_withASiteThatNobodyTrusts_isFound() {
        History strangers = new History(AuditTasks.task(), 9);
        SiteId stranger = new SiteId("bank-i");
        offer(offer -> {
            Enrol enrol = new Enrol(1, History.buffer(History.random(32)), History.buffer(History.random(32)));
            byte[] signed = strangers.signed(stranger, Kind.ENROL, TranscriptPosition.START, enrol);
            offer.getCohort().add(new CohortMember("bank-i", enrol.getEncryptionKey(), History.buffer(signed)));
        });
        history.offer(false);
        Finding finding = assertFindsOne(history.audit(), Rule.MEMBER, Kind.BLOCK_OFFER);
        assertThat(finding.expected()).contains("bank-i");
        assertThat(finding.found()).contains("no trusted key");
    }

    @Test
    void offer_withAnotherEncryptionKeyThanTheSiteEnrolledWith_isFound() {
        offer(offer -> offer.getCohort()
                .get(2)
                .setEncryptionKey(offer.getCohort().get(3).getEncryptionKey()));
        history.offer(false);
        assertFindsOne(history.audit(), Rule.MEMBER, Kind.BLOCK_OFFER);
    }

    @Test
    void offer_withAnOldEnrolment_isFound() {
        history.cheat(Kind.BLOCK_OFFER, 2, BlockOffer.class, offer -> offer.getCohort()
                .set(0, firstOffer().getCohort().get(0)));
        history.offer(false);
        history.append(Kind.BLOCK_ABORTED, new BlockAborted(1, "too few bundles"));
        history.offer(false);
        assertFindsOne(history.audit(), Rule.MEMBER, Kind.BLOCK_OFFER);
    }

    private BlockOffer firstOffer() {
        return History.payload(history.opened(history.rounds.get(0).value()), BlockOffer.class);
    }

    @Test
    void offer_toASiteThatWasShownAnotherTranscript_isFound() {
        TranscriptPosition elsewhere = new TranscriptPosition(1, History.random(32));
        history.cheat(Kind.BLOCK_OFFER, 2, BlockOffer.class, offer -> {
            CohortMember member = offer.getCohort().get(2);
            Enrol enrol = History.payload(history.opened(AvroCodec.bytes(member.getEnrolment())), Enrol.class);
            member.setEnrolment(History.buffer(history.signed(SITE, Kind.ENROL, elsewhere, enrol)));
        });
        history.abortedBlock();
        history.offer(false);
        assertFindsOne(history.audit(), Rule.OTHER_TRANSCRIPT, Kind.BLOCK_OFFER);
    }

    @Test
    void offer_withMoreRoundsThanAgreed_isFound() {
        offer(offer -> offer.setRounds(3));
        history.block(false);
        assertFindsOne(history.audit(), Rule.BLOCK_ROUNDS, Kind.BLOCK_OFFER);
    }

    @Test
    void offer_toTooFew_isFound() {
        offer(offer -> {
            offer.getCohort().subList(3, 8).clear();
            offer.setThreshold(3);
        });
        history.offer(false);
        assertFindsOne(history.audit(), Rule.COHORT, Kind.BLOCK_OFFER);
    }

    @Test
    void offer_ofUsedBlockAndRoundNumbers_isFound() {
        history.cheat(Kind.BLOCK_OFFER, 2, BlockOffer.class, offer -> offer.setFirstRound(1));
        history.block(false);
        history.round();
        history.open();
        history.abort();
        history.offer(false);
        assertFindsOne(history.audit(), Rule.ROUND_NUMBER, Kind.BLOCK_OFFER);
    }

    @Test
    void block_numbersThatDoNotFollow_areFound() {
        history.cheat(Kind.BLOCK_ABORTED, 1, BlockAborted.class, aborted -> aborted.setBlock(7));
        history.abortedBlock();
        assertFindsOne(history.audit(), Rule.BLOCK_NUMBER, Kind.BLOCK_ABORTED);
        History again = new History(AuditTasks.task(), 8);
        again.abortedBlock();
        again.cheat(Kind.BLOCK_OFFER, 2, BlockOffer.class, offer -> offer.setBlock(1));
        again.offer(false);
        // The enrolments are for block 2, so that they give it away too.
        assertFinds(again.audit(), Rule.BLOCK_NUMBER, Rule.MEMBER);
    }

    @Test
    void offer_aNinthDrawWithoutASeal_isFound() {
        for (int draw = 1; draw <= 8; draw++) {
            history.abortedBlock();
        }
        assertThat(history.audit().findings()).isEmpty();
        history.block(true);
        assertFindsOne(history.audit(), Rule.DRAWS, Kind.BLOCK_OFFER);
    }

    @Test
    void beacon_groundByLeavingARevealOut_isFound() {
        history.cheat(
                Kind.BEACON, 1, Beacon.class, beacon -> beacon.getReveals().remove(7));
        history.block(true);
        Finding finding = assertFindsOne(history.audit(), Rule.BEACON, Kind.BEACON);
        assertThat(finding.found()).contains("7 reveals; its cohort has 8");
    }

    @Test
    void beacon_withANonceRevealedUnderAnotherOffer_isFound() {
        TranscriptPosition elsewhere = new TranscriptPosition(1, History.random(32));
        history.cheat(Kind.BEACON, 1, Beacon.class, beacon -> {
            Reveal reveal = History.payload(
                    history.opened(AvroCodec.bytes(beacon.getReveals().get(2))), Reveal.class);
            beacon.getReveals().set(2, History.buffer(history.signed(SITE, Kind.REVEAL, elsewhere, reveal)));
        });
        history.block(true);
        assertFindsOne(history.audit(), Rule.OTHER_TRANSCRIPT, Kind.BEACON);
    }

    @Test
    void beacon_withAnotherNonceThanCommittedTo_isFound() {
        history.cheat(Kind.BEACON, 1, Beacon.class, beacon -> {
            Reveal reveal = new Reveal(1, History.buffer(History.random(32)));
            beacon.getReveals().set(2, History.buffer(history.signed(SITE, Kind.REVEAL, history.position, reveal)));
        });
        history.block(true);
        assertFindsOne(history.audit(), Rule.BEACON, Kind.BEACON);
    }

    @Test
    void roster_aBundleReplacedByOneOfAnotherBlock_isFound() {
        history.block(false);
        ByteBuffer old = History.buffer(history.bundles.get(SITE).value());
        history.open();
        history.abort();
        history.open();
        history.abort();
        history.cheat(Kind.ROSTER, 8 + 3, Roster.class, roster -> roster.setBundle(old));
        history.block(false);
        AuditReport report = history.audit();
        // The seal is over the bundle that the site has sent, so it does not hold either.
        assertFinds(report, Rule.BUNDLE, Rule.OTHER_TRANSCRIPT, Rule.SEAL);
    }

    @Test
    void roster_anAlteredBundle_isFound() {
        history.cheat(Kind.ROSTER, 3, Roster.class, roster -> {
            byte[] altered = AvroCodec.bytes(roster.getBundle());
            altered[altered.length / 2] ^= 1;
            roster.setBundle(History.buffer(altered));
        });
        history.block(false);
        assertFinds(history.audit(), Rule.BUNDLE, Rule.SEAL);
    }

    @Test
    void roster_aSecondBundleOfASite_isFound() {
        history.deal(history.offer(false));
        SignedRecord first = history.bundles.get(SITE);
        SiteBundle other = History.payload(first, SiteBundle.class);
        other.getRounds().get(0).setMaskKey(History.buffer(History.random(32)));
        byte[] second = history.signed(SITE, Kind.BUNDLE, first.position(), other);
        history.append(Kind.ROSTER, new Roster(1, History.buffer(second)));
        assertFindsOne(history.audit(), Rule.BUNDLE, Kind.ROSTER);
    }

    @Test
    void seal_ofAnotherBlock_isFound() {
        byte[] other = History.random(32);
        history.cheat(Kind.SEAL, 1, Seal.class, seal -> seal.setSealHash(History.buffer(other)));
        history.block(false);
        history.round();
        assertFindsOne(history.audit(), Rule.SEAL, Kind.SEAL);
    }

    @Test
    void seal_withoutAMemberWhoseBundleIsThere_isFound() {
        history.cheat(Kind.SEAL, 1, Seal.class, seal -> seal.getMembers().remove("bank-c"));
        history.block(false);
        assertFindsOne(history.audit(), Rule.SEAL, Kind.SEAL);
    }

    @Test
    void seal_missing_makesItsRoundsAFinding() {
        history.omit(Kind.SEAL, 1);
        history.block(false);
        history.round();
        AuditReport report = history.audit();
        Finding finding = assertFindsOne(report, Rule.ORDER, Kind.ROUND_OPEN);
        assertThat(finding.found()).contains("ROUND_OPEN in stage DEALING");
        assertThat(report.uninterpreted()).isEqualTo(3);
        assertThat(report.blocks().get(0).standing()).isEqualTo(Standing.FINDINGS);
    }

    @Test
    void bundles_ofACohortThatSawAnotherOffer_areFound() {
        List<TranscriptEntry> entries = new ArrayList<>();
        History.Offered offered = history.offer(false);
        TranscriptPosition real = history.position;
        history.position = new TranscriptPosition(real.sequence(), History.random(32));
        entries.addAll(history.rounds);
        history.deal(offered);
        // The roster is written again behind the real offer.
        history.position = real;
        for (SignedRecord bundle : history.bundles.values()) {
            history.append(Kind.ROSTER, new Roster(1, History.buffer(bundle.value())));
            entries.add(history.rounds.get(history.rounds.size() - 1));
        }
        AuditReport report = history.audit(entries);
        assertFinds(report, Rule.OTHER_TRANSCRIPT);
        assertThat(report.findings()).hasSize(8);
    }
}
