package dev.sotto.site;

import static dev.sotto.site.RefusedStepException.unless;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.BeaconCodec;
import dev.sotto.contracts.BlockOfferCodec;
import dev.sotto.contracts.EnvelopeVerifier;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.Beacon;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.TaskId;
import java.nio.ByteBuffer;

/** Draws a block's mask graph from the nonces that its whole cohort has revealed. Stateless. */
final class BeaconCheck {
    private final TaskId task;
    private final EnvelopeVerifier verifier;

    BeaconCheck(SiteContext site) {
        this.task = site.task().id();
        this.verifier = site.verifier();
    }

    /**
     * The terms, graph included.
     *
     * @throws RefusedStepException if the beacon is for another block, or a member's nonce is missing, is not the one it
     *     committed to, or was revealed under another offer than this site has read
     */
    BlockTerms terms(SiteState.Revealed revealed, Beacon beacon) throws RefusedStepException {
        int block = revealed.offer().getBlock();
        unless(
                beacon.getBlock() == block,
                Refusal.BAD_BEACON,
                "a beacon of block %d comes while block %d waits for its own".formatted(beacon.getBlock(), block));
        try {
            byte[] drawn = new BeaconCodec(verifier)
                    .beacon(task, revealed.offer(), revealed.offered().head(), beacon.getReveals());
            for (ByteBuffer reveal : beacon.getReveals()) {
                // Its position names the offer it was revealed under: somebody may have been shown another one.
                unless(
                        SignedPosition.of(AvroCodec.bytes(reveal)).equals(revealed.offered()),
                        Refusal.BAD_BEACON,
                        "the beacon of block %d has a nonce that was revealed under another offer".formatted(block));
            }
            return BlockOfferCodec.terms(task, revealed.offer(), drawn);
        } catch (RejectedRecordException e) {
            throw new RefusedStepException(Refusal.BAD_BEACON, "the beacon: " + e.getMessage());
        }
    }
}
