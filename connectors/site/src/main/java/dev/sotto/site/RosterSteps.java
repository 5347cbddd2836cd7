package dev.sotto.site;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.contracts.avro.Roster;
import dev.sotto.contracts.avro.Seal;
import dev.sotto.secagg.BlockTerms;

/** The steps from a bundle to a sealed block. They send nothing. Not thread-safe. */
final class RosterSteps {
    private final SiteContext site;
    private final RosterCheck rosters;

    RosterSteps(SiteContext site) {
        this.site = site;
        this.rosters = new RosterCheck(site);
    }

    /** Takes one member's bundle. */
    SiteState roster(Step step, SiteState.Dealt dealt) throws RejectedRecordException {
        try {
            return new SiteState.Dealt(
                    dealt.terms(), rosters.extended(dealt, step.record().payload(Roster.class)));
        } catch (RefusedStepException e) {
            return refused(step, dealt, e);
        }
    }

    /** Checks the seal. */
    SiteState seal(Step step, SiteState.Dealt dealt) throws RejectedRecordException {
        int number = dealt.terms().block().number();
        try {
            SealedBlock block = rosters.sealed(dealt, step.record().payload(Seal.class));
            if (step.live() && !dealt.terms().graph().isComplete()) {
                site.journal().forgetReveals();
            }
            if (!block.members().contains(site.self())) {
                return sitOut(step, dealt, "it was sealed without this site's bundle");
            }
            site.tell(step, new SiteEvent.Sealed(number, block.members().size()));
            return new SiteState.Sealed(block, 0);
        } catch (RefusedStepException e) {
            return refused(step, dealt, e);
        }
    }

    /** A seal while the graph is not even drawn. */
    SiteState seal(Step step, SiteState.Revealed revealed) {
        int block = revealed.offer().getBlock();
        site.tell(
                step, new SiteEvent.Refused(Refusal.BAD_SEAL, "block %d is sealed without a beacon".formatted(block)));
        site.tell(step, new SiteEvent.SatOut(block, "its roster was refused"));
        return SiteState.SittingOut.of(revealed.offer());
    }

    private SiteState refused(Step step, SiteState.Dealt dealt, RefusedStepException refusal) {
        site.tell(step, refusal);
        return sitOut(step, dealt, "its roster was refused");
    }

    private SiteState sitOut(Step step, SiteState.Dealt dealt, String why) {
        BlockTerms terms = dealt.terms();
        int block = terms.block().number();
        site.tell(step, new SiteEvent.SatOut(block, why));
        return new SiteState.SittingOut(block, terms.firstRound() + terms.rounds() - 1);
    }
}
