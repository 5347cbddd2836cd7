package dev.sotto.coordination.protocol;

import dev.sotto.contracts.RejectedRecordException;
import dev.sotto.secagg.SiteId;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * No model yet; sites may enrol for block 1 already.
 *
 * @param waiting their enrolments
 */
public record WaitingForModel(SortedMap<SiteId, SiteRecord> waiting) implements BlockState {
    static final WaitingForModel EMPTY = new WaitingForModel(new TreeMap<>());

    @Override
    public Decision<BlockState> start(ModelRef model, Moment moment) {
        return Enrolling.begin(1, Progress.start(model, waiting), moment);
    }

    @Override
    public Decision<BlockState> enrol(SiteRecord enrolment, Moment moment) throws RejectedRecordException {
        Enrolments.requireBlock(enrolment, 1);
        return Decision.stay(new WaitingForModel(Enrolments.with(waiting, enrolment)));
    }
}
