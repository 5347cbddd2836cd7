package dev.sotto.site;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.TranscriptPosition;
import dev.sotto.contracts.avro.BlockAborted;
import dev.sotto.contracts.avro.RoundAborted;
import dev.sotto.contracts.avro.RoundResult;
import dev.sotto.contracts.avro.TaskEnd;

/**
 * A site's side of the protocol: one transcript record in, one {@link SiteState} out, whose Javadoc has the transitions.
 * A step that fails with {@link UnavailableException} has changed nothing but the journal and may be taken again, as may
 * any step after a crash: what the journal holds is sent again as it is. Not thread-safe.
 */
final class Participant {
    private final SiteContext site;
    private final OfferSteps offers;
    private final RosterSteps rosters;
    private final UploadSteps uploads;
    private final UnmaskSteps unmasks;
    private final IntentSteps intents;
    private SiteState state;
    private boolean saidPaused;

    Participant(SiteContext site) {
        this.site = site;
        this.offers = new OfferSteps(site);
        this.rosters = new RosterSteps(site);
        this.uploads = new UploadSteps(site);
        this.unmasks = new UnmaskSteps(site);
        this.intents = new IntentSteps(site);
        Progression progression = site.journal().progression();
        this.state = progression.ended() == null
                ? new SiteState.Idle(progression.endedBlock())
                : new SiteState.Ended(progression.endedBlock(), progression.ended());
    }

    SiteState state() {
        return state;
    }

    /**
     * Everything the server has said has been taken: a site without a block enrols, one in a block says so if it was
     * paused or resumed.
     */
    void caughtUp(TranscriptPosition position) throws UnavailableException {
        if (state instanceof SiteState.InBlock in) {
            intents.say(in.block().number(), position);
        } else if (state instanceof SiteState.Idle idle) {
            enrol(idle.newestBlock() + 1, position);
        }
    }

    private void enrol(int block, TranscriptPosition position) throws UnavailableException {
        if (site.willing().getAsBoolean()) {
            saidPaused = false;
            state = offers.enrol(block, position);
        } else if (!saidPaused) {
            saidPaused = true;
            site.progress().on(new SiteEvent.Paused(block));
        }
    }

    /** Takes the next record of the transcript. */
    void accept(Step step) throws UnavailableException {
        try {
            state = next(step);
        } catch (RejectedRecordException e) {
            site.tell(step, new SiteEvent.Refused(Refusal.MALFORMED, String.valueOf(e.getMessage())));
        }
    }

    private SiteState next(Step step) throws RejectedRecordException, UnavailableException {
        if (state instanceof SiteState.Ended) {
            return state;
        }
        return switch (step.record().kind()) {
            case BLOCK_OFFER -> offers.offer(step, state.newestBlock());
            case BEACON -> state instanceof SiteState.Revealed revealed ? offers.beacon(step, revealed) : state;
            case ROSTER -> state instanceof SiteState.Dealt dealt ? rosters.roster(step, dealt) : state;
            case SEAL -> seal(step);
            case BLOCK_ABORTED -> blockAborted(step);
            case ROUND_OPEN -> open(step);
            case SURVIVORS -> survivors(step);
            case ROUND_RESULT -> result(step);
            case ROUND_ABORTED -> aborted(step);
            case TASK_END -> end(step);
            default -> state;
        };
    }

    private SiteState seal(Step step) throws RejectedRecordException {
        if (state instanceof SiteState.Revealed revealed) {
            return rosters.seal(step, revealed);
        }
        return state instanceof SiteState.Dealt dealt ? rosters.seal(step, dealt) : state;
    }

    private SiteState blockAborted(Step step) throws RejectedRecordException {
        BlockAborted aborted = step.record().payload(BlockAborted.class);
        int expected = state.newestBlock() + (state.blockRuns() ? 0 : 1);
        if (aborted.getBlock() != expected) {
            return state;
        }
        site.tell(step, new SiteEvent.BlockAborted(aborted.getBlock(), aborted.getReason()));
        return afterBlock(step, aborted.getBlock());
    }

    private SiteState open(Step step) throws RejectedRecordException, UnavailableException {
        return state instanceof SiteState.InBlock in
                ? uploads.open(step, new SiteState.Sealed(in.block(), in.lastOpened()))
                : state;
    }

    private SiteState survivors(Step step) throws RejectedRecordException, UnavailableException {
        unmasks.forgetSummed(step);
        if (state instanceof SiteState.InRound in) {
            return unmasks.survivors(step, in);
        }
        if (state instanceof SiteState.Answered answered) {
            SiteState next = unmasks.survivors(
                    step, new SiteState.InRound(answered.block(), answered.round(), answered.uploaded()));
            return next instanceof SiteState.Answered ? next : answered;
        }
        return state;
    }

    private SiteState result(Step step) throws RejectedRecordException {
        RoundResult result = step.record().payload(RoundResult.class);
        site.tell(
                step,
                new SiteEvent.Result(
                        result.getRound(),
                        result.getModelVersion(),
                        result.getSurvivors().size(),
                        result.getDropouts().size(),
                        result.getEpsilon()));
        return afterRound(step, result.getRound());
    }

    private SiteState aborted(Step step) throws RejectedRecordException {
        RoundAborted aborted = step.record().payload(RoundAborted.class);
        site.tell(step, new SiteEvent.Aborted(aborted.getRound(), aborted.getReason()));
        return afterRound(step, aborted.getRound());
    }

    private SiteState afterRound(Step step, int round) {
        if (state instanceof SiteState.SittingOut out) {
            return round >= out.lastRound() ? afterBlock(step, out.block()) : out;
        }
        if (!(state instanceof SiteState.InBlock in)) {
            return state;
        }
        SealedBlock block = in.block();
        if (round >= block.lastRound()) {
            return afterBlock(step, block.number());
        }
        if (step.live()) {
            site.journal().finishRounds(block.number(), block.terms().firstRound(), round);
        }
        return new SiteState.Sealed(block, Math.max(round, in.lastOpened()));
    }

    private SiteState afterBlock(Step step, int block) {
        if (step.live()) {
            site.journal().finishBlock(block);
        }
        return new SiteState.Idle(block);
    }

    private SiteState end(Step step) throws RejectedRecordException {
        TaskEnd end = step.record().payload(TaskEnd.class);
        if (step.live()) {
            site.journal().finishTask();
        }
        site.tell(step, new SiteEvent.Ended(end.getReason()));
        return new SiteState.Ended(state.newestBlock(), end.getReason());
    }
}
