package dev.sotto.site;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.UnmaskCodec;
import dev.sotto.contracts.avro.Kind;
import dev.sotto.contracts.avro.Survivors;
import dev.sotto.secagg.BlockSecrets;
import dev.sotto.secagg.BlockTerms;
import dev.sotto.secagg.RefusedException;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.SiteUnmask;
import dev.sotto.secagg.SurvivorSet;
import dev.sotto.secagg.UnmaskAnswer;
import dev.sotto.secagg.UnmaskGuard;
import java.util.List;
import java.util.Optional;

/** The step from a list of survivors to this site's shares, for one list a round. Not thread-safe. */
final class UnmaskSteps {
    private final SiteContext site;
    private final SurvivorCheck check;
    private final NoiseToTakeOff noise;

    UnmaskSteps(SiteContext site) {
        this.site = site;
        this.check = new SurvivorCheck(site);
        this.noise = new NoiseToTakeOff(site);
    }

    /** What may be in a sum is never sent again, be the list one that this site refuses or does not expect. */
    void forgetSummed(Step step) throws RejectedRecordException {
        if (step.live() && lists(step.record().payload(Survivors.class))) {
            site.journal().forgetUpdate();
        }
    }

    private boolean lists(Survivors request) {
        return request.getSurvivors().stream()
                .anyMatch(survivor -> survivor.getSite().equals(site.self().value()));
    }

    /** Answers a request to unmask, or refuses to. */
    SiteState survivors(Step step, SiteState.InRound state) throws RejectedRecordException, UnavailableException {
        OpenRound round = state.round();
        int block = state.block().number();
        Survivors request = step.record().payload(Survivors.class);
        Optional<StoredAnswer> stored = site.journal().answer(block, round.number());
        if (!step.live()) {
            return stored.isEmpty() ? state : answered(state, stored.get());
        }
        try {
            List<SiteId> survivors =
                    check.check(state.block(), round, request, site.journal().upload(block, round.number()));
            if (stored.isEmpty() && site.past(request.getDeadline())) {
                site.tell(step, new SiteEvent.Skipped(round.number(), "its deadline for shares has passed"));
                return state;
            }
            StoredAnswer answer = answer(step, state, survivors, stored);
            site.post(answer.message());
            site.journal().said(block, answer.willing());
            int alive = answer.survivors().size();
            site.progress()
                    .on(new SiteEvent.Unmasked(
                            round.number(), alive, round.announced().size() - alive));
            return answered(state, answer);
        } catch (RefusedStepException e) {
            site.tell(step, e);
            if (state.uploaded() && !lists(request) && site.task().rounds().maxStaleness() > 0) {
                site.tell(step, new SiteEvent.Kept(round.number()));
            }
            return state;
        }
    }

    private static SiteState answered(SiteState.InRound state, StoredAnswer answer) {
        return new SiteState.Answered(state.block(), state.round(), state.uploaded(), answer.survivors());
    }

    /**
     * The fewest survivors of a group: on the complete graph each group has its own sum, a sparse one has a single group; where
     * sites add the noise, as many as carry the whole of it.
     */
    private int leastSurvivors(BlockTerms terms, OpenRound round) {
        int ofNoise = site.task().leastSurvivors(round.announced().size());
        return terms.graph().isComplete()
                ? ofNoise
                : Math.max(ofNoise, site.task().leastSites(terms.cohort().size(), terms.threshold(), false));
    }

    private StoredAnswer answer(
            Step step, SiteState.InRound state, List<SiteId> survivors, Optional<StoredAnswer> stored)
            throws RefusedStepException {
        OpenRound round = state.round();
        SurvivorSet before = stored.isEmpty()
                ? null
                : new SurvivorSet(round.id(), round.groups(), stored.get().survivors());
        UnmaskGuard guard = new UnmaskGuard(leastSurvivors(state.block().terms(), round), state.uploaded(), before);
        int block = state.block().number();
        BlockSecrets secrets = site.journal()
                .secrets(block)
                .orElseThrow(() -> new RefusedStepException(
                        Refusal.BAD_TERMS, "the secrets of block %d are gone".formatted(block)));
        try {
            UnmaskAnswer answer =
                    SiteUnmask.answer(guard, secrets, state.block().roster(), round.id(), round.groups(), survivors);
            if (stored.isPresent()) {
                return stored.get();
            }
            boolean willing = site.willing().getAsBoolean();
            byte[] message = site.signer()
                    .sealBytes(
                            site.task().id(),
                            Kind.UNMASK,
                            step.record().reached(),
                            UnmaskCodec.toRecord(
                                    answer.shares(),
                                    step.record().hash(),
                                    willing,
                                    noise.give(block, secrets, answer.survivors())));
            StoredAnswer fresh = new StoredAnswer(answer.survivors().survivors(), willing, message);
            site.journal().answer(block, round.number(), fresh);
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
}
