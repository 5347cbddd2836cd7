package dev.sotto.site;

import static dev.sotto.site.RefusedStepException.unless;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.federation.EncodingSettings;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.RoundGroups;
import dev.sotto.secagg.RoundId;
import dev.sotto.secagg.SiteId;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Holds an opened round against the sealed block and this site's own task file. Stateless. */
final class RoundCheck {
    private static final int HASH = 32;

    private final TaskDefinition task;

    RoundCheck(TaskDefinition task) {
        this.task = task;
    }

    /**
     * The round, if this site takes its terms.
     *
     * @param lastOpened the newest round opened before, 0 if none
     * @param opened the transcript position of the record
     * @throws RefusedStepException with the first reason found not to
     */
    OpenRound check(SealedBlock block, int lastOpened, RoundOpen open, TranscriptPosition opened)
            throws RefusedStepException {
        int number = open.getRound();
        unless(
                open.getBlock() == block.number()
                        && number > lastOpened
                        && block.terms().contains(block.round(Math.max(1, number))),
                Refusal.WRONG_ROUND,
                "round %d of block %d is opened; block %d has rounds %d to %d and the newest opened was %d"
                        .formatted(
                                number,
                                open.getBlock(),
                                block.number(),
                                block.terms().firstRound(),
                                block.lastRound(),
                                lastOpened));
        checkSettings(block, open);
        SortedSet<SiteId> announced = announced(block, open);
        byte[] model = AvroCodec.bytes(open.getModelSha256());
        unless(model.length == HASH, Refusal.BAD_MODEL, "the model's hash has %d bytes".formatted(model.length));
        RoundId id = block.round(number);
        return new OpenRound(
                id,
                opened,
                open.getModelVersion(),
                model,
                open.getModelLocation(),
                groups(block, id, announced, open),
                open.getClipNorm(),
                open.getDeadline());
    }

    private void checkSettings(SealedBlock block, RoundOpen open) throws RefusedStepException {
        EncodingSettings encoding = task.encoding();
        List<Object> offered = List.of(
                open.getEntries(),
                open.getChunkEntries(),
                open.getRingBits(),
                open.getScale(),
                open.getSigma(),
                open.getMinSurvivors());
        List<Object> agreed = List.of(
                task.chunks().entries(),
                encoding.chunkEntries(),
                encoding.ringBits(),
                encoding.scale(),
                task.sigma(),
                task.rounds().minSurvivors());
        unless(
                offered.equals(agreed),
                Refusal.ROUND_CHANGED,
                "round %d has entries, chunk, ring, scale, sigma and survivors %s but the task has %s"
                        .formatted(open.getRound(), offered, agreed));
        unless(
                encoding.admitsClip(open.getClipNorm()),
                Refusal.ROUND_CHANGED,
                "round %d has the clip norm %s but the task has %s%s"
                        .formatted(
                                open.getRound(),
                                open.getClipNorm(),
                                encoding.clipNorm(),
                                encoding.adaptive() == null ? "" : ", to begin with"));
        unless(
                Arrays.equals(AvroCodec.bytes(open.getTaskHash()), task.sha256()),
                Refusal.TASK_CHANGED,
                "round %d is opened under another task definition".formatted(open.getRound()));
        unless(
                Arrays.equals(AvroCodec.bytes(open.getSealHash()), block.sealHash()),
                Refusal.BAD_SEAL,
                "round %d is opened under another seal".formatted(open.getRound()));
    }

    private SortedSet<SiteId> announced(SealedBlock block, RoundOpen open) throws RefusedStepException {
        SortedSet<SiteId> announced = new TreeSet<>();
        try {
            for (String site : open.getAnnounced()) {
                unless(
                        announced.add(new SiteId(site)),
                        Refusal.BAD_ANNOUNCEMENT,
                        "round %d announces %s twice".formatted(open.getRound(), site));
            }
        } catch (IllegalArgumentException e) {
            throw new RefusedStepException(Refusal.BAD_ANNOUNCEMENT, "an announced site: " + e.getMessage());
        }
        unless(
                block.members().containsAll(announced),
                Refusal.BAD_ANNOUNCEMENT,
                "round %d announces %s; the block's members are %s"
                        .formatted(open.getRound(), announced, block.members()));
        BlockTerms terms = block.terms();
        int least = task.leastSites(
                terms.cohort().size(), terms.threshold(), terms.graph().isComplete());
        unless(
                announced.size() >= least,
                Refusal.BAD_ANNOUNCEMENT,
                "round %d announces %d sites; it takes %d".formatted(open.getRound(), announced.size(), least));
        return announced;
    }

    private RoundGroups groups(SealedBlock block, RoundId id, SortedSet<SiteId> announced, RoundOpen open)
            throws RefusedStepException {
        int agreed = block.terms().graph().isComplete() ? task.groups(announced.size()) : 1;
        unless(
                open.getGroups() == agreed,
                Refusal.ROUND_CHANGED,
                "round %d has %d groups; the task has %d for %d announced sites"
                        .formatted(open.getRound(), open.getGroups(), agreed, announced.size()));
        return RoundGroups.draw(block.sealHash(), id, announced, agreed);
    }
}
