package dev.sotto.site;

import static dev.sotto.site.RefusedStepException.unless;

import dev.sotto.contracts.AvroCodec;
import dev.sotto.contracts.RecordKeys;
import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.Topics;
import dev.sotto.contracts.UnmaskCodec;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.contracts.avro.Survivor;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ModelManifest;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.secagg.BlockSecrets;
import dev.sotto.secagg.RefusedException;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.SiteUnmask;
import dev.sotto.secagg.SurvivorSet;
import dev.sotto.secagg.UnmaskAnswer;
import dev.sotto.secagg.UnmaskGuard;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** The steps of a round: train and upload once, answer once. What is sent is stored first. Not thread-safe. */
final class RoundSteps {
    private final SiteContext site;
    private final RoundCheck rounds;
    private final MaskedUpload uploads;

    RoundSteps(SiteContext site) {
        this.site = site;
        this.rounds = new RoundCheck(site.task());
        this.uploads = new MaskedUpload(site);
    }

    /** Trains and uploads, or sits the round out. */
    SiteState open(Step step, SiteState.Sealed sealed) throws RejectedRecordException, UnavailableException {
        SealedBlock block = sealed.block();
        RoundOpen open = step.record().payload(RoundOpen.class);
        OpenRound round;
        try {
            round = rounds.check(block, sealed.lastOpened(), open);
        } catch (RefusedStepException e) {
            report(step, e);
            return sealed;
        }
        int number = round.number();
        if (!round.announced().contains(site.self())) {
            skip(step, number, "this site is not announced");
            return new SiteState.Sealed(block, number);
        }
        Optional<StoredUpload> stored = site.journal().upload(block.number(), number);
        if (!step.live()) {
            return new SiteState.InRound(block, round, stored.isPresent());
        }
        if (stored.isEmpty() && site.past(round.deadline())) {
            skip(step, number, "its deadline has passed");
            return new SiteState.InRound(block, round, false);
        }
        try {
            StoredUpload upload = stored.isPresent() ? stored.get() : train(step, block, round);
            send(step, round, upload);
            return new SiteState.InRound(block, round, true);
        } catch (RefusedStepException e) {
            report(step, e);
            skip(step, number, "it was refused");
            return new SiteState.InRound(block, round, false);
        } catch (SkippedException e) {
            skip(step, number, String.valueOf(e.getMessage()));
            return new SiteState.InRound(block, round, false);
        }
    }

    /** Something that costs this site a round and is nobody's lie. */
    private static final class SkippedException extends Exception {
        private static final long serialVersionUID = 1L;

        SkippedException(String why) {
            super(why);
        }
    }

    private StoredUpload train(Step step, SealedBlock block, OpenRound round)
            throws RefusedStepException, SkippedException {
        Checkpoint model = fetch(round);
        LocalUpdate.TrainedUpdate trained = update(round, model);
        site.progress().on(new SiteEvent.Trained(round.number(), trained.examples(), trained.meanLoss()));
        if (site.past(round.deadline())) {
            Arrays.fill(trained.delta(), 0);
            throw new SkippedException("its deadline passed while training; train on fewer examples or more threads");
        }
        BlockSecrets secrets = secrets(block);
        try {
            StoredUpload upload = uploads.create(
                    block, round, secrets, trained.delta(), step.record().reached());
            site.journal().upload(block.number(), round.number(), upload);
            return upload;
        } catch (RefusedException e) {
            throw new RefusedStepException(Refusal.BAD_ANNOUNCEMENT, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new SkippedException("its update cannot be encoded: " + e.getMessage());
        } finally {
            secrets.destroy();
        }
    }

    private LocalUpdate.TrainedUpdate update(OpenRound round, Checkpoint model) throws SkippedException {
        try {
            return site.update().train(new LocalUpdate.RoundTerms(round.id(), model));
        } catch (IllegalArgumentException | IllegalStateException e) {
            // For example a loss that is not finite: the next round starts from another model.
            throw new SkippedException("training failed: " + e.getMessage());
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
                            && manifest.adapter().equals(task.adapter())
                            && manifest.labels().equals(task.labels()),
                    Refusal.BAD_MODEL,
                    "the model at %s is version %d of task %s with another shape or version than round %d announced"
                            .formatted(round.modelLocation(), manifest.version(), manifest.task(), round.number()));
            return model;
        } catch (IOException | IllegalArgumentException e) {
            throw new RefusedStepException(
                    Refusal.BAD_MODEL, "the model of round %d: %s".formatted(round.number(), e.getMessage()));
        }
    }

    private void send(Step step, OpenRound round, StoredUpload upload) throws UnavailableException {
        if (site.past(round.deadline())) {
            skip(step, round.number(), "its deadline passed before the broker took the upload");
            return;
        }
        List<Outbox.Message> messages = uploads.messages(round.id(), upload);
        int chunks = messages.size() - 1;
        long bytes =
                messages.stream().mapToLong(message -> message.value().length).sum();
        site.progress().on(new SiteEvent.Uploading(round.number(), chunks, bytes));
        site.outbox().send(messages);
        site.progress().on(new SiteEvent.Uploaded(round.number(), chunks, bytes));
    }

