package dev.sotto.scoring;

import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/** Keeps of every scored message that is on a released topic, and not before the first window, what counting needs. */
final class ToCandidates implements FlatMapFunction<ScoredMessage, Candidate> {
    private static final long serialVersionUID = 1L;

    private final ReleaseRule rule;

    ToCandidates(ReleaseRule rule) {
        this.rule = rule;
    }

    @Override
    public void flatMap(ScoredMessage scored, Collector<Candidate> out) {
        int cell = rule.cell(scored.message().subject(), scored.label());
        if (cell >= 0 && scored.message().time() >= rule.start()) {
            out.collect(Candidate.of(scored, cell));
        }
    }
}
