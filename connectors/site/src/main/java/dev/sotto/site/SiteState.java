package dev.sotto.site;

import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.BlockOffer;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.SiteId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Where a site is in the protocol. A state is what follows from the transcript and the journal, so a site that restarts
 * reads the running block again and is where it was.
 *
 * <table>
 * <caption>Transitions</caption>
 * <tr><th>state</th><th>on</th><th>does</th><th>then</th></tr>
 * <tr><td>Idle</td><td>end of the transcript</td><td>stores and sends ENROL for the next block</td><td>Enrolled</td></tr>
 * <tr><td>Idle</td><td>the same, paused</td><td>nothing</td><td>Idle</td></tr>
 * <tr><td>any</td><td>BLOCK_OFFER on the complete graph that it accepts</td><td>stores secrets and bundle, sends
 *     BUNDLE</td><td>Dealt</td></tr>
 * <tr><td>any</td><td>BLOCK_OFFER on a sparse graph that it accepts</td><td>stores and sends REVEAL</td><td>Revealed</td></tr>
 * <tr><td>any</td><td>BLOCK_OFFER without it, or refused</td><td>nothing</td><td>SittingOut</td></tr>
 * <tr><td>Revealed</td><td>BEACON that holds</td><td>stores secrets and bundle, sends BUNDLE</td><td>Dealt</td></tr>
 * <tr><td>Revealed</td><td>BEACON that is refused, SEAL</td><td>nothing</td><td>SittingOut</td></tr>
 * <tr><td>Dealt</td><td>ROSTER</td><td>checks the bundle</td><td>Dealt, or SittingOut if refused</td></tr>
 * <tr><td>Dealt</td><td>SEAL</td><td>checks hash and own inclusion</td><td>Sealed, or SittingOut</td></tr>
 * <tr><td>with a block, Enrolled</td><td>BLOCK_ABORTED</td><td>erases the block</td><td>Idle</td></tr>
 * <tr><td>Sealed</td><td>ROUND_OPEN that it accepts</td><td>trains or takes a late update, stores and sends the
 *     upload</td><td>InRound, uploaded</td></tr>
 * <tr><td>Sealed</td><td>ROUND_OPEN too late, without its model, or paused</td><td>nothing</td><td>InRound, not
 *     uploaded</td></tr>
 * <tr><td>Sealed</td><td>ROUND_OPEN without it or too many of its neighbours, or refused</td><td>nothing</td><td>Sealed</td></tr>
 * <tr><td>InRound</td><td>SURVIVORS that it accepts</td><td>stores and sends UNMASK</td><td>Answered</td></tr>
 * <tr><td>InRound, Answered</td><td>SURVIVORS that it refuses</td><td>nothing</td><td>the same</td></tr>
 * <tr><td>Answered</td><td>SURVIVORS, the same set</td><td>sends the stored answer</td><td>Answered</td></tr>
 * <tr><td>Sealed, InRound, Answered</td><td>ROUND_RESULT, ROUND_ABORTED</td><td>erases the round</td><td>Sealed</td></tr>
 * <tr><td>Sealed, InRound, Answered</td><td>end of the transcript, paused or resumed</td><td>sends INTENT, unless it has
 *     said so</td><td>the same</td></tr>
 * <tr><td>with a block</td><td>ROUND_RESULT, ROUND_ABORTED of its last round</td><td>erases the block</td><td>Idle</td></tr>
 * <tr><td>any</td><td>TASK_END</td><td>erases everything</td><td>Ended</td></tr>
 * </table>
 */
sealed interface SiteState {
    /** The newest block that has been offered, whether it still runs or not; 0 before the first. */
    int newestBlock();

    /** Whether a block runs, with or without this site. */
    default boolean blockRuns() {
        return true;
    }

    /** A state inside of a sealed block. */
    sealed interface InBlock extends SiteState {
        SealedBlock block();

        /** The newest round that was opened, 0 before the first. */
        int lastOpened();

        @Override
        default int newestBlock() {
            return block().number();
        }
    }

    /** No block runs. {@code newestBlock} is the newest that ended, 0 before the first. */
    record Idle(int newestBlock) implements SiteState {
        @Override
        public boolean blockRuns() {
            return false;
        }
    }

    /** The enrolment for a block is sent and waits for an offer. */
    record Enrolled(int block) implements SiteState {
        @Override
        public int newestBlock() {
            return block - 1;
        }

        @Override
        public boolean blockRuns() {
            return false;
        }
    }

    /** The nonce is revealed, under the offer at this position, and waits for the others'. */
    record Revealed(BlockOffer offer, TranscriptPosition offered) implements SiteState {
        @Override
        public int newestBlock() {
            return offer.getBlock();
        }
    }

    /** The bundle is sent; the other members' arrive. */
    record Dealt(BlockTerms terms, SortedMap<SiteId, RosterEntry> roster) implements SiteState {
        public Dealt {
            roster = Collections.unmodifiableSortedMap(new TreeMap<>(roster));
        }

        @Override
        public int newestBlock() {
            return terms.block().number();
        }
    }

    /** Between the rounds of a block. */
    record Sealed(SealedBlock block, int lastOpened) implements InBlock {}

    /** In a round. {@code uploaded} says whether an upload was sent or may have been. */
    record InRound(SealedBlock block, OpenRound round, boolean uploaded) implements InBlock {
        @Override
        public int lastOpened() {
            return round.number();
        }
    }

    /** The shares for a round are sent, for these survivors and no others. */
    record Answered(SealedBlock block, OpenRound round, boolean uploaded, SortedSet<SiteId> survivors)
            implements InBlock {
        @Override
        public int lastOpened() {
            return round.number();
        }
    }

    /** A block runs without this site, up to and with {@code lastRound}. */
    record SittingOut(int block, int lastRound) implements SiteState {
        /** A block of which no more is known than its offer says, be it a lie. */
        static SittingOut of(BlockOffer offer) {
            long last = (long) offer.getFirstRound() + offer.getRounds() - 1;
            return new SittingOut(offer.getBlock(), (int) Math.min(Integer.MAX_VALUE, last));
        }

        @Override
        public int newestBlock() {
            return block;
        }
    }

    /** The task has ended, after {@code newestBlock} blocks. */
    record Ended(int newestBlock, String reason) implements SiteState {
        @Override
        public boolean blockRuns() {
            return false;
        }
    }
}
