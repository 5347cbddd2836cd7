package dev.sotto.site;

import static dev.sotto.site.RefusedStepException.unless;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.SignedRecord;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Manifest;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.secagg.SiteId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Holds a list of survivors against what each of them has signed. A manifest carries the transcript position at which its
 * site was told of the round; if that is not where this site was told, the server has announced the round twice, with
 * other sites or another model, and could take the sum of a few apart. Stateless.
 */
final class SurvivorCheck {
    private final SiteContext site;

    SurvivorCheck(SiteContext site) {
        this.site = site;
    }

    /**
     * The survivors as listed.
     *
     * @param own what this site has uploaded, if it has
     * @throws RefusedStepException if one has not signed what it is said to have uploaded, or not for this round as this
     *     site knows it
     */
    List<SiteId> check(SealedBlock block, OpenRound round, Survivors request, Optional<StoredUpload> own)
            throws RefusedStepException {
        unless(
                request.getRound() == round.number(),
                Refusal.WRONG_ROUND,
                "survivors of round %d are listed in round %d".formatted(request.getRound(), round.number()));
        List<SiteId> survivors = new ArrayList<>();
        for (Survivor survivor : request.getSurvivors()) {
            byte[] manifest = AvroCodec.bytes(survivor.getManifest());
            unless(
                    own.isEmpty()
                            || !survivor.getSite().equals(site.self().value())
                            || Arrays.equals(manifest, own.get().manifest()),
                    Refusal.BAD_SURVIVORS,
                    "round %d lists another upload of this site than it sent".formatted(round.number()));
            try {
                survivors.add(new SiteId(survivor.getSite()));
                checkManifest(block, round, survivor, site.verifier().open(manifest));
            } catch (RejectedRecordException | IllegalArgumentException e) {
                throw new RefusedStepException(
                        Refusal.BAD_SURVIVORS,
                        "survivor %s of round %d: %s".formatted(survivor.getSite(), round.number(), e.getMessage()));
            }
        }
        return survivors;
    }

    private void checkManifest(SealedBlock block, OpenRound round, Survivor survivor, SignedRecord record)
            throws RefusedStepException, RejectedRecordException {
        unless(
                record.kind() == Kind.MANIFEST
                        && record.signer().equals(survivor.getSite())
                        && record.task().equals(site.task().id()),
                Refusal.BAD_SURVIVORS,
                "survivor %s of round %d comes with a %s of %s"
                        .formatted(survivor.getSite(), round.number(), record.kind(), record.signer()));
        Manifest manifest = record.payload(Manifest.class);
        unless(
                manifest.getBlock() == block.number() && manifest.getRound() == round.number(),
                Refusal.BAD_SURVIVORS,
                "survivor %s of round %d comes with its upload for round %d of block %d"
                        .formatted(survivor.getSite(), round.number(), manifest.getRound(), manifest.getBlock()));
        unless(
                record.position().equals(round.opened()),
                Refusal.SURVIVOR_SAW_ANOTHER_ROUND,
                "survivor %s of round %d has read %s where this site has read %s: the server tells two stories"
                        .formatted(survivor.getSite(), round.number(), record.position(), round.opened()));
        unless(
                manifest.getRoot().equals(survivor.getRoot())
                        && manifest.getModelSha256().equals(ByteBuffer.wrap(round.modelSha256()))
                        && manifest.getSealHash().equals(ByteBuffer.wrap(block.sealHash())),
                Refusal.BAD_SURVIVORS,
                "survivor %s of round %d has signed another upload, model or seal"
                        .formatted(survivor.getSite(), round.number()));
    }
}
