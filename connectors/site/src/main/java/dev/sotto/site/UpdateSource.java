package dev.sotto.site;

import static dev.sotto.site.RefusedStepException.unless;

import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ModelManifest;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/**
 * The update that a site sends in a round: a late one of a round before, if the task takes such and there is one, else one
 * that is trained now. Where the task takes late updates each is kept until a sum has it or it is too old: not among the
 * survivors means in nobody's sum, so an update is never in two. Not thread-safe.
 */
final class UpdateSource {
    private final SiteContext site;

    UpdateSource(SiteContext site) {
        this.site = site;
    }

    private int maxStaleness() {
        return site.task().rounds().maxStaleness();
    }

    /** Erases a kept update that is too late for a round. */
    void forgetTooOld(OpenRound round) {
        kept().ifPresent(update -> {
            if (round.number() - update.round() > maxStaleness()) {
                site.journal().forgetUpdate();
            }
            update.destroy();
        });
    }

    private Optional<KeptUpdate> kept() {
        return maxStaleness() == 0 ? Optional.empty() : site.journal().keptUpdate();
    }

    /**
     * The update for a round; the caller erases it.
     *
     * @throws RefusedStepException if the round's model is not the announced one
     * @throws SkippedRoundException if training fails, or lasts past the deadline
     */
    KeptUpdate next(OpenRound round) throws RefusedStepException, SkippedRoundException {
        Optional<KeptUpdate> late = kept();
        if (late.isPresent()) {
            site.progress()
                    .on(new SiteEvent.SendsLate(round.number(), late.get().round()));
            return late.get();
        }
        KeptUpdate update = train(round);
        if (maxStaleness() > 0) {
            site.journal().keepUpdate(update);
        }
        if (site.past(round.deadline())) {
            update.destroy();
            throw new SkippedRoundException(
                    maxStaleness() > 0
                            ? "its deadline passed while training; the update is kept for the next"
                            : "its deadline passed while training; train on fewer examples or more threads");
        }
        return update;
    }

    private KeptUpdate train(OpenRound round) throws RefusedStepException, SkippedRoundException {
        Checkpoint model = fetch(round);
        try {
            LocalUpdate.TrainedUpdate trained = site.update().train(new LocalUpdate.RoundTerms(round.id(), model));
            site.progress().on(new SiteEvent.Trained(round.number(), trained.examples(), trained.meanLoss()));
            return new KeptUpdate(round.number(), trained.delta(), trained.metrics());
        } catch (IllegalArgumentException | IllegalStateException e) {
            // For example a loss that is not finite: the next round starts from another model.
            throw new SkippedRoundException("training failed: " + e.getMessage());
        }
    }

    /**
     * That the model is the announced one coordination has signed. Where the site knows the keys of those who publish models, it
     * asks for their signature too: coordination alone can then not make it train from a model of its own.
     */
    private void requireSignature(Checkpoint model, OpenRound round) throws RefusedStepException {
        if (site.trust().server(Trust.OPERATOR).isPresent()
                || site.trust().server(Trust.AGGREGATION).isPresent()) {
            Optional<String> objection = model.objection(site.trust());
            unless(
                    objection.isEmpty(),
                    Refusal.BAD_MODEL,
                    "the model of round %d: %s".formatted(round.number(), objection.orElse("")));
        }
    }

    private Checkpoint fetch(OpenRound round) throws RefusedStepException {
        TaskDefinition task = site.task();
        try {
            Checkpoint model = site.models().get(URI.create(round.modelLocation()), round.modelSha256());
            ModelManifest manifest = model.manifest();
            unless(
                    manifest.task().equals(task.task())
                            && manifest.version() == round.modelVersion()
                            && manifest.base().equals(task.base())
                            && manifest.toDesign().equals(task.design()),
                    Refusal.BAD_MODEL,
                    "the model at %s is version %d of task %s with another shape or version than round %d announced"
                            .formatted(round.modelLocation(), manifest.version(), manifest.task(), round.number()));
            requireSignature(model, round);
            return model;
        } catch (IOException | IllegalArgumentException e) {
            throw new RefusedStepException(
                    Refusal.BAD_MODEL, "the model of round %d: %s".formatted(round.number(), e.getMessage()));
        }
    }
}