    /** Answers a request to unmask, or refuses to. */
    SiteState survivors(Step step, SiteState.InRound state) throws RejectedRecordException, UnavailableException {
        OpenRound round = state.round();
        Survivors request = step.record().payload(Survivors.class);
        Optional<StoredAnswer> stored = site.journal().answer(state.block().number(), round.number());
        if (!step.live()) {
            return stored.isEmpty() ? state : answered(state, stored.get());
        }
        try {
            unless(
                    request.getRound() == round.number(),
                    Refusal.WRONG_ROUND,
                    "survivors of round %d are listed in round %d".formatted(request.getRound(), round.number()));
            List<SiteId> survivors = survivors(request);
            if (stored.isEmpty() && site.past(request.getDeadline())) {
                skip(step, round.number(), "its deadline for shares has passed");
                return state;
            }
            checkOwnRoot(state, request);
            StoredAnswer answer = answer(step, state, survivors, stored);
            site.outbox()
                    .send(List.of(
                            new Outbox.Message(Topics.SITES.name(), RecordKeys.site(site.self()), answer.message())));
            int alive = answer.survivors().size();
            site.progress()
                    .on(new SiteEvent.Unmasked(
                            round.number(), alive, round.announced().size() - alive));
            return answered(state, answer);
        } catch (RefusedStepException e) {
            report(step, e);
            return state;
        }
    }

    private static SiteState answered(SiteState.InRound state, StoredAnswer answer) {
        return new SiteState.Answered(state.block(), state.round(), state.uploaded(), answer.survivors());
    }

    private static List<SiteId> survivors(Survivors request) throws RefusedStepException {
        List<SiteId> survivors = new ArrayList<>();
        try {
            for (Survivor survivor : request.getSurvivors()) {
                survivors.add(new SiteId(survivor.getSite()));
            }
        } catch (IllegalArgumentException e) {
            throw new RefusedStepException(Refusal.BAD_SURVIVORS, "a survivor: " + e.getMessage());
        }
        return survivors;
    }

    /** If the request says what this site uploaded, it must be right. */
    private void checkOwnRoot(SiteState.InRound state, Survivors request) throws RefusedStepException {
        Optional<StoredUpload> upload =
                site.journal().upload(state.block().number(), state.round().number());
        for (Survivor survivor : request.getSurvivors()) {
            if (survivor.getSite().equals(site.self().value()) && upload.isPresent()) {
                unless(
                        Arrays.equals(
                                AvroCodec.bytes(survivor.getRoot()),
                                uploads.root(state.round().id(), upload.get())),
                        Refusal.BAD_SURVIVORS,
                        "round %d lists another upload of this site than it sent"
                                .formatted(state.round().number()));
            }
        }
    }

    private StoredAnswer answer(
            Step step, SiteState.InRound state, List<SiteId> survivors, Optional<StoredAnswer> stored)
            throws RefusedStepException {
        OpenRound round = state.round();
        SurvivorSet before = stored.isEmpty()
                ? null
                : new SurvivorSet(round.id(), round.announced(), stored.get().survivors());
        UnmaskGuard guard = new UnmaskGuard(site.task().rounds().minSurvivors(), state.uploaded(), before);
        BlockSecrets secrets = secrets(state.block());
        try {
            UnmaskAnswer answer =
                    SiteUnmask.answer(guard, secrets, state.block().roster(), round.id(), round.announced(), survivors);
            if (stored.isPresent()) {
                return stored.get();
            }
            byte[] message = site.signer()
                    .sealBytes(
                            site.task().id(),
                            Kind.UNMASK,
                            step.record().reached(),
                            UnmaskCodec.toRecord(answer.shares(), step.record().hash()));
            SortedSet<SiteId> admitted = answer.survivors().survivors();
            StoredAnswer fresh = new StoredAnswer(admitted, message);
            site.journal().answer(state.block().number(), round.number(), fresh);
            return fresh;
        } catch (RefusedException e) {
            Refusal refusal = e.reason() == RefusedException.Reason.SECOND_SURVIVOR_SET
                    ? Refusal.SECOND_SURVIVOR_SET
                    : Refusal.BAD_SURVIVORS;
            throw new RefusedStepException(refusal, String.valueOf(e.getMessage()));
        } finally {
            secrets.destroy();
        }
    }

    private BlockSecrets secrets(SealedBlock block) throws RefusedStepException {
        return site.journal()
                .secrets(block.number())
                .orElseThrow(() -> new RefusedStepException(
                        Refusal.BAD_TERMS, "the secrets of block %d are gone".formatted(block.number())));
    }

    private void skip(Step step, int round, String why) {
        if (step.live()) {
            site.progress().on(new SiteEvent.Skipped(round, why));
        }
    }

    private void report(Step step, RefusedStepException e) {
        if (step.live()) {
            site.progress().on(new SiteEvent.Refused(e.refusal(), e.detail()));
        }
    }
}
