package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.secagg.SiteId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * No model yet; sites may enrol for block 1 already.
 *
 * @param waiting their enrolments
 * @param quarantine who is kept out already
 */
public record WaitingForModel(SortedMap<SiteId, SiteRecord> waiting, Quarantine quarantine) implements BlockState {
    static final WaitingForModel EMPTY = new WaitingForModel(new TreeMap<>(), Quarantine.NOBODY);

    @Override
    public Decision<BlockState> start(ModelRef model, Moment moment) {
        return Enrolling.begin(1, Progress.start(model, moment.task().clipNorm(), waiting, quarantine), moment);
    }

    @Override
    public Decision<BlockState> enrol(SiteRecord enrolment, Moment moment) throws RejectedRecordException {
        Enrolments.require(enrolment, 1, moment.task());
        quarantine.requireOutside(enrolment, 1);
        return Decision.stay(new WaitingForModel(Enrolments.with(waiting, enrolment), quarantine));
    }

    @Override
    public Decision<BlockState> convicted(SiteId site, Moment moment) {
        int last = moment.task().protocol().quarantineBlocks();
        SortedMap<SiteId, SiteRecord> others = new TreeMap<>(waiting);
        others.remove(site);
        return Decision.to(
                new WaitingForModel(Collections.unmodifiableSortedMap(others), quarantine.with(site, last)),
                Quarantine.report(site, last));
    }
}
