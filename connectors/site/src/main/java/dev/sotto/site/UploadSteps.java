package dev.sotto.site;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.RoundOpen;
import dev.sotto.federation.NoiseLink;
import dev.sotto.secagg.BlockSecrets;
import dev.sotto.secagg.RefusedException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The step from an opened round to an upload, once a round. What is sent is stored first. Not thread-safe. */
final class UploadSteps {
    private final SiteContext site;
    private final RoundCheck rounds;
    private final UpdateSource updates;
    private final MaskedUpload uploads;
    private final SiteBudget budget;

    UploadSteps(SiteContext site) {
        this.site = site;
        this.rounds = new RoundCheck(site.task());
        this.updates = new UpdateSource(site);
        this.uploads = new MaskedUpload(site);
        this.budget = new SiteBudget(site.task(), site.journal());
    }

    /** Uploads, or sits the round out. */
    SiteState open(Step step, SiteState.Sealed sealed) throws RejectedRecordException, UnavailableException {
        SealedBlock block = sealed.block();
        RoundOpen open = step.record().payload(RoundOpen.class);
        OpenRound round;
        try {
            round = rounds.check(block, sealed.lastOpened(), open, step.record().reached());
        } catch (RefusedStepException e) {
            site.tell(step, e);
            return sealed;
        }
        if (step.live()) {
            updates.forgetTooOld(round);
        }
        int number = round.number();
        if (!round.announced().contains(site.self())) {
            skip(step, number, "this site is not announced");
            return new SiteState.Sealed(block, number);
        }
        int holders = block.holders(site.self(), round.announced());
        if (holders < block.terms().threshold()) {
            skip(
                    step,
                    number,
                    "%d of its neighbours are announced; it takes %d"
                            .formatted(holders, block.terms().threshold()));
            return new SiteState.Sealed(block, number);
        }
        Optional<StoredUpload> stored = site.journal().upload(block.number(), number);
        if (!step.live()) {
            return new SiteState.InRound(block, round, stored.isPresent());
        }
        try {
            StoredUpload upload = stored.isPresent() ? stored.get() : create(block, round);
            send(step, round, upload);
            return new SiteState.InRound(block, round, true);
        } catch (RefusedStepException e) {
            site.tell(step, e);
            skip(step, number, "it was refused");
        } catch (SkippedRoundException e) {
            skip(step, number, String.valueOf(e.getMessage()));
        }
        return new SiteState.InRound(block, round, false);
    }

    private StoredUpload create(SealedBlock block, OpenRound round) throws RefusedStepException, SkippedRoundException {
        if (!site.willing().getAsBoolean()) {
            throw new SkippedRoundException("the site is paused");
        }
        if (site.past(round.deadline())) {
            throw new SkippedRoundException("its deadline has passed");
        }
        budget.charge(round.number());
        KeptUpdate update = updates.next(round);
        float[] delta = update.discounted(round.number(), site.task().encoding().room());
        reduce(delta, site.task().encoding().enlargement(round.clipNorm()));
        BlockSecrets secrets = site.journal()
                .secrets(block.number())
                .orElseThrow(() -> new RefusedStepException(
                        Refusal.BAD_TERMS, "the secrets of block %d are gone".formatted(block.number())));
        NoiseLink noise = site.task().privacy().removal() ? NoiseLink.first(round.id(), site.random()) : null;
        try {
            StoredUpload upload = uploads.create(block, round, secrets, delta, update.metrics(), noise);
            if (noise != null) {
                site.journal().noise(block.number(), round.id(), noise);
            }
            site.journal().upload(block.number(), round.number(), upload);
            return upload;
        } catch (RefusedException e) {
            throw new RefusedStepException(Refusal.BAD_ANNOUNCEMENT, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            site.journal().forgetUpdate();
            throw new SkippedRoundException("its update cannot be encoded: " + e.getMessage());
        } finally {
            Arrays.fill(delta, 0);
            update.destroy();
            secrets.destroy();
            if (noise != null) {
                noise.close();
            }
        }
    }

    /** Brings an update to the size at which the task's own clip norm is that of the round. */
    private static void reduce(float[] delta, double enlargement) {
        if (enlargement != 1) {
            for (int i = 0; i < delta.length; i++) {
                delta[i] = (float) (delta[i] / enlargement);
            }
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

    private void skip(Step step, int round, String why) {
        site.tell(step, new SiteEvent.Skipped(round, why));
    }
}
